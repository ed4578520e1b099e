//! `credjob secret-tasks`, `secret-task`, `secret-task-update` and `secret-task-delete`.

mod args;
mod report;
mod show;
mod watch;

use std::process::ExitCode;
use std::time::Duration;

use credjob_client::{SecretsManager, Task, UpdateOutcome};
use credjob_contract::{SecretId, TaskId};
use serde_json::json;

pub(crate) use args::TasksCommand;

use crate::problem::Problem;
use crate::runtime::block_on;
use crate::service::{Lookup, Said, ServiceArgs, advice, connect, failed, id, no_token, of_process};
use args::{ListArgs, ShowArgs, TaskArgs, UpdateArgs};
use report::Report;

/// How long one report may take.
const UPDATE_TIMEOUT: Duration = Duration::from_secs(30);

/// Runs one of the commands.
pub(crate) fn run(command: &TasksCommand) -> Result<ExitCode, Problem> {
    let service = match command {
        TasksCommand::SecretTasks(arguments) => &arguments.service,
        TasksCommand::SecretTask(arguments) => &arguments.task.service,
        TasksCommand::SecretTaskUpdate(arguments) => &arguments.task.service,
        TasksCommand::SecretTaskDelete(arguments) => &arguments.service,
    };
    let ServiceArgs { format, .. } = service.clone();
    block_on(async { Ok(answer(command, &of_process).await?.print(format)) })
}

async fn answer(command: &TasksCommand, lookup: Lookup<'_>) -> Result<Said, Problem> {
    match command {
        TasksCommand::SecretTasks(arguments) => list(arguments, lookup).await,
        TasksCommand::SecretTask(arguments) => show(arguments, lookup).await,
        TasksCommand::SecretTaskUpdate(arguments) => update(arguments, lookup).await,
        TasksCommand::SecretTaskDelete(arguments) => delete(arguments, lookup).await,
    }
}

async fn list(arguments: &ListArgs, lookup: Lookup<'_>) -> Result<Said, Problem> {
    let secret = id("--secret-id", &arguments.secret_id)?;
    let service = connect(arguments.service.service_url.as_deref(), lookup)?;
    if arguments.watch {
        return watch::newest(&service, &secret).await;
    }
    let tasks = service.tasks(&secret).await.map_err(|error| failed(&error))?;
    let documents: Vec<_> = tasks.iter().map(show::document).collect();
    Ok(Said::new(show::table(&tasks), json!({ "tasks": documents })))
}

async fn show(arguments: &ShowArgs, lookup: Lookup<'_>) -> Result<Said, Problem> {
    let (service, secret, task) = target(&arguments.task, lookup)?;
    if arguments.watch {
        return watch::task(&service, &secret, &task).await;
    }
    let task = service.task(&secret, &task).await.map_err(|error| failed(&error))?;
    Ok(one(&task))
}

async fn delete(arguments: &TaskArgs, lookup: Lookup<'_>) -> Result<Said, Problem> {
    let (service, secret, task) = target(arguments, lookup)?;
    service.delete_task(&secret, &task).await.map_err(|error| failed(&error))?;
    Ok(Said::new(format!("deleted {task}\n"), json!({ "deleted": task.as_str() })))
}

async fn update(arguments: &UpdateArgs, lookup: Lookup<'_>) -> Result<Said, Problem> {
    let (service, secret, task) = target(&arguments.task, lookup)?;
    let report = Report::read(arguments)?;
    let unclear = |text: &str| {
        Problem::cannot_start(format!("nobody can tell whether the report was taken: {text}"))
            .hint(format!("read the task: credjob secret-task --secret-id {secret} --id {task}"))
    };
    match send(&service, &secret, &task, &report).await? {
        UpdateOutcome::Applied(task) => Ok(one(&task)),
        UpdateOutcome::Reading(task) => Err(Problem::refused(format!("the task is already {}", task.status.as_str()))
            .hint("a final task takes no further report")),
        UpdateOutcome::NotSent(cause) => Err(Problem::cannot_start(format!("the report was not sent: {}", cause.text))
            .hint("check --service-url and the network, then type it again")),
        UpdateOutcome::Refused { status, error } => {
            let hint = match status {
                400 => {
                    "only a task that is `processing` takes a report, and the payload must fit the configuration's schema"
                }
                403 => "this needs the service role SecretTaskUpdater; not even a Manager may do it",
                404 => "check the ids, and that --service-url names the right instance",
                _ => advice(&error),
            };
            Err(Problem::refused(format!("Secrets Manager refused the report ({error})")).hint(hint))
        }
        UpdateOutcome::Unknown(cause) => Err(unclear(&cause.text)),
    }
}

/// Sends the report once; once more with a fresh token if the first was too old.
async fn send(
    service: &SecretsManager,
    secret: &SecretId,
    task: &TaskId,
    report: &Report,
) -> Result<UpdateOutcome, Problem> {
    let mut is_first = true;
    loop {
        let token = service.tokens().token().await.map_err(|error| no_token(&error))?;
        let outcome = service.task_update_once(&token, secret, task, &report.update(), UPDATE_TIMEOUT).await;
        if is_first && matches!(outcome, UpdateOutcome::Refused { status: 401, .. }) {
            service.tokens().invalidate(&token);
            is_first = false;
            continue;
        }
        return Ok(outcome);
    }
}

/// Ids are checked before the login: they cost nothing.
fn target(arguments: &TaskArgs, lookup: Lookup<'_>) -> Result<(SecretsManager, SecretId, TaskId), Problem> {
    let secret = id("--secret-id", &arguments.secret_id)?;
    let task = id("--id", &arguments.id)?;
    Ok((connect(arguments.service.service_url.as_deref(), lookup)?, secret, task))
}

fn one(task: &Task) -> Said {
    Said::new(show::details(task), json!({ "task": show::document(task) }))
}

#[cfg(test)]
mod tests;
