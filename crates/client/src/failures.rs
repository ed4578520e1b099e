//! From this crate's errors to the failure of a job.

use std::error::Error;

use credjob_contract::{Failure, codes};
use credjob_http::{Detail, HttpError};

use crate::{ClientError, FieldMissing, IamError, Subject, WrongType};

impl IamError {
    /// The framework's code for this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyRejected { .. } | Self::Refused { .. } | Self::ComputeToken { .. } => codes::IAM_REJECTED,
            Self::Http { source, .. } => unanswered_code(source),
        }
    }
}

impl ClientError {
    /// The framework's code for this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Iam(error) => error.code(),
            Self::UnsupportedType { .. } => codes::SECRET_WRONG_TYPE,
            Self::NoData { .. } | Self::TooManyTexts { .. } => codes::SECRET_UNREADABLE,
            Self::NotFound { subject: Subject::Secret(_), .. } => codes::SECRET_NOT_FOUND,
            Self::Forbidden { subject: Subject::Secret(_), .. } => codes::SECRET_FORBIDDEN,
            Self::Refused { subject: Subject::Secret(_), .. } | Self::Http { subject: Subject::Secret(_), .. } => {
                codes::SECRET_UNREADABLE
            }
            Self::NotFound { .. } | Self::Forbidden { .. } | Self::Refused { .. } => codes::REFUSED,
            Self::Http { source, .. } => unanswered_code(source),
        }
    }

    fn http(&self) -> Option<&HttpError> {
        match self {
            Self::Http { source, .. } | Self::Iam(IamError::Http { source, .. }) => Some(source),
            _ => None,
        }
    }
}

impl From<IamError> for Failure {
    fn from(error: IamError) -> Self {
        ClientError::Iam(error).into()
    }
}

/// The text is the error's `Display`; the source is what the driver said, for the log.
impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let mut failure = Self::new(error.code(), error.to_string());
        if error.is_transient() {
            failure = failure.transient();
        }
        match error.http().and_then(Error::source).and_then(|source| source.downcast_ref::<Detail>()) {
            Some(detail) => failure.with_source(detail.clone()),
            None => failure,
        }
    }
}

impl From<FieldMissing> for Failure {
    fn from(error: FieldMissing) -> Self {
        Self::new(codes::SECRET_FIELD_MISSING, error.to_string())
    }
}

impl From<WrongType> for Failure {
    fn from(error: WrongType) -> Self {
        Self::new(codes::SECRET_WRONG_TYPE, error.to_string())
    }
}

/// Nothing that this crate repeats can create a credential, so an unknown outcome is only a missing answer here.
fn unanswered_code(error: &HttpError) -> &'static str {
    match error {
        HttpError::NoTimeLeft { .. } => codes::DEADLINE,
        HttpError::BadRequest { .. } | HttpError::InsecureUrl { .. } => codes::BAD_ENVIRONMENT,
        _ => codes::UNREACHABLE,
    }
}

#[cfg(test)]
mod tests;
