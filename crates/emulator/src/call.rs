//! The calls that faults can be scripted for.

use std::fmt;
use std::str::FromStr;

/// A call that a job makes, named for [`crate::Faults::script`] and the request log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Call {
    /// `POST /identity/token`.
    IamToken,
    /// `PUT /secrets/{secret_id}/tasks/{id}`.
    TaskUpdate,
    /// `GET /secrets/{secret_id}/tasks/{id}`.
    TaskRead,
    /// `GET /secrets/{secret_id}/tasks`.
    TaskList,
    /// `DELETE /secrets/{secret_id}/tasks/{id}`.
    TaskDelete,
    /// `GET /secrets/{secret_id}/versions`.
    VersionList,
    /// `GET /secrets/{secret_id}/versions/{id}` and its metadata.
    VersionRead,
    /// `GET /secrets/{id}`, its metadata, and the same secret by name.
    SecretRead,
    /// `GET /secrets`.
    SecretList,
}

impl Call {
    /// Every call, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::IamToken,
        Self::TaskUpdate,
        Self::TaskRead,
        Self::TaskList,
        Self::TaskDelete,
        Self::VersionList,
        Self::VersionRead,
        Self::SecretRead,
        Self::SecretList,
    ];

    /// The word for the command line, e.g. `task-update`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IamToken => "iam-token",
            Self::TaskUpdate => "task-update",
            Self::TaskRead => "task-read",
            Self::TaskList => "task-list",
            Self::TaskDelete => "task-delete",
            Self::VersionList => "version-list",
            Self::VersionRead => "version-read",
            Self::SecretRead => "secret-read",
            Self::SecretList => "secret-list",
        }
    }

    /// The call that a request is, if faults can be scripted for it.
    pub(crate) fn of(method: &str, path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method, segments.as_slice()) {
            ("POST", ["identity", "token"]) => Some(Self::IamToken),
            ("PUT", ["api", "v2", "secrets", _, "tasks", _]) => Some(Self::TaskUpdate),
            ("GET", ["api", "v2", "secrets", _, "tasks", _]) => Some(Self::TaskRead),
            ("GET", ["api", "v2", "secrets", _, "tasks"]) => Some(Self::TaskList),
            ("DELETE", ["api", "v2", "secrets", _, "tasks", _]) => Some(Self::TaskDelete),
            ("GET", ["api", "v2", "secrets", _, "versions"]) => Some(Self::VersionList),
            (
                "GET",
                ["api", "v2", "secrets", _, "versions", _] | ["api", "v2", "secrets", _, "versions", _, "metadata"],
            ) => Some(Self::VersionRead),
            (
                "GET",
                ["api", "v2", "secrets", _]
                | ["api", "v2", "secrets", _, "metadata"]
                | ["api", "v2", "secret_groups", _, "secret_types", _, "secrets", _],
            ) => Some(Self::SecretRead),
            ("GET", ["api", "v2", "secrets"]) => Some(Self::SecretList),
            _ => None,
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Call {
    type Err = String;

    /// Reads the word of [`Call::as_str`].
    ///
    /// # Errors
    ///
    /// A text that names every call that exists.
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|call| call.as_str() == word).ok_or_else(|| {
            let words: Vec<&str> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("there is no call `{word}`; the calls are {}", words.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for call in Call::ALL {
            assert_eq!(call.to_string().parse(), Ok(call));
        }
    }

    #[test]
    fn an_unknown_call_lists_all() {
        let error = "task-put".parse::<Call>().unwrap_err();
        assert!(Call::ALL.iter().all(|call| error.contains(call.as_str())), "{error}");
    }

    #[test]
    fn requests_are_told_apart() {
        assert_eq!(Call::of("PUT", "/api/v2/secrets/a/tasks/b"), Some(Call::TaskUpdate));
        assert_eq!(Call::of("GET", "/api/v2/secrets/a/tasks/b"), Some(Call::TaskRead));
        assert_eq!(Call::of("GET", "/api/v2/secrets/a"), Some(Call::SecretRead));
        assert_eq!(Call::of("POST", "/api/v2/secrets"), None);
    }
}
