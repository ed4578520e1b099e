//! What the task asks for, and what Code Engine says about the run.

use std::str::FromStr;

use super::variables::{Findings, Variables};
use crate::codes;
use crate::ids::{CredentialsId, SecretGroupId, VersionId};
use crate::inputs::Problem;
use crate::task::{Action, Trigger};

/// What the task asks for (PROTOCOL 1.1).
#[derive(Debug, Clone)]
pub struct TaskFacts {
    /// What to do. An unknown action is reported as a failure of the task.
    pub action: Result<Action, Problem>,
    /// What started the task. An unknown trigger does not stop the run.
    pub trigger: Result<Trigger, Problem>,
    /// Name of the secret.
    pub secret_name: Option<String>,
    /// Group of the secret. A malformed one is left out.
    pub secret_group: Option<SecretGroupId>,
    /// The credentials to delete; `None` for create tasks.
    pub credentials_id: Option<CredentialsId>,
    /// The version that the deletion concerns; `None` for create tasks.
    pub version_id: Option<VersionId>,
}

/// What Code Engine says about this run (PROTOCOL 1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFacts {
    /// Index of this instance, from 0. Only instance 0 acts.
    pub job_index: u32,
    /// How often this instance was started again after a failure.
    pub retry_count: u32,
}

pub(super) fn task(variables: &Variables, findings: &mut Findings) -> TaskFacts {
    let action = word(variables, "SM_ACTION");
    if let Err(problem) = &action {
        findings.report(codes::UNKNOWN_ACTION, problem.clone());
    }
    let trigger = word(variables, "SM_TRIGGER");
    if let Err(problem) = &trigger {
        findings.warn(problem.clone());
    }
    let (secret_name, secret_group) =
        (optional(variables, "SM_SECRET_NAME"), optional(variables, "SM_SECRET_GROUP_ID"));
    let deletes = matches!(action, Ok(Action::DeleteCredentials));
    let credentials_id = if deletes { credentials_to_delete(variables, findings) } else { None };
    let version_id = if deletes {
        // Nothing depends on it: a malformed one must not block the deletion.
        optional(variables, "SM_SECRET_VERSION_ID").unwrap_or_else(|problem| warned(findings, problem))
    } else {
        None
    };
    TaskFacts {
        action,
        trigger,
        secret_name: secret_name.unwrap_or_else(|problem| warned(findings, problem)),
        secret_group: secret_group.unwrap_or_else(|problem| warned(findings, problem)),
        credentials_id,
        version_id,
    }
}

pub(super) fn run(variables: &Variables, findings: &mut Findings) -> RunFacts {
    let mut number = |name: &str| match variables.other(name) {
        Ok(None) => 0,
        Ok(Some(text)) => text.trim().parse().unwrap_or_else(|_| {
            findings.report(codes::BAD_ENVIRONMENT, Problem::new(name, "is not a whole number"));
            0
        }),
        Err(problem) => {
            findings.report(codes::BAD_ENVIRONMENT, problem);
            0
        }
    };
    RunFacts { job_index: number("JOB_INDEX"), retry_count: number("JOB_INDEX_RETRY_COUNT") }
}

/// A word that the service always sets.
fn word<T: FromStr<Err: std::fmt::Display>>(variables: &Variables, name: &str) -> Result<T, Problem> {
    match variables.service(name)? {
        Some(text) => text
            .parse()
            .map_err(|error: T::Err| Problem::new(name, format!("{error}; a newer image of the job may know it"))),
        None => Err(Problem::new(name, "is not set; Secrets Manager sets it when it starts the job")),
    }
}

fn optional<T: FromStr<Err: std::fmt::Display>>(variables: &Variables, name: &str) -> Result<Option<T>, Problem> {
    match variables.service(name)? {
        Some(text) => {
            text.parse().map(Some).map_err(|error: T::Err| Problem::new(name, format!("is malformed: {error}")))
        }
        None => Ok(None),
    }
}

fn credentials_to_delete(variables: &Variables, findings: &mut Findings) -> Option<CredentialsId> {
    const NAME: &str = "SM_CREDENTIALS_ID";
    match optional(variables, NAME) {
        Ok(Some(id)) => return Some(id),
        Ok(None) => findings.report(
            codes::MISSING_CREDENTIALS_ID,
            Problem::new(
                NAME,
                "is not set, so it is unknown which credentials to delete; remove them by hand and delete the task",
            ),
        ),
        Err(problem) => findings.report(codes::BAD_ENVIRONMENT, problem),
    }
    None
}

fn warned<T>(findings: &mut Findings, problem: Problem) -> Option<T> {
    findings.warn(problem);
    None
}
