//! Locks on versions (PROTOCOL 4.5, 6.1).

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::fields::Object;
use crate::state::secret::Secret;
use crate::state::secret_type::SecretType;
use crate::state::version::Version;
use crate::times::rfc3339;

/// The most locks of one secret (PROTOCOL 6.1, rule 2).
pub(crate) const MAX_LOCKS: usize = 1000;

/// A lock on a version. Its name is unique there.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) attributes: Option<Object>,
    pub(crate) created_by: String,
    pub(crate) created_at: SystemTime,
    pub(crate) updated_at: SystemTime,
}

impl Version {
    pub(crate) fn is_locked(&self) -> bool {
        !self.locks.is_empty()
    }

    /// Adds a lock, or replaces the one with its name, which then keeps its date of creation.
    pub(crate) fn lock(&mut self, mut lock: Lock) {
        match self.locks.iter_mut().find(|known| known.name == lock.name) {
            Some(known) => {
                lock.created_at = known.created_at;
                *known = lock;
            }
            None => self.locks.push(lock),
        }
    }

    /// Removes the locks with these names; all without names. Unknown names do no harm.
    pub(crate) fn unlock(&mut self, names: Option<&[String]>) {
        match names {
            Some(names) => self.locks.retain(|lock| !names.contains(&lock.name)),
            None => self.locks.clear(),
        }
    }
}

impl Secret {
    /// All locks of the secret.
    pub(crate) fn locks_total(&self) -> usize {
        self.versions.iter().map(|version| version.locks.len()).sum()
    }

    /// Whether a lock on `previous` forbids a rotation, which would destroy its data (PROTOCOL 6.1, rule 6).
    pub(crate) fn previous_is_locked(&self) -> bool {
        self.version_index("previous").is_some_and(|previous| self.versions[previous].is_locked())
    }

    /// Whether a lock also forbids to read the data: of dynamic secrets, unless the API key is reused (PROTOCOL 6.1,
    /// rule 4).
    pub(crate) fn lock_forbids_reading(&self) -> bool {
        self.secret_type == SecretType::IamCredentials
            && self.locks_total() > 0
            && self.extras.get("reuse_api_key") != Some(&Value::Bool(true))
    }

    /// The locks of one version, as lists show them.
    pub(crate) fn locks_of(&self, version: &Version) -> Vec<Value> {
        version.locks.iter().map(|lock| self.lock_json(version, lock)).collect()
    }

    fn lock_json(&self, version: &Version, lock: &Lock) -> Value {
        let mut json = json!({
            "name": lock.name,
            "created_at": rfc3339(lock.created_at),
            "updated_at": rfc3339(lock.updated_at),
            "created_by": lock.created_by,
            "secret_group_id": self.group,
            "secret_id": self.id,
            "secret_version_id": version.id,
            // A version can only be locked while it has an alias, and a rotation that would take it away is refused.
            "secret_version_alias": self.alias(&version.id).unwrap_or("previous"),
        });
        if let Some(description) = &lock.description {
            json["description"] = json!(description);
        }
        if let Some(attributes) = &lock.attributes {
            json["attributes"] = json!(attributes);
        }
        json
    }

    /// Every locked version with the names of its locks: the answer to a change of locks. The newest version is first.
    pub(crate) fn locks_json(&self) -> Value {
        let locked = self.versions.iter().rev().filter(|version| version.is_locked());
        let versions: Vec<Value> = locked
            .map(|version| {
                let names: Vec<&str> = version.locks.iter().map(|lock| lock.name.as_str()).collect();
                json!({
                    "version_id": version.id,
                    "version_alias": self.alias(&version.id).unwrap_or("previous"),
                    "locks": names,
                    "payload_available": version.data.is_some(),
                })
            })
            .collect();
        json!({
            "secret_id": self.id,
            "secret_group_id": self.group,
            "secret_type": self.secret_type.as_str(),
            "secret_name": self.name,
            "versions": versions,
        })
    }
}
