use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::task::{Action, Trigger};

const UUID: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
const VERSION: &str = "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e";
const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const KEY: &str = "environment-apikey-canary";

/// The variables that no run can do without.
const ADDRESS: [&str; 4] = ["SM_INSTANCE_URL", "SM_SECRET_TASK_ID", "SM_SECRET_ID", "SM_ACCESS_APIKEY"];

/// An environment under construction.
#[derive(Clone)]
struct Vars(Vec<(OsString, OsString)>);

impl Vars {
    /// What Secrets Manager sets for a create task.
    fn create() -> Self {
        Self(Vec::new())
            .set("SM_ACTION", "create_credentials")
            .set("SM_TRIGGER", "secret_creation")
            .set("SM_INSTANCE_URL", "https://0d9f1c3e.us-south.secrets-manager.appdomain.cloud/api")
            .set("SM_SECRET_TASK_ID", TASK)
            .set("SM_SECRET_ID", UUID)
            .set("SM_SECRET_NAME", "billing-db")
            .set("SM_SECRET_GROUP_ID", "default")
            .set("SM_ACCESS_APIKEY", KEY)
    }

    /// What Secrets Manager sets for a delete task.
    fn delete() -> Self {
        Self::create()
            .set("SM_ACTION", "delete_credentials")
            .set("SM_TRIGGER", "secret_version_expiration")
            .set("SM_CREDENTIALS_ID", "tok-000193")
            .set("SM_SECRET_VERSION_ID", VERSION)
    }

    fn set(self, name: &str, value: &str) -> Self {
        self.set_bytes(name, value.as_bytes())
    }

    fn set_bytes(self, name: &str, value: &[u8]) -> Self {
        let mut vars = self.unset(name);
        vars.0.push((name.into(), OsString::from_vec(value.to_vec())));
        vars
    }

    fn unset(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    fn read(self) -> Environment {
        Environment::read(self.0).unwrap()
    }

    /// The names of the variables that make the task unreachable.
    fn fatal(self) -> Vec<String> {
        Environment::read(self.0).unwrap_err().into_iter().map(|problem| problem.variable).collect()
    }

    /// Code and variable of each reportable problem.
    fn reported(self) -> Vec<(&'static str, String)> {
        self.read().problems.into_iter().map(|found| (found.code, found.problem.variable)).collect()
    }
}

fn reported(code: &'static str, variable: &str) -> Vec<(&'static str, String)> {
    vec![(code, variable.to_owned())]
}

mod address_is;
mod inputs_are;
mod settings_are;
mod task_is;

#[test]
fn a_complete_create_environment_has_no_problems() {
    let environment = Vars::create().read();
    assert_eq!((environment.problems.len(), environment.warnings.len()), (0, 0));
    assert!(ReportableProblem::failure(&environment.problems).is_none());
}

#[test]
fn an_empty_environment_names_every_variable_once() {
    assert_eq!(
        Vars(Vec::new()).fatal(),
        ["SM_ACTION", "SM_TRIGGER", "SM_INSTANCE_URL", "SM_SECRET_TASK_ID", "SM_SECRET_ID", "SM_ACCESS_APIKEY"]
    );
}

#[test]
fn other_problems_are_listed_beside_an_unreachable_task() {
    let vars = Vars::create()
        .unset("SM_SECRET_ID")
        .set("SM_ACTION", "rotate")
        .set("CREDJOB_DEADLINE", "soon")
        .set("SM_SECRET_GROUP_ID", "?")
        .set_bytes("SM_ORG_VALUE", b"\xff");
    assert_eq!(vars.fatal(), ["SM_ACTION", "SM_SECRET_GROUP_ID", "SM_SECRET_ID", "CREDJOB_DEADLINE", "SM_ORG_VALUE"]);
}

#[test]
fn a_value_that_is_not_utf8_is_a_problem_of_its_variable() {
    for name in ADDRESS {
        assert_eq!(Vars::create().set_bytes(name, b"\xff").fatal(), [name]);
    }
}

#[test]
fn foreign_variables_may_hold_anything() {
    let mut vars = Vars::create().set_bytes("PATH", b"\xff").set_bytes("SM_OTHER", b"\xff");
    vars.0.push((OsString::from_vec(b"SM_\xff_VALUE".to_vec()), "x".into()));
    assert!(vars.read().problems.is_empty());
}

#[test]
fn the_first_of_two_values_counts() {
    let mut vars = Vars::create();
    vars.0.push(("SM_SECRET_NAME".into(), "second".into()));
    assert_eq!(vars.read().task.secret_name.as_deref(), Some("billing-db"));
}

#[test]
fn names_are_matched_exactly() {
    let vars = Vars::create().unset("SM_SECRET_ID").set("sm_secret_id", UUID).set("SM_secret_id", UUID);
    assert_eq!(vars.fatal(), ["SM_SECRET_ID"]);
}

#[test]
fn the_failure_has_the_first_code_and_every_text() {
    let vars = Vars::delete().unset("SM_CREDENTIALS_ID").set("JOB_INDEX", "one");
    let failure = ReportableProblem::failure(&vars.read().problems).unwrap();
    assert_eq!(failure.code(), codes::MISSING_CREDENTIALS_ID);
    assert!(failure.is_nothing_created());
    assert!(failure.message().starts_with("SM_CREDENTIALS_ID: is not set"));
    assert!(failure.message().ends_with("; JOB_INDEX: is not a whole number"));
}

#[test]
fn no_text_shows_a_value() {
    let leak = "leaked-value-canary";
    let names =
        ["SM_ACTION", "SM_TRIGGER", "SM_SECRET_GROUP_ID", "SM_SECRET_VERSION_ID", "JOB_INDEX", "CREDJOB_DEADLINE"];
    let vars = names.into_iter().fold(Vars::delete(), |vars, name| vars.set(name, leak));
    let environment = vars.clone().set("SM_ORG_VALUE", leak).read();
    assert!(!format!("{environment:?}").contains(leak));
    assert!(!format!("{environment:?}").contains(KEY));
    let names = ["SM_INSTANCE_URL", "SM_SECRET_TASK_ID", "SM_SECRET_ID", "CREDJOB_IAM_URL"];
    let problems = Environment::read(names.into_iter().fold(vars, |vars, name| vars.set(name, leak)).0).unwrap_err();
    assert!(!format!("{problems:?}").contains(leak));
}

#[test]
fn a_parameter_problem_is_reported_as_a_bad_parameter() {
    let reportable = ReportableProblem::from(Problem::new("SM_X_VALUE", "must be an integer"));
    assert_eq!(reportable.code, codes::BAD_PARAMETER);
}

#[test]
fn a_failure_names_each_variable_once() {
    let mut problems = Vars::create().set_bytes("SM_X_VALUE", b"\xff").read().problems;
    problems.push(Problem::new("SM_X_VALUE", "is required").into());
    problems.push(Problem::new("SM_Y_VALUE", "is required").into());
    let failure = ReportableProblem::failure(&problems).unwrap();
    assert_eq!(failure.code(), codes::BAD_ENVIRONMENT);
    assert_eq!(failure.message(), "SM_X_VALUE: is not valid UTF-8; SM_Y_VALUE: is required");
}
