//! `job_config.json`: the inputs and outputs that a job declares (PROTOCOL 1.2).

use std::collections::BTreeSet;
use std::fmt;

use serde_json::json;

use crate::declaration::{Declaration, VariableType};
use crate::spec::FieldSpec;

mod check;
mod json;

/// The most bytes of a Code Engine job, environment variables included (PROTOCOL 1.7).
pub const JOB_SIZE_LIMIT: usize = 10 * 1024;

/// Whether a variable is an input or an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `SMIN_`: a parameter of the secret.
    Input,
    /// `SMOUT_`: a part of the credentials.
    Output,
}

impl Direction {
    /// The prefix of the declared variable.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Input => "SMIN_",
            Self::Output => "SMOUT_",
        }
    }
}

/// One declared variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Input or output.
    pub direction: Direction,
    /// The bare name, for example `COMMON_NAME`.
    pub name: String,
    /// Its type, and whether it is required.
    pub declaration: Declaration,
}

impl Variable {
    /// The name of the declared variable: `SMIN_COMMON_NAME`.
    pub fn full_name(&self) -> String {
        format!("{}{}", self.direction.prefix(), self.name)
    }

    /// The name in the configuration's schema, in parameters and in the payload: `common_name` (PROTOCOL 1.3).
    pub fn schema_name(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    /// The variable that holds the value of this input in a run: `SM_COMMON_NAME_VALUE` (PROTOCOL 1.4).
    pub fn value_variable(&self) -> String {
        format!("SM_{}_VALUE", self.name)
    }

    fn from_spec(direction: Direction, spec: &FieldSpec) -> Self {
        let variable_type = VariableType::from(&spec.ty);
        Self {
            direction,
            name: spec.name.to_owned(),
            declaration: Declaration { variable_type, required: spec.required },
        }
    }
}

/// One thing that is wrong with a `job_config.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The variable, or the place in the file; `None` for the file as a whole.
    pub variable: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl ConfigProblem {
    fn file(what: impl Into<String>) -> Self {
        Self { variable: None, what: what.into() }
    }

    fn of(variable: impl Into<String>, what: impl Into<String>) -> Self {
        Self { variable: Some(variable.into()), what: what.into() }
    }
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.variable {
            Some(variable) => write!(f, "{variable}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for ConfigProblem {}

/// Every variable that a job declares, in the order of the file. A value of this type made by [`JobConfig::parse`],
/// [`JobConfig::new`] or [`JobConfig::from_specs`] obeys every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobConfig {
    /// The variables.
    pub variables: Vec<Variable>,
}

impl JobConfig {
    /// Reads a `job_config.json`: the stricter of IBM's generator and deployer for every rule, no name or key twice, no
    /// name of the service, and no more than [`JOB_SIZE_LIMIT`].
    ///
    /// # Errors
    ///
    /// Every problem of the file.
    pub fn parse(json: &str) -> Result<Self, Vec<ConfigProblem>> {
        let (variables, mut problems) = json::variables(json)?;
        problems.extend(check::all(&variables));
        Self::settle(variables.into_iter().filter_map(check::Entry::into_variable).collect(), problems)
    }

    /// A configuration of these variables.
    ///
    /// # Errors
    ///
    /// Every broken rule.
    pub fn new(variables: Vec<Variable>) -> Result<Self, Vec<ConfigProblem>> {
        let entries: Vec<_> = variables.iter().cloned().map(check::Entry::of).collect();
        let problems = check::all(&entries);
        Self::settle(variables, problems)
    }

    /// The configuration that a job's parameters and credentials declare.
    ///
    /// # Errors
    ///
    /// Every broken rule.
    pub fn from_specs(inputs: &[FieldSpec], outputs: &[FieldSpec]) -> Result<Self, Vec<ConfigProblem>> {
        let inputs = inputs.iter().map(|spec| Variable::from_spec(Direction::Input, spec));
        let outputs = outputs.iter().map(|spec| Variable::from_spec(Direction::Output, spec));
        Self::new(inputs.chain(outputs).collect())
    }

    /// The file: pretty JSON that ends in a newline.
    pub fn to_json(&self) -> String {
        let variables: Vec<_> = self
            .variables
            .iter()
            .map(|variable| json!({ "name": variable.full_name(), "value": variable.declaration.to_string() }))
            .collect();
        format!("{:#}\n", json!({ "job_env_variables": variables }))
    }

    /// The bytes that the declared variables take in the job, written as Code Engine keeps them:
    /// `{"name":"…","value":"…"}` each. Add what the rest of the job takes (image reference, other variables) and
    /// compare with [`JOB_SIZE_LIMIT`].
    pub fn size(&self) -> usize {
        self.variables
            .iter()
            .map(|variable| check::env_size(&variable.full_name(), &variable.declaration.to_string()))
            .sum()
    }

    fn settle(variables: Vec<Variable>, problems: Vec<ConfigProblem>) -> Result<Self, Vec<ConfigProblem>> {
        let config = Self { variables };
        let mut problems = problems;
        let size = config.size();
        if size > JOB_SIZE_LIMIT {
            problems.push(ConfigProblem::file(format!(
                "the variables take {size} bytes, but a Code Engine job has at most {JOB_SIZE_LIMIT}: shorten names or enums"
            )));
        }
        let mut seen = BTreeSet::new();
        problems.retain(|problem| seen.insert(problem.to_string()));
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }
}

#[cfg(test)]
mod tests;
