//! Identifiers of the service, parsed once at the border (PROTOCOL 5.3). Hand-written parsers: a job binary carries no
//! regex engine.

use std::fmt;
use std::str::FromStr;

/// Why a text is not the identifier it should be. It never repeats the text, which may be sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} {why}")]
pub struct IdError {
    pub(crate) what: &'static str,
    pub(crate) why: &'static str,
}

impl IdError {
    pub(crate) const fn new(what: &'static str, why: &'static str) -> Self {
        Self { what, why }
    }
}

/// The prefix of every task id (PROTOCOL 5.3).
const TASK_PREFIX: &str = "sm-task-";

/// The id of the default secret group (PROTOCOL 5.3).
const DEFAULT_GROUP: &str = "default";

/// The nil UUID: well formed, and no secret has it.
const NIL_UUID: &str = "00000000-0000-0000-0000-000000000000";

/// Declares an identifier: a `String` that only the given check lets in.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The identifier as the service writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> Result<(), IdError> = $check;
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                let check: fn(&str) -> Result<(), IdError> = $check;
                check(&text).map(|()| Self(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

identifier! {
    /// The id of a secret task: `sm-task-` and a UUID in lower case, 44 characters (PROTOCOL 4.2).
    TaskId,
    |text| match text.strip_prefix(TASK_PREFIX) {
        Some(uuid) if is_uuid(uuid) => Ok(()),
        _ => Err(IdError::new("a task id", "is `sm-task-` and a UUID in lower case")),
    }
}

identifier! {
    /// The id of a secret: a UUID in lower case of any version (PROTOCOL 5.3).
    SecretId,
    |text| uuid_or("a secret id", "is a UUID in lower case, 36 characters", text)
}

identifier! {
    /// The id of a secret version: a UUID in lower case (PROTOCOL 5.3).
    VersionId,
    |text| uuid_or("a version id", "is a UUID in lower case, 36 characters", text)
}

identifier! {
    /// The id of a secret group: a UUID in lower case, or `default` (PROTOCOL 5.3).
    SecretGroupId,
    |text| if text == DEFAULT_GROUP {
        Ok(())
    } else {
        uuid_or("a secret group id", "is a UUID in lower case or `default`", text)
    }
}

identifier! {
    /// The id that a job gives to the credentials it creates. Secrets Manager keeps it as metadata of the version and
    /// hands it back on delete, so it holds no personal or confidential data (PROTOCOL 1.5). 1 to
    /// [`CredentialsId::MAX_LEN`] characters, not blank, no control characters.
    CredentialsId,
    check_credentials_id
}

impl TaskId {
    /// The UUID part, without `sm-task-`.
    pub fn uuid(&self) -> &str {
        self.0.strip_prefix(TASK_PREFIX).unwrap_or(&self.0)
    }
}

impl SecretId {
    /// The nil UUID. It stands in for a required secret reference that is missing when credentials are deleted: a
    /// delete must not be blocked by a parameter that it may not need.
    pub fn nil() -> Self {
        Self(NIL_UUID.to_owned())
    }

    /// Whether this is the stand-in of [`SecretId::nil`].
    pub fn is_nil(&self) -> bool {
        self.0 == NIL_UUID
    }
}

impl CredentialsId {
    /// The longest id, in characters. The service states no limit (PROTOCOL 7, row 36); this one fits an environment
    /// variable and a log line with room to spare.
    pub const MAX_LEN: usize = 1024;

    /// Checks and wraps an id.
    ///
    /// # Errors
    ///
    /// [`IdError`] if the id is blank, longer than [`CredentialsId::MAX_LEN`] or holds control characters.
    pub fn new(id: impl Into<String>) -> Result<Self, IdError> {
        Self::try_from(id.into())
    }
}

fn check_credentials_id(text: &str) -> Result<(), IdError> {
    const WHAT: &str = "a credentials id";
    if text.trim().is_empty() {
        return Err(IdError::new(WHAT, "is not blank"));
    }
    if text.chars().count() > CredentialsId::MAX_LEN {
        return Err(IdError::new(WHAT, "has at most 1024 characters"));
    }
    if text.chars().any(char::is_control) {
        return Err(IdError::new(WHAT, "has no control characters"));
    }
    Ok(())
}

fn uuid_or(what: &'static str, why: &'static str, text: &str) -> Result<(), IdError> {
    if is_uuid(text) { Ok(()) } else { Err(IdError::new(what, why)) }
}

/// `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`: any version nibble, lower case only.
fn is_uuid(text: &str) -> bool {
    const LENGTH: usize = 36;
    const DASHES: [usize; 4] = [8, 13, 18, 23];
    text.len() == LENGTH
        && text.bytes().enumerate().all(|(at, byte)| {
            if DASHES.contains(&at) { byte == b'-' } else { matches!(byte, b'0'..=b'9' | b'a'..=b'f') }
        })
}

#[cfg(test)]
mod tests;
