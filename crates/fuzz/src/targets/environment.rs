//! The environment of a run (PROTOCOL 1.1, 1.4, 1.6; DESIGN 8).

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

use credjob::contract::{Auth, Environment, MAX_DEADLINE, MIN_DEADLINE, Problem, ReportableProblem};

use crate::input::{CANARY, environment};
use crate::judge::{is_known_to_the_redactor, none_holds};

/// Without one of these the task cannot be addressed.
const REQUIRED: [&str; 3] = ["SM_INSTANCE_URL", "SM_SECRET_TASK_ID", "SM_SECRET_ID"];

/// What a job reads begins with one of these.
const PREFIXES: [&str; 5] = ["SM_", "SMIN_", "CREDJOB_", "JOB_INDEX", "SSL_CERT_FILE"];

type Variables = Vec<(OsString, OsString)>;
type Read = Result<Environment, Vec<Problem>>;

pub(super) fn check(data: &[u8]) {
    let variables = environment(data);
    let read = Environment::read(variables.clone());
    for name in REQUIRED.into_iter().filter(|name| text_of(&variables, name).is_none()) {
        let named = read.as_ref().err().is_some_and(|problems| problems.iter().any(|problem| problem.variable == name));
        assert!(named, "{name} has no usable value, and nobody says so");
    }
    match &read {
        Ok(environment) => addressed(environment, &variables),
        Err(problems) => {
            let named: BTreeSet<_> = problems.iter().map(|problem| &problem.variable).collect();
            assert!(named.len() == problems.len() && !named.is_empty(), "each variable is named once");
        }
    }
    let problems = all_problems(&read);
    let known = |problem: &Problem| PREFIXES.iter().any(|prefix| problem.variable.starts_with(prefix));
    assert!(problems.iter().all(known), "a problem names a variable that no job reads");
    order_does_not_matter(&variables, &read);
    values_are_not_shown(variables);
}

fn addressed(environment: &Environment, variables: &Variables) {
    let address = &environment.address;
    assert_eq!(address.instance.as_str().parse().as_ref(), Ok(&address.instance));
    assert_eq!(text_of(variables, "SM_SECRET_ID"), Some(address.secret_id.as_str()));
    assert_eq!(text_of(variables, "SM_SECRET_TASK_ID"), Some(address.task_id.as_str()));
    assert!((MIN_DEADLINE..=MAX_DEADLINE).contains(&environment.settings.deadline), "the deadline is out of range");
    match &address.auth {
        Auth::ApiKey(key) => {
            let key = key.expose();
            assert!(!key.is_empty() && key.trim() == key, "an API key is blank or has space around it");
            is_known_to_the_redactor(key);
        }
        Auth::TrustedProfile { id, name, .. } => {
            assert!(id.is_some() || name.is_some(), "a profile has an id or a name");
        }
    }
    let inputs = &environment.inputs;
    let read: BTreeSet<_> = inputs.names().filter_map(|name| Some((name, inputs.get(name)?.value))).collect();
    assert!(read == expected_inputs(variables), "the inputs are not those of the environment");
}

/// The value of each input: `SM_<NAME>_VALUE` before `SMIN_<NAME>_VALUE`.
fn expected_inputs(variables: &Variables) -> BTreeSet<(&str, &str)> {
    let names: BTreeSet<&str> = variables
        .iter()
        .filter_map(|(variable, _)| variable.to_str()?.strip_suffix("_VALUE"))
        .filter_map(|front| front.strip_prefix("SM_").or_else(|| front.strip_prefix("SMIN_")))
        .filter(|name| !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')))
        .collect();
    let value = |name: &str| {
        let from = |prefix| text_of(variables, &format!("{prefix}{name}_VALUE"));
        from("SM_").or_else(|| from("SMIN_"))
    };
    names.into_iter().filter_map(|name| Some((name, value(name)?))).collect()
}

/// The first value of this name, unless it is empty or no text.
fn text_of<'a>(variables: &'a Variables, name: &str) -> Option<&'a str> {
    let (_, value) = variables.iter().find(|(found, _)| found == OsStr::new(name))?;
    value.to_str().filter(|value| !value.is_empty())
}

fn all_problems(read: &Read) -> Vec<Problem> {
    match read {
        Ok(environment) => {
            let reportable = environment.problems.iter().map(|reportable| reportable.problem.clone());
            reportable.chain(environment.warnings.clone()).collect()
        }
        Err(problems) => problems.clone(),
    }
}

fn order_does_not_matter(variables: &Variables, read: &Read) {
    let names: BTreeSet<_> = variables.iter().map(|(name, _)| name).collect();
    if names.len() == variables.len() {
        let reversed = Environment::read(variables.iter().rev().cloned());
        assert!(format!("{read:?}") == format!("{reversed:?}"), "another order reads differently");
    }
}

/// Whatever is wrong with a value, it is not repeated: the same environment with a mark in every value.
fn values_are_not_shown(variables: Variables) {
    let marked = variables.into_iter().map(|(name, mut value)| {
        value.push(CANARY);
        (name, value)
    });
    let read = Environment::read(marked);
    let texts: Vec<String> = all_problems(&read).iter().map(ToString::to_string).collect();
    none_holds(&texts, CANARY);
    if let Ok(environment) = &read {
        let failure = ReportableProblem::failure(&environment.problems);
        none_holds(failure.map(|failure| failure.to_task_error().description).iter(), CANARY);
    }
}
