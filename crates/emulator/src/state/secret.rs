//! Secrets and how the API shows them (PROTOCOL 4.3, 5.4).

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::fields::Object;
use crate::state::Identity;
use crate::state::custom::Custom;
use crate::state::secret_type::SecretType;
use crate::state::task::{Action, Status, Task};
use crate::state::version::{Version, add_data};
use crate::times::rfc3339;

/// The state of a secret (PROTOCOL 5.5). `suspended` has no described use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretState {
    PreActivation = 0,
    Active = 1,
    Deactivated = 3,
    Destroyed = 5,
}

/// A secret of any type.
#[expect(clippy::struct_field_names, reason = "`secret_type` is the service's word")]
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub(crate) id: String,
    pub(crate) secret_type: SecretType,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// The id of its group.
    pub(crate) group: String,
    pub(crate) labels: Vec<String>,
    pub(crate) custom_metadata: Option<Object>,
    pub(crate) created_by: String,
    pub(crate) created_at: SystemTime,
    pub(crate) updated_at: SystemTime,
    pub(crate) retrieved_at: Option<SystemTime>,
    pub(crate) downloaded: bool,
    pub(crate) state: SecretState,
    /// Oldest first; the last is `current`.
    pub(crate) versions: Vec<Version>,
    /// Oldest first.
    pub(crate) tasks: Vec<Task>,
    /// Metadata that only this type has, if the type is not custom credentials.
    pub(crate) extras: Object,
    /// What custom credentials have.
    pub(crate) custom: Option<Custom>,
    /// Deleted by force while the deletion of credentials was under way: gone for the API.
    pub(crate) deleted: bool,
}

impl Secret {
    pub(crate) fn task(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    pub(crate) fn current(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// `current` or `previous`, if the version is one of them.
    pub(crate) fn alias(&self, version_id: &str) -> Option<&'static str> {
        let position = self.versions.iter().rev().position(|version| version.id == version_id)?;
        ["current", "previous"].get(position).copied()
    }

    /// The place of a version by id or alias.
    pub(crate) fn version_index(&self, id_or_alias: &str) -> Option<usize> {
        match id_or_alias {
            "current" => self.versions.len().checked_sub(1),
            "previous" => self.versions.len().checked_sub(2),
            id => self.versions.iter().position(|version| version.id == id),
        }
    }

    pub(crate) fn processing_task(&self) -> Option<&Task> {
        self.tasks.iter().find(|task| task.status == Status::Processing)
    }

    /// Whether a creation is queued or processing: then no other may be started.
    pub(crate) fn is_creating(&self) -> bool {
        self.tasks.iter().any(|task| task.action == Action::Create && !task.status.is_final())
    }

    /// Whether the provider may still hold credentials of a version, or a task is unfinished.
    pub(crate) fn is_outstanding(&self) -> bool {
        self.versions.iter().any(Version::is_outstanding) || self.tasks.iter().any(|task| !task.status.is_final())
    }

    /// The secret without its data.
    pub(crate) fn metadata(&self, identity: &Identity, referenced_by: &[String]) -> Object {
        let mut secret = self.extras.clone();
        let mut set = |key: &str, value: Value| secret.insert(key.to_owned(), value);
        set("id", json!(self.id));
        set("crn", json!(self.crn(identity)));
        set("name", json!(self.name));
        set("secret_type", json!(self.secret_type.as_str()));
        set("secret_group_id", json!(self.group));
        set("labels", json!(self.labels));
        set("created_by", json!(self.created_by));
        set("created_at", json!(rfc3339(self.created_at)));
        set("updated_at", json!(rfc3339(self.updated_at)));
        set("retrieved_at", json!(rfc3339(self.retrieved_at.unwrap_or(SystemTime::UNIX_EPOCH))));
        set("downloaded", json!(self.downloaded));
        set("state", json!(self.state as u8));
        set("state_description", json!(self.state.description()));
        set("locks_total", json!(self.locks_total()));
        set("versions_total", json!(self.versions.len()));
        if let Some(description) = &self.description {
            set("description", json!(description));
        }
        if let Some(metadata) = &self.custom_metadata {
            set("custom_metadata", json!(metadata));
        }
        if !referenced_by.is_empty() {
            set("referenced_by", json!(referenced_by));
        }
        if let Some(expires) = self.current().and_then(|version| version.expires) {
            set("expiration_date", json!(rfc3339(expires)));
        }
        if let Some(custom) = &self.custom {
            self.add_custom(custom, &mut secret);
        }
        secret
    }

    /// The secret with the data of its current version.
    pub(crate) fn full(&self, identity: &Identity, referenced_by: &[String]) -> Object {
        let mut secret = self.metadata(identity, referenced_by);
        add_data(&mut secret, self.secret_type, self.current().and_then(|version| version.data.as_ref()));
        secret
    }

    fn add_custom(&self, custom: &Custom, secret: &mut Object) {
        let mut set = |key: &str, value: Value| secret.insert(key.to_owned(), value);
        set("configuration", json!(custom.configuration));
        set("parameters", json!(custom.parameters));
        set("task_count", json!(custom.task_count));
        set("queued_task_count", json!(self.tasks.iter().filter(|task| task.status == Status::Queued).count()));
        if let Some(ttl) = custom.ttl {
            set("ttl", json!(ttl.as_secs().to_string()));
        }
        if let Some(rotation) = &custom.rotation {
            set("rotation", rotation.to_json().clone());
        }
        if let Some(next) = custom.next_rotation {
            set("next_rotation_date", json!(rfc3339(next)));
        }
        if let Some(task) = self.processing_task() {
            set("processing_task_id", json!(task.id));
        }
        if let Some(task) = &custom.last_failed_task {
            set("last_failed_task_id", json!(task));
        }
        if let Some(failed) = custom.last_rotation_failed {
            set("last_rotation_failed", json!(failed));
        }
    }

    fn crn(&self, identity: &Identity) -> String {
        format!(
            "crn:v1:bluemix:public:secrets-manager:us-south:a/{}:{}:secret:{}",
            identity.account_id, identity.instance_id, self.id
        )
    }
}

impl SecretState {
    fn description(self) -> &'static str {
        match self {
            Self::PreActivation => "pre_activation",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Destroyed => "destroyed",
        }
    }
}
