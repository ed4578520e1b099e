//! Secret tasks: list, read, report, cancel.

use std::time::Duration;

use credjob_contract::{Secret, SecretId, TaskId};
use credjob_http::{Attempt, Cause, Request, Response};

use crate::secrets_manager::{Call, LOOK_TIMEOUT};
use crate::wire::{TaskBody, TasksBody};
use crate::{ClientError, SecretsManager, Subject, Task, TaskUpdate, UpdateOutcome, object};

/// The least role that may read tasks (PROTOCOL 3.4).
const READER: &str = "Reader";
/// The least role that may delete tasks (PROTOCOL 3.4).
const MANAGER: &str = "Manager";

impl SecretsManager {
    /// Lists the tasks of a secret, in the service's order (PROTOCOL 4.2). Needs the role `Reader` or `SecretsReader`.
    ///
    /// # Errors
    /// [`ClientError`]: no token, refused, or no readable answer before the deadline.
    pub async fn tasks(&self, secret: &SecretId) -> Result<Vec<Task>, ClientError> {
        let request = Request::get("tasks_list", self.instance().api(&format!("secrets/{secret}/tasks")));
        let call = Call { subject: Subject::Tasks(secret.clone()), role: READER, request };
        self.call(call, |response| {
            let body: TasksBody = object::body(response)?;
            let tasks: Option<Vec<Task>> = body.tasks.into_iter().map(Task::from_body).collect();
            tasks.ok_or_else(|| response.bad("a list with something that is no task"))
        })
        .await
    }

    /// Reads a task (PROTOCOL 4.2). Needs the role `Reader` or `SecretsReader`; `SecretTaskUpdater` alone may not.
    ///
    /// # Errors
    /// [`ClientError`]: no token, refused, or no answer before the deadline that is this task.
    pub async fn task(&self, secret: &SecretId, task: &TaskId) -> Result<Task, ClientError> {
        let request = Request::get("task_read", self.task_url(secret, task)).attempt_timeout(LOOK_TIMEOUT);
        let call = Call { subject: Subject::Task(task.clone()), role: READER, request };
        self.call(call, |response| this_task(response, task).ok_or_else(|| response.bad("not this task"))).await
    }

    /// Sends a report once, without any retry, and says what became of it. `timeout` bounds the attempt; the budget of the
    /// HTTP client plays no part.
    ///
    /// The token is the caller's, because what the first 401 means is the caller's decision: see [`Tokens::invalidate`](crate::Tokens::invalidate).
    pub async fn task_update_once(
        &self,
        token: &Secret<String>,
        secret: &SecretId,
        task: &TaskId,
        update: &TaskUpdate<'_>,
        timeout: Duration,
    ) -> UpdateOutcome {
        let request = Request::put("task_update", self.task_url(secret, task))
            .bearer(token)
            .body("application/json", update.to_body());
        match self.http().attempt(&request, timeout).await {
            Attempt::Applied(response) => accepted(&response, task, update),
            Attempt::NotSent(cause) => UpdateOutcome::NotSent(cause),
            Attempt::Refused(cause) => refused(cause),
            Attempt::Unknown(cause) => UpdateOutcome::Unknown(cause),
        }
    }

    /// Deletes a task; a queued or processing task is cancelled (PROTOCOL 4.2). Repeated when the outcome is unknown, so a
    /// 404 can mean that an earlier attempt worked. Needs the role `Manager`.
    ///
    /// # Errors
    /// [`ClientError`]: no token, refused, or no answer before the deadline.
    pub async fn delete_task(&self, secret: &SecretId, task: &TaskId) -> Result<(), ClientError> {
        let request = Request::delete("task_delete", self.task_url(secret, task));
        let call = Call { subject: Subject::Task(task.clone()), role: MANAGER, request };
        self.call(call, |_| Ok(())).await
    }

    fn task_url(&self, secret: &SecretId, task: &TaskId) -> String {
        self.instance().api(&format!("secrets/{secret}/tasks/{task}"))
    }
}

/// The body as this very task.
fn this_task(response: &Response, id: &TaskId) -> Option<Task> {
    let body: TaskBody = object::body(response).ok()?;
    Task::from_body(body).filter(|task| task.id == *id)
}

/// A 2xx. Only its body tells whether the report was taken.
fn accepted(response: &Response, id: &TaskId, update: &TaskUpdate<'_>) -> UpdateOutcome {
    let unclear = |text: &str| {
        let mut cause = Cause::new(format!("status {} {text}", response.status));
        cause.status = Some(response.status);
        UpdateOutcome::Unknown(cause)
    };
    match this_task(response, id) {
        Some(task) if task.status == update.status() => UpdateOutcome::Applied(task),
        Some(task) if task.status.is_final() => UpdateOutcome::Reading(task),
        Some(_) => unclear("with the task unchanged"),
        None => unclear("without the task"),
    }
}

fn refused(cause: Cause) -> UpdateOutcome {
    match &cause.response {
        Some(response) => UpdateOutcome::Refused { status: response.status, error: response.into() },
        // A refusal is an answer, so this does not happen; if it did, nobody could tell what was refused.
        None => UpdateOutcome::Unknown(cause),
    }
}

#[cfg(test)]
mod tests;
