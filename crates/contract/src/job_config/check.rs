//! The rules that concern names, and the file as a whole.

use std::collections::BTreeSet;

use super::{ConfigProblem, Direction, Variable};
use crate::declaration::Declaration;
use crate::environment::SERVICE_NAMES;

/// One entry of the file whose name was read. Its declaration may have been refused already.
pub(super) struct Entry {
    pub(super) full_name: String,
    pub(super) declaration: Option<Declaration>,
}

impl Entry {
    pub(super) fn of(variable: Variable) -> Self {
        Self { full_name: variable.full_name(), declaration: Some(variable.declaration) }
    }

    /// `None` if the name has no known prefix or the declaration was refused.
    pub(super) fn into_variable(self) -> Option<Variable> {
        let (direction, name) = split(&self.full_name)?;
        Some(Variable { direction, name: name.to_owned(), declaration: self.declaration? })
    }

    /// An output whose declaration was refused may be meant as required; it has been complained about already.
    fn may_be_required_output(&self) -> bool {
        let output = matches!(split(&self.full_name), Some((Direction::Output, _)));
        output && self.declaration.as_ref().is_none_or(|declaration| declaration.required)
    }
}

/// Every broken rule.
pub(super) fn all(entries: &[Entry]) -> Vec<ConfigProblem> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in entries {
        problems.extend(name_problems(&entry.full_name).map(|what| ConfigProblem::of(&entry.full_name, what)));
        if !seen.insert(entry.full_name.as_str()) {
            problems.push(ConfigProblem::of(&entry.full_name, "is declared twice"));
        }
        for problem in entry.declaration.iter().flat_map(|declaration| declaration.variable_type.problems()) {
            problems.push(ConfigProblem::of(&entry.full_name, problem.to_string()));
        }
    }
    for entry in entries {
        problems.extend(fallback_clash(&entry.full_name, &seen));
    }
    if !entries.iter().any(Entry::may_be_required_output) {
        problems.push(ConfigProblem::file("at least one `SMOUT_` variable must be `required:true`"));
    }
    problems
}

/// The bytes of one variable in a job.
pub(super) fn env_size(name: &str, value: &str) -> usize {
    const FRAME: usize = r#"{"name":"","value":""},"#.len();
    FRAME + name.len() + value.len()
}

fn split(full_name: &str) -> Option<(Direction, &str)> {
    [Direction::Input, Direction::Output]
        .into_iter()
        .find_map(|direction| full_name.strip_prefix(direction.prefix()).map(|name| (direction, name)))
}

/// `^(SMIN_|SMOUT_)[A-Z0-9_]+$`, and no input has a name of the service (PROTOCOL 1.2, "Name clash hazard").
fn name_problems(full_name: &str) -> Option<String> {
    let Some((direction, name)) = split(full_name) else {
        return Some("begins with neither `SMIN_` nor `SMOUT_`".to_owned());
    };
    if name.is_empty() {
        return Some("has no name after its prefix".to_owned());
    }
    if !name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')) {
        return Some("holds something other than A to Z, 0 to 9 and `_`".to_owned());
    }
    if direction == Direction::Input && SERVICE_NAMES.contains(&name) {
        return Some(format!("is reserved: Secrets Manager itself sets `SM_{name}`"));
    }
    None
}

/// The declaration of input `X_VALUE` stands in `SMIN_X_VALUE`, where the value of input `X` is looked for second
/// (PROTOCOL 1.4).
fn fallback_clash(full_name: &str, all: &BTreeSet<&str>) -> Option<ConfigProblem> {
    let other =
        full_name.strip_suffix("_VALUE").filter(|other| full_name.starts_with("SMIN_") && all.contains(other))?;
    Some(ConfigProblem::of(full_name, format!("clashes with `{other}`, whose value may arrive under this name")))
}
