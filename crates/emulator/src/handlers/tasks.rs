//! `/secrets/{secret_id}/tasks` (PROTOCOL 4.2).

use serde_json::{Value, json};

use crate::answer::{Answer, Reply};
use crate::ask::Ask;
use crate::errors::ServiceError;
use crate::fields::{Fields, Object};
use crate::role::Permission;
use crate::state::{Action, Credentials, SecretType, State, Status, Task, TaskError};

/// Longest credentials id. Not stated (PROTOCOL 7, gap 36).
const MAX_CREDENTIALS_ID: usize = 1024;
/// Errors of one report (PROTOCOL 4.2).
const MAX_ERRORS: usize = 10;
/// Longest code and description of an error (PROTOCOL 4.2, recommended).
const MAX_ERROR_CODE: usize = 256;
const MAX_ERROR_DESCRIPTION: usize = 4096;

/// A result that a job reports.
enum Report {
    Created(Credentials),
    Deleted,
    Failed(Vec<TaskError>),
}

/// Newest first.
pub(crate) fn list(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretTasksList)?;
    let secret = &state.secrets[index];
    if secret.secret_type != SecretType::CustomCredentials {
        return Err(ServiceError::bad_request("only custom credentials secrets have tasks"));
    }
    let tasks: Vec<Value> = secret.tasks.iter().rev().map(|task| task.to_json(&secret.id)).collect();
    Ok(Answer::ok(json!({ "tasks": tasks })))
}

pub(crate) fn read(ask: &Ask, state: &mut State) -> Reply {
    let (index, task) = find(ask, state, Permission::SecretTaskRead)?;
    Ok(Answer::ok(task.to_json(&state.secrets[index].id)))
}

/// Removes a task in any status; an unfinished one is cancelled with it.
pub(crate) fn delete(ask: &Ask, state: &mut State) -> Reply {
    let (index, task) = find(ask, state, Permission::SecretTaskDelete)?;
    let id = task.id.clone();
    state.remove_task(index, &id, ask.now);
    Ok(Answer::no_content())
}

/// Takes the report of a job. Every refusal leaves the task as it is.
pub(crate) fn update(ask: &Ask, state: &mut State) -> Reply {
    let (index, task) = find(ask, state, Permission::SecretTaskUpdate)?;
    if task.status != Status::Processing {
        return Err(ServiceError::bad_request(format!("the task is {} and takes no update", task.status.as_str())));
    }
    let (id, action) = (task.id.clone(), task.action);
    let report = read_report(&ask.object()?)?;
    let by = ask.caller.iam_id.as_str();
    match (report, action) {
        (Report::Created(credentials), Action::Create) => {
            check_payload(state, index, &credentials.payload)?;
            state.credentials_created(index, &id, credentials, by, ask.now);
        }
        (Report::Deleted, Action::Delete) => state.credentials_deleted(index, &id, by, ask.now),
        (Report::Failed(errors), _) => state.fail_task(index, &id, errors, by, ask.now),
        (Report::Created(_) | Report::Deleted, _) => {
            return Err(ServiceError::invalid(
                "status",
                format_args!("does not fit a task of type {}", action.as_str()),
            ));
        }
    }
    let secret = &state.secrets[index];
    let task = secret.task(&id).ok_or_else(|| ServiceError::not_found(&id))?;
    Ok(Answer::ok(task.to_json(&secret.id)))
}

fn find<'a>(ask: &Ask, state: &'a State, permission: Permission) -> Result<(usize, &'a Task), ServiceError> {
    ask.caller.require_somewhere(permission)?;
    let (secret_id, id) = (ask.param("secret_id"), ask.param("id"));
    let index = state.task_owner(secret_id, id)?;
    let secret = &state.secrets[index];
    ask.caller.require_in(permission, &secret.group)?;
    let task = secret.task(id).ok_or_else(|| ServiceError::not_found(id))?;
    Ok((index, task))
}

fn check_payload(state: &State, index: usize, payload: &Object) -> Result<(), ServiceError> {
    let custom = state.secrets[index].custom.as_ref();
    let configuration = custom.and_then(|custom| state.configuration(&custom.configuration));
    let configuration = configuration.ok_or_else(|| ServiceError::conflict("the configuration no longer exists"))?;
    configuration.schema.check_payload(payload)
}

fn read_report(body: &Object) -> Result<Report, ServiceError> {
    let fields = Fields(body);
    match fields.required_text("status", 1..=64)? {
        "credentials_created" => {
            let credentials = fields.object("credentials")?.ok_or_else(|| ServiceError::missing("credentials"))?;
            let credentials = Fields(credentials);
            let id = credentials.required_text("id", 1..=MAX_CREDENTIALS_ID)?.to_owned();
            let payload =
                credentials.object("payload")?.ok_or_else(|| ServiceError::missing("credentials.payload"))?.clone();
            Ok(Report::Created(Credentials { id, payload }))
        }
        "credentials_deleted" => Ok(Report::Deleted),
        "failed" => {
            let errors = fields.array("errors", 1..=MAX_ERRORS)?.ok_or_else(|| ServiceError::missing("errors"))?;
            errors.iter().map(read_error).collect::<Result<_, _>>().map(Report::Failed)
        }
        _ => Err(ServiceError::invalid("status", "must be credentials_created, credentials_deleted or failed")),
    }
}

fn read_error(value: &Value) -> Result<TaskError, ServiceError> {
    let object = value.as_object().ok_or_else(|| ServiceError::invalid("errors", "must hold objects"))?;
    let fields = Fields(object);
    let code = fields.required_text("code", 1..=MAX_ERROR_CODE)?;
    let description = fields.required_text("description", 1..=MAX_ERROR_DESCRIPTION)?;
    Ok(TaskError::new(code, description))
}
