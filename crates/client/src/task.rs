//! A secret task, as the service describes it.

use std::str::FromStr;

use credjob_contract::{Action, SecretId, TaskError, TaskId, TaskStatus, Trigger, VersionId};

use crate::wire::TaskBody;

/// A secret task (PROTOCOL 4.2).
///
/// Only `id` and `status` are needed to act on a task. The rest is `None` when the service leaves it out
/// or uses a word that this release does not know: an odd comment field must not make a task unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Task {
    /// The id of the task.
    pub id: TaskId,
    /// Where the task stands.
    pub status: TaskStatus,
    /// What the task asks for (`type` on the wire).
    pub action: Option<Action>,
    /// What made the service create the task.
    pub trigger: Option<Trigger>,
    /// The secret of the task.
    pub secret_id: Option<SecretId>,
    /// The version of the task: always there on delete tasks, on create tasks once the version exists.
    pub secret_version_id: Option<VersionId>,
    /// Why the task failed; redacted and capped.
    pub errors: Vec<TaskError>,
    /// The IAM id that created the task.
    pub created_by: Option<String>,
    /// The IAM id of the last change.
    pub updated_by: Option<String>,
    /// When the task was created: RFC 3339 text, as the service wrote it.
    pub creation_date: Option<String>,
    /// When the task was last changed: RFC 3339 text, as the service wrote it.
    pub last_update_date: Option<String>,
}

impl Task {
    /// The task of an answer; `None` if the answer is no task, or its id or status cannot be read.
    pub(crate) fn from_body(body: TaskBody) -> Option<Self> {
        let errors = body.errors.unwrap_or_default();
        Some(Self {
            id: body.id.parse().ok()?,
            status: body.status.parse().ok()?,
            action: parsed(body.action),
            trigger: parsed(body.trigger),
            secret_id: parsed(body.secret_id),
            secret_version_id: parsed(body.secret_version_id),
            errors: errors.iter().map(|error| TaskError::new(&error.code, &error.description)).collect(),
            created_by: body.created_by,
            updated_by: body.updated_by,
            creation_date: body.creation_date,
            last_update_date: body.last_update_date,
        })
    }
}

fn parsed<T: FromStr>(text: Option<String>) -> Option<T> {
    text?.parse().ok()
}
