//! From an HTTP error to the failure of a job.

use credjob_contract::{Failure, codes};

use crate::HttpError;

impl HttpError {
    /// The framework's code for this error. Never `CREDJOB_BAD_PARAMETER`, which proves that nothing was created: this error
    /// may come after a request that created something.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => codes::REFUSED,
            Self::NoTimeLeft { .. } => codes::DEADLINE,
            Self::HostNotAllowed { .. } | Self::InsecureUrl { .. } => codes::HOST_NOT_ALLOWED,
            _ if self.is_outcome_unknown() => codes::OUTCOME_UNKNOWN,
            // A safe request without a usable answer left nothing to look for.
            Self::NotSent(_) | Self::OutcomeUnknown(_) | Self::BadBody { .. } | Self::BadRequest { .. } => {
                codes::UNREACHABLE
            }
        }
    }
}

/// The text is the error's `Display`; the flags are its transience and its unknown outcome.
///
/// `nothing_created` is never set: the error is about one request, and a provider may have made others. What was and was
/// not created through this client is in the [`Ledger`](crate::Ledger).
impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        let mut failure = Self::new(error.code(), error.to_string());
        if error.is_transient() {
            failure = failure.transient();
        }
        if error.is_outcome_unknown() {
            failure = failure.outcome_unknown();
        }
        match std::error::Error::source(&error).and_then(|source| source.downcast_ref::<crate::Detail>()) {
            Some(detail) => failure.with_source(detail.clone()),
            None => failure,
        }
    }
}
