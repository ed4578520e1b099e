//! Secret tasks (PROTOCOL 2.2, 4.2).

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::fields::Object;
use crate::random;
use crate::times::rfc3339;

/// What a task asks its job to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Delete,
}

/// Why a task was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    SecretCreation,
    ManualRotation,
    AutomaticRotation,
    VersionExpiration,
    VersionDataDeletion,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Queued,
    Processing,
    Created,
    Deleted,
    Failed,
}

/// One entry of `errors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaskError {
    pub(crate) code: String,
    pub(crate) description: String,
}

/// What a task is made of.
#[derive(Clone, Debug)]
pub(crate) struct NewTask {
    pub(crate) action: Action,
    pub(crate) trigger: Trigger,
    /// The version that a deletion concerns.
    pub(crate) version_id: Option<String>,
    pub(crate) by: String,
    /// `version_custom_metadata` of the version that a creation will make.
    pub(crate) version_metadata: Option<Object>,
}

/// A secret task.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) id: String,
    /// Place in the order of all tasks of the instance.
    pub(crate) number: u64,
    pub(crate) action: Action,
    pub(crate) trigger: Trigger,
    pub(crate) status: Status,
    pub(crate) version_id: Option<String>,
    pub(crate) version_metadata: Option<Object>,
    pub(crate) created_by: String,
    pub(crate) created_at: SystemTime,
    pub(crate) updated_by: String,
    pub(crate) updated_at: SystemTime,
    /// When a processing task fails for its timeout.
    pub(crate) deadline: Option<SystemTime>,
    pub(crate) errors: Vec<TaskError>,
}

impl Task {
    pub(crate) fn new(new: NewTask, number: u64, now: SystemTime) -> Self {
        Self {
            id: format!("sm-task-{}", random::uuid()),
            number,
            action: new.action,
            trigger: new.trigger,
            status: Status::Queued,
            version_id: new.version_id,
            version_metadata: new.version_metadata,
            updated_by: new.by.clone(),
            created_by: new.by,
            created_at: now,
            updated_at: now,
            deadline: None,
            errors: Vec::new(),
        }
    }

    /// Moves to a status; whoever calls has checked that the transition exists.
    pub(crate) fn enter(&mut self, status: Status, by: &str, now: SystemTime) {
        self.status = status;
        by.clone_into(&mut self.updated_by);
        self.updated_at = now;
        self.deadline = None;
    }

    pub(crate) fn to_json(&self, secret_id: &str) -> Value {
        let mut task = json!({
            "id": self.id,
            "created_by": self.created_by,
            "creation_date": rfc3339(self.created_at),
            "last_update_date": rfc3339(self.updated_at),
            "updated_by": self.updated_by,
            "type": self.action.as_str(),
            "status": self.status.as_str(),
            "trigger": self.trigger.as_str(),
            "secret_id": secret_id,
        });
        if let Some(version) = &self.version_id {
            task["secret_version_id"] = json!(version);
        }
        if !self.errors.is_empty() {
            let error = |error: &TaskError| json!({ "code": error.code, "description": error.description });
            task["errors"] = self.errors.iter().map(error).collect();
        }
        task
    }
}

impl Action {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create_credentials",
            Self::Delete => "delete_credentials",
        }
    }
}

impl Trigger {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SecretCreation => "secret_creation",
            Self::ManualRotation => "manual_secret_rotation",
            Self::AutomaticRotation => "automatic_secret_rotation",
            Self::VersionExpiration => "secret_version_expiration",
            Self::VersionDataDeletion => "secret_version_data_deletion",
        }
    }
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Created => "credentials_created",
            Self::Deleted => "credentials_deleted",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Created | Self::Deleted | Self::Failed)
    }
}

impl TaskError {
    pub(crate) fn new(code: &str, description: impl Into<String>) -> Self {
        Self { code: code.to_owned(), description: description.into() }
    }
}
