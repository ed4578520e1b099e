//! Why there is no IAM token.

use credjob_http::HttpError;

use crate::ServiceError;
use crate::answer::why;

/// No IAM token could be had. It can be cloned, because everybody who waited for one fetch gets the same answer.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum IamError {
    /// IAM does not know the API key, also not after ten seconds. Lasting.
    #[error(
        "IAM at {host} does not know the API key ({error}); check the IAM credentials secret that the configuration's api_key_ref names"
    )]
    KeyRejected {
        /// The host of IAM.
        host: String,
        /// What IAM said.
        error: ServiceError,
    },
    /// IAM refused for another reason, such as an unknown trusted profile. Lasting.
    #[error(
        "IAM at {host} refused a token ({error}); check the API key, or the trusted profile and its link to the Code Engine project"
    )]
    Refused {
        /// The host of IAM.
        host: String,
        /// What IAM said.
        error: ServiceError,
    },
    /// The file with the compute resource token cannot be read. Lasting.
    #[error(
        "no compute resource token could be read from {tried}; enable trusted profiles on the job, or correct CREDJOB_CR_TOKEN_FILE"
    )]
    ComputeToken {
        /// Each path that was tried, and why it did not do.
        tried: String,
    },
    /// No usable answer before the deadline. May work later, as [`HttpError::is_transient`] says.
    #[error("IAM at {host} gave no token: {}; check that the job's network reaches it, and CREDJOB_IAM_URL if it is set", why(.source))]
    Http {
        /// The host of IAM.
        host: String,
        /// What the requests ended with.
        source: Box<HttpError>,
    },
}

impl IamError {
    /// Whether another fetch may work later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Http { source, .. } => source.is_transient(),
            _ => false,
        }
    }
}
