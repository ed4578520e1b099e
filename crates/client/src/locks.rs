//! Locks on the versions of a secret (PROTOCOL 4.5, 6.1).

use std::fmt;
use std::str::FromStr;

use credjob_contract::{SecretId, VersionId};
use credjob_http::{Request, Response};
use serde_json::{Map, Value, json};

use crate::secrets_manager::Call;
use crate::wire::{LockBody, LocksBody, SecretLocksBody};
use crate::{ClientError, SecretsManager, Subject, VersionAlias, object};

/// The roles that may list, create and delete locks (PROTOCOL 3.4).
const READER: &str = "Reader";
const WRITER: &str = "Writer";
const MANAGER: &str = "Manager";

/// A lock, as lists show it. Texts are as the service wrote them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Lock {
    /// Its name, unique on its version.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// What its owner noted.
    pub attributes: Option<Map<String, Value>>,
    /// The version that it sits on.
    pub secret_version_id: Option<String>,
    /// `current` or `previous`.
    pub secret_version_alias: Option<String>,
    /// The IAM id that created it.
    pub created_by: Option<String>,
    /// RFC 3339 text.
    pub created_at: Option<String>,
    /// RFC 3339 text.
    pub updated_at: Option<String>,
}

/// One page of locks.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LockPage {
    /// The locks of this page.
    pub locks: Vec<Lock>,
    /// How many there are on all pages.
    pub total_count: u64,
}

/// Which locks to list. The default is the service's: the first 25.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockQuery {
    /// How many to skip.
    pub offset: Option<u32>,
    /// How many to list: 1 to 100.
    pub limit: Option<u32>,
    /// `name`, `created_at` or `updated_at`; with a leading `-` in descending order.
    pub sort: Option<String>,
    /// Only locks whose name holds this text.
    pub search: Option<String>,
}

/// A lock to create. One of the same name on the same version is replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLock {
    /// A letter, then 1 to 63 letters, digits, dashes, dots and underscores.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Anything that its owner wants to note.
    pub attributes: Option<Map<String, Value>>,
}

/// What new locks do to the version before the locked one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// Locks with the same names are removed from it.
    RemovePrevious,
    /// The same, and its data is deleted if no lock is left. The service does not support it for custom credentials.
    RemovePreviousAndDelete,
}

/// The versions of a secret that are locked: the answer to a change of locks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecretLocks {
    /// The secret.
    pub secret_id: SecretId,
    /// Its name.
    pub secret_name: Option<String>,
    /// Every locked version, not only the changed one.
    pub versions: Vec<LockedVersion>,
}

/// A version and the names of its locks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockedVersion {
    /// The version.
    pub version_id: String,
    /// `current` or `previous`.
    pub version_alias: Option<String>,
    /// The names of its locks.
    pub locks: Vec<String>,
    /// Whether it still holds data.
    pub payload_available: Option<bool>,
}

/// A version by its id or its alias, as paths name it (PROTOCOL 4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionName {
    /// `current` or `previous`.
    Alias(VersionAlias),
    /// Any version.
    Id(VersionId),
}

/// The text is neither an alias nor the id of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a version is `current`, `previous` or a UUID in lower case")]
pub struct VersionNameError;

impl SecretsManager {
    /// Lists the locks of a secret, or of one of its versions. Needs the role `Reader` or `SecretsReader`.
    ///
    /// # Errors
    /// [`ClientError`]: no token, refused, or no readable answer before the deadline.
    pub async fn locks(
        &self,
        secret: &SecretId,
        version: Option<&VersionName>,
        query: &LockQuery,
    ) -> Result<LockPage, ClientError> {
        let request = Request::get("locks_list", self.locks_url(secret, version, "locks", &query.pairs()));
        self.call(locks_call(secret, READER, request), |response| {
            let LocksBody { locks, total_count } = object::body(response)?;
            let total_count = total_count.unwrap_or(locks.len() as u64);
            Ok(LockPage { locks: locks.into_iter().map(Lock::from_body).collect(), total_count })
        })
        .await
    }

    /// Locks the current version of a secret, or the named one. Repeated when the outcome is unknown: twice is like once.
    /// Needs the role `Writer`.
    ///
    /// # Errors
    /// [`ClientError`]: no token, refused (a 409 while a task of the secret is unfinished), or no readable answer before
    /// the deadline.
    pub async fn create_locks(
        &self,
        secret: &SecretId,
        version: Option<&VersionName>,
        locks: &[NewLock],
        mode: Option<LockMode>,
    ) -> Result<SecretLocks, ClientError> {
        let mode: Vec<(&str, String)> = mode.map(|mode| ("mode", mode.as_str().to_owned())).into_iter().collect();
        let locks: Vec<Value> = locks.iter().map(NewLock::to_json).collect();
        let request = Request::post("locks_create", self.locks_url(secret, version, "locks_bulk", &mode))
            .json(&json!({ "locks": locks }))
            .idempotent();
        self.call(locks_call(secret, WRITER, request), |response| secret_locks(secret, response)).await
    }

    /// Deletes the locks with these names from the current version of a secret or from the named one; all of them if there
    /// are no names. Needs the role `Manager`.
    ///
    /// # Errors
    /// [`ClientError`]: no token, refused, or no readable answer before the deadline.
    pub async fn delete_locks(
        &self,
        secret: &SecretId,
        version: Option<&VersionName>,
        names: &[String],
    ) -> Result<SecretLocks, ClientError> {
        // An absent parameter means all locks, so an empty one must not be sent (PROTOCOL 4.5).
        let names: Vec<(&str, String)> = if names.is_empty() { Vec::new() } else { vec![("name", names.join(","))] };
        let request = Request::delete("locks_delete", self.locks_url(secret, version, "locks_bulk", &names));
        self.call(locks_call(secret, MANAGER, request), |response| secret_locks(secret, response)).await
    }

    fn locks_url(
        &self,
        secret: &SecretId,
        version: Option<&VersionName>,
        resource: &str,
        query: &[(&str, String)],
    ) -> String {
        let path = match version {
            Some(version) => format!("secrets/{secret}/versions/{version}/{resource}"),
            None => format!("secrets/{secret}/{resource}"),
        };
        let mut url = self.instance().api(&path);
        if !query.is_empty() {
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
            url.push('?');
            url.push_str(&query);
        }
        url
    }
}

fn locks_call(secret: &SecretId, role: &'static str, request: Request) -> Call {
    Call { subject: Subject::Locks(secret.clone()), role, request }
}

fn secret_locks(secret: &SecretId, response: &Response) -> Result<SecretLocks, credjob_http::HttpError> {
    let body: SecretLocksBody = object::body(response)?;
    if body.secret_id != secret.as_str() {
        return Err(response.bad("not about this secret"));
    }
    let versions = body.versions.into_iter().map(|version| LockedVersion {
        version_id: version.version_id,
        version_alias: version.version_alias,
        locks: version.locks,
        payload_available: version.payload_available,
    });
    Ok(SecretLocks { secret_id: secret.clone(), secret_name: body.secret_name, versions: versions.collect() })
}

impl Lock {
    fn from_body(body: LockBody) -> Self {
        Self {
            name: body.name,
            description: body.description,
            attributes: body.attributes,
            secret_version_id: body.secret_version_id,
            secret_version_alias: body.secret_version_alias,
            created_by: body.created_by,
            created_at: body.created_at,
            updated_at: body.updated_at,
        }
    }
}

impl LockQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let pairs = [
            ("offset", self.offset.map(|offset| offset.to_string())),
            ("limit", self.limit.map(|limit| limit.to_string())),
            ("sort", self.sort.clone()),
            ("search", self.search.clone()),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

impl NewLock {
    fn to_json(&self) -> Value {
        let mut lock = json!({ "name": self.name });
        if let Some(description) = &self.description {
            lock["description"] = json!(description);
        }
        if let Some(attributes) = &self.attributes {
            lock["attributes"] = json!(attributes);
        }
        lock
    }
}

impl LockMode {
    /// The service's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RemovePrevious => "remove_previous",
            Self::RemovePreviousAndDelete => "remove_previous_and_delete",
        }
    }
}

impl VersionAlias {
    /// The service's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Previous => "previous",
        }
    }
}

impl FromStr for VersionName {
    type Err = VersionNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "current" => Ok(Self::Alias(VersionAlias::Current)),
            "previous" => Ok(Self::Alias(VersionAlias::Previous)),
            id => id.parse().map(Self::Id).map_err(|_| VersionNameError),
        }
    }
}

impl fmt::Display for VersionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alias(alias) => f.write_str(alias.as_str()),
            Self::Id(id) => id.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
