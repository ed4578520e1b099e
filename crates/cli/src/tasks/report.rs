//! The report of `secret-task-update`: one of the three bodies of PROTOCOL 4.2, checked before it is sent.

use credjob_client::TaskUpdate;
use credjob_contract::{CredentialsId, IdError, Secret, TaskError, redact};
use serde_json::{Value, json};

use super::args::UpdateArgs;
use crate::problem::Problem;
use crate::service::{json_of, secret_json_of, word};

/// The statuses that a report can have.
const STATUSES: [&str; 3] = ["credentials_created", "credentials_deleted", "failed"];

/// A report that is complete.
#[derive(Debug)]
pub(crate) enum Report {
    Created { id: CredentialsId, payload: Secret<String> },
    Deleted,
    Failed(Vec<TaskError>),
}

impl Report {
    /// Reads the flags and their files.
    pub(crate) fn read(arguments: &UpdateArgs) -> Result<Self, Problem> {
        let body = match &arguments.task_put {
            Some(text) => secret_json_of("--task-put", text)?,
            None => parts(arguments)?,
        };
        Self::parse(&body)
    }

    /// What the client sends.
    pub(crate) fn update(&self) -> TaskUpdate<'_> {
        match self {
            Self::Created { id, payload } => TaskUpdate::Created { id, payload: payload.expose() },
            Self::Deleted => TaskUpdate::Deleted,
            Self::Failed(errors) => TaskUpdate::Failed(errors.clone()),
        }
    }

    fn parse(body: &Value) -> Result<Self, Problem> {
        let Some(status) = body["status"].as_str() else {
            return Err(wrong("the report is a JSON object with a text `status`"));
        };
        let has = |key: &str| body.get(key).is_some_and(|value| !value.is_null());
        let report = match word("status", status, &STATUSES)? {
            "credentials_created" => created(&body["credentials"])?,
            "failed" => Self::Failed(errors(&body["errors"])?),
            _ => Self::Deleted,
        };
        match &report {
            Self::Created { .. } | Self::Deleted if has("errors") => Err(wrong("errors go with the status failed")),
            Self::Failed(_) | Self::Deleted if has("credentials") => {
                Err(wrong("credentials go with the status credentials_created"))
            }
            _ => Ok(report),
        }
    }
}

fn parts(arguments: &UpdateArgs) -> Result<Value, Problem> {
    let mut body = json!({ "status": arguments.task_put_status });
    if let Some(text) = &arguments.task_put_credentials {
        body["credentials"] = secret_json_of("--task-put-credentials", text)?;
    }
    if let Some(text) = &arguments.task_put_errors {
        body["errors"] = json_of("--task-put-errors", text)?;
    }
    Ok(body)
}

fn created(credentials: &Value) -> Result<Report, Problem> {
    let (Some(id), Some(payload)) = (credentials["id"].as_str(), credentials["payload"].as_object()) else {
        return Err(wrong("credentials_created needs credentials with a text `id` and an object `payload`"));
    };
    if payload.values().any(|value| !(value.is_string() || value.is_i64() || value.is_u64() || value.is_boolean())) {
        return Err(wrong("the values of a payload are strings, integers and booleans"));
    }
    // Whatever the service says about the report, none of these is shown.
    payload.values().filter_map(Value::as_str).for_each(|text| redact::register(text.as_bytes()));
    let id = id.parse().map_err(|error: IdError| wrong(&error.to_string()))?;
    Ok(Report::Created { id, payload: Secret::from(credentials["payload"].to_string()) })
}

fn errors(errors: &Value) -> Result<Vec<TaskError>, Problem> {
    let needs = || wrong("failed needs `errors`: 1 to 10 objects with the texts `code` and `description`");
    let errors = errors.as_array().filter(|errors| (1..=TaskError::MAX_PER_TASK).contains(&errors.len()));
    let text = |error: &Value, key: &str| error[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let error = |error: &Value| Some(TaskError::new(&text(error, "code")?, &text(error, "description")?));
    errors.and_then(|errors| errors.iter().map(error).collect()).ok_or_else(needs)
}

fn wrong(what: &str) -> Problem {
    Problem::usage(what).hint("`credjob secret-task-update --help` shows the three reports")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &Value) -> String {
        Report::parse(body).expect_err("refused").to_string()
    }

    #[test]
    fn the_three_bodies_are_read() {
        let created = json!({ "status": "credentials_created", "credentials": { "id": "tok-1", "payload": { "token": "x", "uses": 3 } } });
        assert!(matches!(Report::parse(&created), Ok(Report::Created { id, .. }) if id.as_str() == "tok-1"));
        assert!(matches!(Report::parse(&json!({ "status": "credentials_deleted" })), Ok(Report::Deleted)));
        let failed = json!({ "status": "failed", "errors": [{ "code": "ERR1", "description": "no quota" }] });
        assert!(matches!(Report::parse(&failed), Ok(Report::Failed(errors)) if errors[0].code == "ERR1"));
    }

    #[test]
    fn an_unknown_status_gets_a_suggestion() {
        let text = refusal(&json!({ "status": "credential_created" }));
        assert!(text.contains("did you mean `credentials_created`?"), "{text}");
    }

    #[test]
    fn incomplete_and_mixed_reports_are_refused() {
        for body in [
            json!([]),
            json!({ "status": null }),
            json!({ "status": "credentials_created" }),
            json!({ "status": "credentials_created", "credentials": { "id": "a", "payload": { "token": null } } }),
            json!({ "status": "credentials_created", "credentials": { "id": " ", "payload": {} } }),
            json!({ "status": "failed", "errors": [] }),
            json!({ "status": "failed", "errors": [{ "code": "ERR1" }] }),
            json!({ "status": "credentials_deleted", "errors": [{ "code": "a", "description": "b" }] }),
            json!({ "status": "credentials_deleted", "credentials": { "id": "a", "payload": {} } }),
        ] {
            assert!(refusal(&body).contains("hint: "), "{body}");
        }
    }
}
