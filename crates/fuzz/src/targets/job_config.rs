//! A whole `job_config.json` (PROTOCOL 1.2).

use std::collections::BTreeSet;

use credjob::contract::{ConfigProblem, Declaration, Direction, JOB_SIZE_LIMIT, JobConfig, Variable};
use serde_json::Value;

use crate::input::text;

pub(super) fn check(data: &[u8]) {
    let text = text(data);
    match JobConfig::parse(&text) {
        Ok(config) => accepted(&text, &config),
        Err(problems) => refused(&problems),
    }
}

fn accepted(text: &str, config: &JobConfig) {
    assert!(JobConfig::parse(&config.to_json()).as_ref() == Ok(config), "what is printed is read as something else");
    assert!(JobConfig::new(config.variables.clone()).as_ref() == Ok(config), "the same variables are refused");
    assert!(config.size() <= JOB_SIZE_LIMIT, "{} bytes do not fit into a job", config.size());
    assert!(config.variables.iter().any(is_required_output), "there is no required output");
    let names: BTreeSet<String> = config.variables.iter().map(Variable::full_name).collect();
    assert!(names.len() == config.variables.len(), "a name stands there twice");
    assert!(names.iter().all(|name| is_well_formed(name)), "a name is malformed");
    assert!(
        as_any_reader(text).is_some_and(|found| found == pairs(config)),
        "another JSON reader finds other variables"
    );
}

fn refused(problems: &[ConfigProblem]) {
    assert!(!problems.is_empty(), "a refusal has a reason");
    let texts: BTreeSet<String> = problems.iter().map(ToString::to_string).collect();
    assert!(texts.len() == problems.len(), "a problem is said twice");
}

fn is_required_output(variable: &Variable) -> bool {
    variable.direction == Direction::Output && variable.declaration.required
}

/// `^(SMIN_|SMOUT_)[A-Z0-9_]+$`
fn is_well_formed(name: &str) -> bool {
    let bare = name.strip_prefix("SMIN_").or_else(|| name.strip_prefix("SMOUT_")).unwrap_or_default();
    !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Names and declarations as `serde_json` alone finds them.
fn as_any_reader(text: &str) -> Option<Vec<(String, Declaration)>> {
    let file: Value = serde_json::from_str(text).ok()?;
    let pair = |entry: &Value| Some((entry["name"].as_str()?.to_owned(), entry["value"].as_str()?.parse().ok()?));
    file["job_env_variables"].as_array()?.iter().map(pair).collect()
}

fn pairs(config: &JobConfig) -> Vec<(String, Declaration)> {
    config.variables.iter().map(|variable| (variable.full_name(), variable.declaration.clone())).collect()
}
