//! Secret tasks: their words on the wire and the error that a failed one carries (PROTOCOL 1.1 and 4.2).

use std::fmt;
use std::str::FromStr;

use crate::codes;
use crate::redact::redact;

/// A word that is none of those the service uses. It does not repeat the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is none of {expected}")]
pub struct UnknownWord {
    expected: &'static str,
}

/// Declares an enum whose variants are words on the wire.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ } $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that the service uses.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { expected: $expected }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What a task asks for. Also the `type` of the task.
    Action {
        /// Create credentials and publish them.
        CreateCredentials = "create_credentials",
        /// Delete the credentials with a given id.
        DeleteCredentials = "delete_credentials",
    }
    "`create_credentials` and `delete_credentials`"
}

words! {
    /// What made Secrets Manager start the task.
    Trigger {
        /// A secret was created.
        SecretCreation = "secret_creation",
        /// A person or program rotated the secret.
        ManualSecretRotation = "manual_secret_rotation",
        /// The rotation policy of the secret.
        AutomaticSecretRotation = "automatic_secret_rotation",
        /// A version reached the end of its time to live.
        SecretVersionExpiration = "secret_version_expiration",
        /// The data of a version was deleted.
        SecretVersionDataDeletion = "secret_version_data_deletion",
    }
    "the triggers that this version of credjob knows"
}

words! {
    /// The state of a task (PROTOCOL 2.2).
    TaskStatus {
        /// Waiting for its job run.
        Queued = "queued",
        /// A job run works on it.
        Processing = "processing",
        /// Final: credentials were published.
        CredentialsCreated = "credentials_created",
        /// Final: credentials were deleted.
        CredentialsDeleted = "credentials_deleted",
        /// Final: a failure was reported, or the task timed out.
        Failed = "failed",
    }
    "`queued`, `processing`, `credentials_created`, `credentials_deleted` and `failed`"
}

impl TaskStatus {
    /// Whether the service refuses every further update of the task.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::CredentialsCreated | Self::CredentialsDeleted | Self::Failed)
    }
}

/// One error of a failed task, fit to be shown to a person in the console.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskError {
    /// Stable code, 1 to [`TaskError::MAX_CODE`] characters.
    pub code: String,
    /// What failed and what to do, 1 to [`TaskError::MAX_DESCRIPTION`] characters.
    pub description: String,
}

impl TaskError {
    /// The longest code in characters (PROTOCOL 4.2, recommended).
    pub const MAX_CODE: usize = 256;
    /// The longest description in characters (PROTOCOL 4.2, recommended).
    pub const MAX_DESCRIPTION: usize = 4096;
    /// The most errors of one task (PROTOCOL 4.2).
    pub const MAX_PER_TASK: usize = 10;

    /// An error that is safe to send: registered secrets are redacted, control characters become spaces, both texts are
    /// cut to their limits. The service demands both texts, so an empty one gets a stand-in.
    pub fn new(code: &str, description: &str) -> Self {
        Self {
            code: or(&presentable(code, Self::MAX_CODE), codes::INTERNAL),
            description: or(&presentable(description, Self::MAX_DESCRIPTION), "no description was given"),
        }
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.description)
    }
}

fn or(text: &str, stand_in: &str) -> String {
    if text.is_empty() { stand_in.to_owned() } else { text.to_owned() }
}

/// Redacts before anything is cut or replaced, since half a secret would no longer be recognised, and once more
/// afterwards.
fn presentable(text: &str, limit: usize) -> String {
    const CUT: &str = "…";
    let clean: String = redact(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let clean = redact(clean.trim()).into_owned();
    if clean.chars().count() <= limit {
        return clean;
    }
    clean.chars().take(limit - CUT.chars().count()).chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests;
