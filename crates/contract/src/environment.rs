//! What a run is told by its environment (PROTOCOL 1.1, 1.4 and 1.6; DESIGN 8). Read once; every problem is collected.

use std::ffi::OsString;

use crate::codes;
use crate::failure::Failure;
use crate::inputs::{Inputs, Problem};

mod address;
mod facts;
mod settings;
mod variables;

pub use address::{Address, Auth, IAM_PRIVATE_URL, IAM_PUBLIC_URL, IAM_TEST_URL};
pub use facts::{RunFacts, TaskFacts};
pub use settings::{DEFAULT_DEADLINE, MAX_DEADLINE, MIN_DEADLINE, Settings};

pub(crate) use variables::SERVICE_NAMES;
use variables::{Findings, Variables};

/// Everything that a run learns from its environment.
#[derive(Debug, Clone)]
pub struct Environment {
    /// How to reach the task.
    pub address: Address,
    /// What the task asks for.
    pub task: TaskFacts,
    /// Values of the inputs.
    pub inputs: Inputs,
    /// Settings of the job's owner.
    pub settings: Settings,
    /// What Code Engine says about this run.
    pub run: RunFacts,
    /// What makes the run impossible, in reading order. Not empty: report the task as failed and create nothing.
    pub problems: Vec<ReportableProblem>,
    /// What is odd but does no harm, such as an unknown trigger: for the log.
    pub warnings: Vec<Problem>,
}

impl Environment {
    /// Reads the environment. Names are matched exactly, an empty value counts as unset, and only the first of two
    /// values with the same name counts. A value that is not UTF-8 is a problem of its variable.
    ///
    /// # Errors
    ///
    /// When the task cannot be addressed (`SM_INSTANCE_URL`, `SM_SECRET_ID`, `SM_SECRET_TASK_ID`, the means of
    /// authentication, the IAM URL) or the deadline is below [`MIN_DEADLINE`]: every problem of the whole environment,
    /// each once. The run ends with [`Exit::CannotAddress`](crate::Exit::CannotAddress).
    pub fn read(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self, Vec<Problem>> {
        let mut findings = Findings::default();
        let variables = Variables::collect(variables);
        let task = facts::task(&variables, &mut findings);
        let address = address::read(&variables, &mut findings);
        let settings = settings::read(&variables, &mut findings);
        let run = facts::run(&variables, &mut findings);
        let inputs = variables.inputs(&mut findings);
        let (problems, warnings) = findings.settle()?;
        // `settle` has returned if the address is missing: each part that is missing left a finding of the gravest
        // kind.
        let address = address.ok_or_else(|| vec![Problem::new("SM_INSTANCE_URL", "the task cannot be addressed")])?;
        Ok(Self { address, task, inputs, settings, run, problems, warnings })
    }
}

/// A problem that ends as a failed task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportableProblem {
    /// The framework code that it is reported under, from [`codes`].
    pub code: &'static str,
    /// Which variable, and what is wrong.
    pub problem: Problem,
}

impl ReportableProblem {
    /// One failure for all problems: the code of the first one, the first problem of each variable in the text, nothing
    /// created. `None` without problems.
    pub fn failure(problems: &[Self]) -> Option<Failure> {
        let first = problems.first()?;
        let each = Problem::first_of_each(problems.iter().map(|reportable| reportable.problem.clone()));
        let texts: Vec<String> = each.iter().map(ToString::to_string).collect();
        Some(Failure::new(first.code, texts.join("; ")).nothing_created())
    }
}

impl From<Problem> for ReportableProblem {
    /// A problem with a parameter, as `Params::from_inputs` finds it.
    fn from(problem: Problem) -> Self {
        Self { code: codes::BAD_PARAMETER, problem }
    }
}

#[cfg(test)]
mod tests;
