//! How tasks look: tables for people, documents for programs.

use credjob_client::Task;
use credjob_contract::{Action, TaskError, Trigger};
use serde_json::{Value, json};

use crate::service::{Table, pairs, plain};

/// A table of tasks, with the errors of each failed one below it.
pub(crate) fn table(tasks: &[Task]) -> String {
    if tasks.is_empty() {
        return "the secret has no tasks\n".to_owned();
    }
    let mut table = Table::new(&["ID", "TYPE", "STATUS", "TRIGGER", "CREATED"]);
    for task in tasks {
        table.row([
            task.id.as_str(),
            task.action.map_or("", |action| action.as_str()),
            task.status.as_str(),
            task.trigger.map_or("", |trigger| trigger.as_str()),
            task.creation_date.as_deref().unwrap_or(""),
        ]);
    }
    let failed = tasks.iter().filter(|task| !task.errors.is_empty());
    let errors: Vec<String> = failed.map(|task| format!("\n{}\n{}", task.id, errors(task))).collect();
    table.render() + &errors.concat()
}

/// One task, a field a line.
pub(crate) fn details(task: &Task) -> String {
    let mut text = pairs(&[
        ("ID", Some(task.id.as_str())),
        ("Type", task.action.map(Action::as_str)),
        ("Status", Some(task.status.as_str())),
        ("Trigger", task.trigger.map(Trigger::as_str)),
        ("Secret", task.secret_id.as_ref().map(AsRef::as_ref)),
        ("Version", task.secret_version_id.as_ref().map(AsRef::as_ref)),
        ("Created", task.creation_date.as_deref()),
        ("Created by", task.created_by.as_deref()),
        ("Updated", task.last_update_date.as_deref()),
        ("Updated by", task.updated_by.as_deref()),
    ]);
    if !task.errors.is_empty() {
        text.push_str("Errors\n");
        text.push_str(&errors(task));
    }
    text
}

fn errors(task: &Task) -> String {
    let lines: Vec<String> = task.errors.iter().map(|error| format!("  {}\n", plain(&error.to_string()))).collect();
    lines.concat()
}

/// The service's fields under the service's names; what it left out is left out.
pub(crate) fn document(task: &Task) -> Value {
    let mut document = json!({ "id": task.id.as_str(), "status": task.status.as_str() });
    let fields = [
        ("type", task.action.map(Action::as_str)),
        ("trigger", task.trigger.map(Trigger::as_str)),
        ("secret_id", task.secret_id.as_ref().map(AsRef::as_ref)),
        ("secret_version_id", task.secret_version_id.as_ref().map(AsRef::as_ref)),
        ("created_by", task.created_by.as_deref()),
        ("updated_by", task.updated_by.as_deref()),
        ("creation_date", task.creation_date.as_deref()),
        ("last_update_date", task.last_update_date.as_deref()),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            document[name] = value.into();
        }
    }
    if !task.errors.is_empty() {
        let error = |error: &TaskError| json!({ "code": error.code, "description": error.description });
        document["errors"] = task.errors.iter().map(error).collect();
    }
    document
}
