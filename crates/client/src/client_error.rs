//! Why a call to Secrets Manager did not do what was asked.

use std::fmt;

use credjob_contract::redact::excerpt;
use credjob_contract::{SecretId, TaskId};
use credjob_http::HttpError;

use crate::answer::why;
use crate::secret_json::MAX_TEXTS;
use crate::service_error::{MAX_WORD, refusal};
use crate::{IamError, SecretType, ServiceError};

/// A call to Secrets Manager failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// There is no token. See [`IamError`].
    #[error(transparent)]
    Iam(#[from] IamError),
    /// 404. Lasting.
    #[error("Secrets Manager does not have {subject} ({error}); check the id, and that it belongs to this instance")]
    NotFound {
        /// What was asked for.
        subject: Subject,
        /// What the service said.
        error: Box<ServiceError>,
    },
    /// 403. Lasting.
    #[error(
        "the job may not use {subject} ({error}); give the job's service ID or trusted profile the role {role} on the secret group"
    )]
    Forbidden {
        /// What was asked for.
        subject: Subject,
        /// The least role that may do it.
        role: &'static str,
        /// What the service said.
        error: Box<ServiceError>,
    },
    /// Any other refusal, such as a second 401 or a 409. Lasting.
    #[error(
        "Secrets Manager refused the request for {subject} ({error}); check the state of the secret and the job's service ID"
    )]
    Refused {
        /// What was asked for.
        subject: Subject,
        /// What the service said.
        error: Box<ServiceError>,
    },
    /// No usable answer before the deadline. May work later, as [`HttpError::is_transient`] says.
    #[error("no answer from Secrets Manager about {subject}: {}; check that the job's network reaches the instance", why(.source))]
    Http {
        /// What was asked for.
        subject: Subject,
        /// What the requests ended with.
        source: Box<HttpError>,
    },
    /// A secret of a type that this release does not know. Lasting.
    #[error(
        "secret {secret} is of the type `{secret_type}`, which this job cannot read; choose a secret of another type"
    )]
    UnsupportedType {
        /// The secret.
        secret: SecretId,
        /// The service's word for its type.
        secret_type: String,
    },
    /// A secret with more texts than the redactor should know: the job could not keep them out of its log. Lasting.
    #[error(
        "{secret_type} secret {secret} holds more than {MAX_TEXTS} texts, which a job cannot keep out of its log; choose a secret that holds the login only"
    )]
    TooManyTexts {
        /// The secret.
        secret: SecretId,
        /// Its type.
        secret_type: SecretType,
    },
    /// The secret exists but holds no data: its task has not finished, or its data has expired. Lasting until someone acts.
    #[error("{secret_type} secret {secret} holds no data, its state is {state}; {}", no_data_hint(.state))]
    NoData {
        /// The secret.
        secret: SecretId,
        /// Its type.
        secret_type: SecretType,
        /// The service's word for its state, such as `pre_activation`.
        state: String,
    },
}

/// What a call was about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A secret with its data.
    Secret(SecretId),
    /// The versions of a secret.
    Versions(SecretId),
    /// The tasks of a secret.
    Tasks(SecretId),
    /// One task.
    Task(TaskId),
    /// The locks of a secret.
    Locks(SecretId),
}

impl ClientError {
    /// The status of the service's last answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::NotFound { error, .. } | Self::Forbidden { error, .. } | Self::Refused { error, .. } => {
                Some(error.status)
            }
            Self::Http { source, .. } => source.status(),
            Self::Iam(_) | Self::UnsupportedType { .. } | Self::TooManyTexts { .. } | Self::NoData { .. } => None,
        }
    }

    /// Whether the same call may work later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Http { source, .. } => source.is_transient(),
            Self::Iam(error) => error.is_transient(),
            _ => false,
        }
    }

    pub(crate) fn unsupported(secret: &SecretId, secret_type: &str) -> Self {
        Self::UnsupportedType { secret: secret.clone(), secret_type: excerpt(secret_type, MAX_WORD) }
    }

    pub(crate) fn no_data(secret: &SecretId, secret_type: SecretType, state: &str) -> Self {
        Self::NoData { secret: secret.clone(), secret_type, state: excerpt(state, MAX_WORD) }
    }

    /// Sorts the end of a request by what can be done about it. `role` is the least role that may do the request.
    pub(crate) fn new(subject: Subject, role: &'static str, source: HttpError) -> Self {
        match refusal(&source).map(Box::new) {
            Some(error) if error.status == 404 => Self::NotFound { subject, error },
            Some(error) if error.status == 403 => Self::Forbidden { subject, role, error },
            Some(error) => Self::Refused { subject, error },
            None => Self::Http { subject, source: Box::new(source) },
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(id) => write!(f, "secret {id}"),
            Self::Versions(id) => write!(f, "the versions of secret {id}"),
            Self::Tasks(id) => write!(f, "the tasks of secret {id}"),
            Self::Task(id) => write!(f, "task {id}"),
            Self::Locks(id) => write!(f, "the locks of secret {id}"),
        }
    }
}

fn no_data_hint(state: &str) -> &'static str {
    match state {
        "pre_activation" => "wait until its task has finished, then try again",
        "deactivated" => "its creation failed: create it again, or choose another secret",
        "destroyed" => "its data has expired or was deleted: create a new version, or choose another secret",
        _ => "check it in the console, or choose another secret",
    }
}

#[cfg(test)]
mod tests;
