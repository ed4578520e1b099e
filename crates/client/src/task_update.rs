//! What a job reports on its task, and what can become of one report.

use credjob_contract::{CredentialsId, TaskError, TaskStatus, codes};
use credjob_http::Cause;
use serde_json::{Value, json};

use crate::{ServiceError, Task};

/// The report of a job (PROTOCOL 4.2, PUT body).
pub enum TaskUpdate<'a> {
    /// The credential was created: its id and the payload, a JSON object text.
    Created {
        /// The id that the job chose; version metadata, not secret.
        id: &'a CredentialsId,
        /// The outputs as the text of a JSON object (PROTOCOL 1.5). Secret: keep it in `Zeroizing`.
        payload: &'a str,
    },
    /// The credential is gone.
    Deleted,
    /// The job failed. The service takes 1 to 10 errors: more are cut, an empty list is filled.
    Failed(Vec<TaskError>),
}

impl TaskUpdate<'_> {
    /// The status that the task has once this report is applied.
    pub fn status(&self) -> TaskStatus {
        match self {
            Self::Created { .. } => TaskStatus::CredentialsCreated,
            Self::Deleted => TaskStatus::CredentialsDeleted,
            Self::Failed(_) => TaskStatus::Failed,
        }
    }
}

/// What became of one task update, sent once (DESIGN 6).
#[derive(Debug)]
pub enum UpdateOutcome {
    /// A 2xx whose body is this task with the status that was sent.
    Applied(Task),
    /// A 2xx whose body is this task with another final status: it counts as a reading of the task.
    Reading(Task),
    /// The request never reached the service, or the service did not look at it (429).
    NotSent(Cause),
    /// A definite no: any 4xx except 408 and 429. A 401 is here too; the caller decides whether it was the first.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the service said.
        error: ServiceError,
    },
    /// Nobody can tell whether it was applied: timeout, reset, 408, 3xx, 5xx, or a 2xx that is not this task in a final status.
    Unknown(Cause),
}

impl TaskUpdate<'_> {
    /// The PUT body. It may hold secrets: `Request::body` takes the bytes over and wipes them.
    pub(crate) fn to_body(&self) -> Vec<u8> {
        match self {
            Self::Created { id, payload } => created(id, payload),
            Self::Deleted => json!({ "status": self.status().as_str() }).to_string().into_bytes(),
            Self::Failed(errors) => {
                let stand_in = [TaskError::new(codes::INTERNAL, "the job gave no reason")];
                let errors = if errors.is_empty() { &stand_in[..] } else { errors };
                let errors: Vec<_> = errors
                    .iter()
                    .take(TaskError::MAX_PER_TASK)
                    .map(|error| json!({ "code": error.code, "description": error.description }))
                    .collect();
                json!({ "status": self.status().as_str(), "errors": errors }).to_string().into_bytes()
            }
        }
    }
}

/// Put together by hand and in one allocation, so that no copy of the payload stays behind in memory.
fn created(id: &CredentialsId, payload: &str) -> Vec<u8> {
    let id = Value::from(id.as_str()).to_string();
    let parts = [r#"{"status":"credentials_created","credentials":{"id":"#, &id, r#","payload":"#, payload, "}}"];
    let mut body = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        body.extend_from_slice(part.as_bytes());
    }
    body
}

#[cfg(test)]
mod tests;
