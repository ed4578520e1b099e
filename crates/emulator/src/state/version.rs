//! Versions of secrets (PROTOCOL 4.4).

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::fields::Object;
use crate::random;
use crate::state::lock::Lock;
use crate::state::secret::Secret;
use crate::state::secret_type::SecretType;
use crate::state::task::Trigger;
use crate::times::rfc3339;

/// The id of the version that a pending rotation answers with.
const PLACEHOLDER_ID: &str = "00000000-0000-0000-0000-000000000000";

/// A version of a secret.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) id: String,
    pub(crate) created_by: String,
    pub(crate) created_at: SystemTime,
    pub(crate) auto_rotated: bool,
    pub(crate) downloaded: bool,
    /// The secret data: `credentials_content` of custom credentials, the data fields of the other types. `None` = no data.
    pub(crate) data: Option<Object>,
    pub(crate) expires: Option<SystemTime>,
    pub(crate) credentials_id: Option<String>,
    pub(crate) custom_metadata: Option<Object>,
    /// Metadata that only versions of this type have.
    pub(crate) extras: Object,
    /// Set while credentials have to be removed at the provider.
    pub(crate) deletion: Option<Deletion>,
    /// What forbids to change or delete the data, oldest first.
    pub(crate) locks: Vec<Lock>,
}

/// The removal of a version's credentials, until a task says that they are deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deletion {
    pub(crate) trigger: Trigger,
    pub(crate) since: SystemTime,
    /// When the next attempt is due; `None` while a task is under way, or no attempt will follow.
    pub(crate) retry_at: Option<SystemTime>,
}

impl Version {
    /// A version without data: what a custom credentials secret has until its first task succeeds.
    pub(crate) fn pending(by: &str, now: SystemTime) -> Self {
        Self {
            id: random::uuid(),
            created_by: by.to_owned(),
            created_at: now,
            auto_rotated: false,
            downloaded: false,
            data: None,
            expires: None,
            credentials_id: None,
            custom_metadata: None,
            extras: Object::new(),
            deletion: None,
            locks: Vec::new(),
        }
    }

    pub(crate) fn with_data(data: Object, by: &str, now: SystemTime) -> Self {
        Self { data: Some(data), ..Self::pending(by, now) }
    }

    /// Whether the version still has, or may still have, credentials at the provider.
    pub(crate) fn is_outstanding(&self) -> bool {
        self.data.is_some() || self.deletion.is_some()
    }

    /// The version without its data.
    pub(crate) fn metadata(&self, secret: &Secret) -> Object {
        let mut version = base(secret, &self.id, &self.created_by, self.created_at);
        let mut set = |key: &str, value: Value| version.insert(key.to_owned(), value);
        set("auto_rotated", json!(self.auto_rotated));
        set("downloaded", json!(self.downloaded));
        set("payload_available", json!(self.data.is_some()));
        if let Some(alias) = secret.alias(&self.id) {
            set("alias", json!(alias));
        }
        if let Some(expires) = self.expires {
            set("expiration_date", json!(rfc3339(expires)));
        }
        if let Some(id) = &self.credentials_id {
            set("credentials_id", json!(id));
        }
        if let Some(metadata) = &self.custom_metadata {
            set("version_custom_metadata", json!(metadata));
        }
        version.extend(self.extras.clone());
        version
    }

    /// The version with its data.
    pub(crate) fn full(&self, secret: &Secret) -> Object {
        let mut version = self.metadata(secret);
        add_data(&mut version, secret.secret_type, self.data.as_ref());
        version
    }

    /// The answer to a rotation: a version that exists only when its task has succeeded.
    pub(crate) fn placeholder(secret: &Secret, by: &str, now: SystemTime) -> Object {
        let mut version = base(secret, PLACEHOLDER_ID, by, now);
        for key in ["auto_rotated", "downloaded", "payload_available"] {
            version.insert(key.to_owned(), json!(false));
        }
        version
    }
}

/// Adds secret data where the type has it.
pub(crate) fn add_data(object: &mut Object, secret_type: SecretType, data: Option<&Object>) {
    let Some(data) = data else { return };
    if secret_type == SecretType::CustomCredentials {
        object.insert("credentials_content".to_owned(), json!(data));
    } else {
        object.extend(data.clone());
    }
}

fn base(secret: &Secret, id: &str, created_by: &str, created_at: SystemTime) -> Object {
    let mut version = Object::new();
    let mut set = |key: &str, value: &str| version.insert(key.to_owned(), json!(value));
    set("id", id);
    set("created_by", created_by);
    set("created_at", &rfc3339(created_at));
    set("secret_id", &secret.id);
    set("secret_name", &secret.name);
    set("secret_type", secret.secret_type.as_str());
    set("secret_group_id", &secret.group);
    version
}
