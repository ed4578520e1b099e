//! Following a task to its end.

use std::process::ExitCode;
use std::time::Duration;

use credjob_client::{ClientError, SecretsManager, Task};
use credjob_contract::{SecretId, TaskId, TaskStatus, is_loopback_host};
use serde_json::json;

use super::show;
use crate::problem::{Exit, Problem};
use crate::service::{Said, failed, patience};

/// Between two looks. The service wants fewer than 20 requests a second (PROTOCOL 6.9); a job takes seconds to start.
const PAUSE: Duration = Duration::from_secs(2);
/// Between two looks at a service on this machine.
const LOCAL_PAUSE: Duration = Duration::from_millis(200);

/// Follows the newest task of a secret.
pub(crate) async fn newest(service: &SecretsManager, secret: &SecretId) -> Result<Said, Problem> {
    let tasks = service.tasks(secret).await.map_err(|error| failed(&error))?;
    // The order of the list is not stated; dates of one form sort as text.
    let newest =
        tasks.into_iter().reduce(|newest, task| if task.creation_date > newest.creation_date { task } else { newest });
    let Some(newest) = newest else {
        return Err(Problem::refused("the secret has no task to follow")
            .hint("create or rotate the secret first; only custom credentials have tasks"));
    };
    task(service, secret, &newest.id).await
}

/// Follows one task. Changes of its status go to standard error.
pub(crate) async fn task(service: &SecretsManager, secret: &SecretId, id: &TaskId) -> Result<Said, Problem> {
    let pause = if is_loopback_host(service.instance().host()) { LOCAL_PAUSE } else { PAUSE };
    let mut seen = None;
    loop {
        service.renew_budget(patience(service.instance()));
        let task = match service.task(secret, id).await {
            Ok(task) => task,
            Err(ClientError::NotFound { .. }) if seen.is_some() => {
                return Err(Problem::refused(format!("task {id} was deleted while it was followed"))
                    .hint("somebody cancelled it, or deleted the secret"));
            }
            Err(error) => return Err(failed(&error)),
        };
        if seen != Some(task.status) {
            eprintln!("{id} {}", task.status.as_str());
            seen = Some(task.status);
        }
        if task.status.is_final() {
            return Ok(end(&task));
        }
        tokio::time::sleep(pause).await;
    }
}

fn end(task: &Task) -> Said {
    let mut said = Said::new(show::details(task), json!({ "task": show::document(task) }));
    if task.status == TaskStatus::Failed {
        said.exit = ExitCode::from(Exit::TaskFailed);
    }
    said
}
