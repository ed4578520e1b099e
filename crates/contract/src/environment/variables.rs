//! The raw variables, sorted into those that can be read and those that cannot, and the findings about them.

use std::collections::BTreeMap;
use std::ffi::OsString;

use zeroize::Zeroize;

use super::ReportableProblem;
use crate::codes;
use crate::inputs::{Inputs, Problem};

/// The prefix of what Secrets Manager sets.
const SERVICE_PREFIX: &str = "SM_";

/// The prefix of a declared input. IBM's README also puts it before the value (PROTOCOL 1.4).
const INPUT_PREFIX: &str = "SMIN_";

/// The ending of a variable that holds the value of an input.
const VALUE_SUFFIX: &str = "_VALUE";

/// The service's own variables without `SM_` (PROTOCOL 1.1). No input may have one of these names (PROTOCOL 1.2).
pub(crate) const SERVICE_NAMES: [&str; 10] = [
    "ACTION",
    "TRIGGER",
    "INSTANCE_URL",
    "SECRET_TASK_ID",
    "SECRET_ID",
    "SECRET_NAME",
    "SECRET_GROUP_ID",
    "CREDENTIALS_ID",
    "SECRET_VERSION_ID",
    "ACCESS_APIKEY",
];

const NOT_UTF8: &str = "is not valid UTF-8";

/// One variable as found. No `Debug`: it may hold a secret.
enum Found {
    Text(String),
    NotUtf8,
}

/// All variables of the environment whose name is UTF-8.
pub(super) struct Variables {
    all: BTreeMap<String, Found>,
    service: BTreeMap<String, String>,
}

/// The API key is among the values.
impl Drop for Variables {
    fn drop(&mut self) {
        for found in self.all.values_mut() {
            if let Found::Text(text) = found {
                text.zeroize();
            }
        }
        self.service.values_mut().for_each(Zeroize::zeroize);
    }
}

impl Variables {
    pub(super) fn collect(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut all = BTreeMap::new();
        for (name, value) in variables {
            if let Ok(name) = name.into_string() {
                let found = value.into_string().map_or(Found::NotUtf8, Found::Text);
                all.entry(name).or_insert(found);
            }
        }
        let service = map_service(&all);
        Self { all, service }
    }

    /// A variable of Secrets Manager, by its full name. `None` if unset or empty.
    pub(super) fn service(&self, name: &str) -> Result<Option<&str>, Problem> {
        if let Some(Found::NotUtf8) = self.all.get(name) {
            return Err(Problem::new(name, NOT_UTF8));
        }
        let key = name.strip_prefix(SERVICE_PREFIX).unwrap_or(name).to_ascii_lowercase();
        Ok(self.service.get(&key).map(String::as_str).filter(|value| !value.is_empty()))
    }

    /// Any other variable. `None` if unset or empty.
    pub(super) fn other(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.all.get(name) {
            Some(Found::NotUtf8) => Err(Problem::new(name, NOT_UTF8)),
            Some(Found::Text(text)) if !text.is_empty() => Ok(Some(text)),
            _ => Ok(None),
        }
    }

    /// The values of all inputs: `SM_<NAME>_VALUE` first, `SMIN_<NAME>_VALUE` second. They do not go through `envy`,
    /// whose prefix is cut as often as it stands there, so that `SM_SM_X_VALUE` would be taken for `SM_X_VALUE`.
    pub(super) fn inputs(&self, findings: &mut Findings) -> Inputs {
        let mut inputs = Inputs::default();
        for prefix in [SERVICE_PREFIX, INPUT_PREFIX] {
            for (variable, found) in &self.all {
                let Some(name) = input_name(variable, prefix) else { continue };
                match found {
                    Found::Text(text) => inputs.insert(name.to_owned(), variable.clone(), text.clone()),
                    Found::NotUtf8 => findings.report(codes::BAD_ENVIRONMENT, Problem::new(variable, NOT_UTF8)),
                }
            }
        }
        inputs
    }
}

/// `envy` maps the service's variables. Alone it would panic on a value that is not UTF-8, ignore case, and stop at the
/// first error with the value in its text (DESIGN 11), so it gets exactly the names we know, their text, and a target
/// that takes any text.
fn map_service(all: &BTreeMap<String, Found>) -> BTreeMap<String, String> {
    let known = SERVICE_NAMES.iter().filter_map(|name| {
        let name = format!("{SERVICE_PREFIX}{name}");
        match all.get(&name) {
            Some(Found::Text(text)) => Some((name, text.clone())),
            _ => None,
        }
    });
    // A map of texts takes every pair, so there is no error to report.
    envy::prefixed(SERVICE_PREFIX).from_iter(known).unwrap_or_default()
}

/// `COMMON_NAME` of `SM_COMMON_NAME_VALUE`; names that no input can have are not ours.
fn input_name<'a>(variable: &'a str, prefix: &str) -> Option<&'a str> {
    let name = variable.strip_prefix(prefix)?.strip_suffix(VALUE_SUFFIX)?;
    let fits = name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'));
    (fits && !name.is_empty()).then_some(name)
}

/// How grave a finding is.
enum Gravity {
    /// The task cannot be addressed.
    Fatal,
    /// The task fails with this code.
    Reportable(&'static str),
    /// The run goes on.
    Warning,
}

/// Everything found while reading, in reading order.
#[derive(Default)]
pub(super) struct Findings(Vec<(Gravity, Problem)>);

impl Findings {
    pub(super) fn fatal(&mut self, problem: Problem) {
        self.0.push((Gravity::Fatal, problem));
    }

    pub(super) fn report(&mut self, code: &'static str, problem: Problem) {
        self.0.push((Gravity::Reportable(code), problem));
    }

    pub(super) fn warn(&mut self, problem: Problem) {
        self.0.push((Gravity::Warning, problem));
    }

    /// Everything at once if the task cannot be addressed; else what to report and what to log.
    pub(super) fn settle(self) -> Result<(Vec<ReportableProblem>, Vec<Problem>), Vec<Problem>> {
        if self.0.iter().any(|(gravity, _)| matches!(gravity, Gravity::Fatal)) {
            return Err(Problem::first_of_each(self.0.into_iter().map(|(_, problem)| problem)));
        }
        let (mut problems, mut warnings) = (Vec::new(), Vec::new());
        for (gravity, problem) in self.0 {
            match gravity {
                Gravity::Reportable(code) => problems.push(ReportableProblem { code, problem }),
                Gravity::Warning | Gravity::Fatal => warnings.push(problem),
            }
        }
        Ok((problems, warnings))
    }
}
