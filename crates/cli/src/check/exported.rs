//! A configuration exported from Secrets Manager. Its schema was frozen when it was created (PROTOCOL 1.3).

use std::path::Path;

use credjob_contract::{Declaration, Direction, JobConfig, Variable, VariableType};
use serde_json::Value;

use super::finding::{Check, Report};
use crate::problem::Problem;
use crate::text_file;

/// What has to happen when the two do not fit.
const FIX: &str =
    "the schema of a configuration is frozen: create a new configuration for this job, or take the change back";

/// The part of a configuration that matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exported {
    name: String,
    entries: Vec<Entry>,
    /// As the service writes it.
    pub(crate) task_timeout: Option<String>,
}

/// One parameter or credential of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    direction: Direction,
    name: String,
    format: String,
    variable: Option<String>,
}

/// Reads the file: the answer of `GET /configurations/NAME`, or a list with one such configuration.
pub(crate) fn read(path: &Path) -> Result<Exported, Problem> {
    let shown = path.display();
    let text = text_file::read(path).map_err(|error| {
        Problem::usage(format!("cannot read {shown}: {error}")).hint("name the file with the exported configuration")
    })?;
    parse(&text).map_err(|what| {
        Problem::usage(format!("{shown} is no exported configuration: {what}"))
            .hint("ibmcloud secrets-manager configuration --name NAME --output json > FILE")
    })
}

fn parse(text: &str) -> Result<Exported, String> {
    let document: Value = serde_json::from_str(text).map_err(|error| format!("it is not valid JSON: {error}"))?;
    let configuration = match document["configurations"].as_array() {
        None => &document,
        Some(list) => {
            let mut ours =
                list.iter().filter(|configuration| configuration["config_type"] == "custom_credentials_configuration");
            match (ours.next(), ours.next()) {
                (Some(only), None) => only,
                (None, _) => return Err("the list holds no custom credentials configuration".to_owned()),
                _ => return Err("the list holds several custom credentials configurations; export one".to_owned()),
            }
        }
    };
    let schema = configuration["schema"].as_object().ok_or("it has no `schema`")?;
    let mut entries = Vec::new();
    for (key, direction) in [("parameters", Direction::Input), ("credentials", Direction::Output)] {
        let list = match schema.get(key) {
            None | Some(Value::Null) => continue,
            Some(list) => list.as_array().ok_or(format!("`schema.{key}` is no array"))?,
        };
        for (at, item) in list.iter().enumerate() {
            let text = |field: &str| item[field].as_str().map(str::to_owned);
            let (Some(name), Some(format)) = (text("name"), text("format")) else {
                return Err(format!("`schema.{key}[{at}]` has no `name` or no `format`"));
            };
            entries.push(Entry { direction, name, format, variable: text("env_variable_name") });
        }
    }
    let text = |field: &str| configuration[field].as_str().map(str::to_owned);
    Ok(Exported { name: text("name").unwrap_or_default(), entries, task_timeout: text("task_timeout") })
}

/// Compares what the binary declares with what the service knows.
pub(crate) fn compare(declared: &JobConfig, exported: &Exported, report: &mut Report) {
    for variable in &declared.variables {
        let name = variable.schema_name();
        let known = exported.entries.iter().find(|entry| entry.direction == variable.direction && entry.name == name);
        match known {
            Some(entry) => compare_one(variable, entry, report),
            None => missing(variable, exported, report),
        }
    }
    for entry in &exported.entries {
        let known = declared
            .variables
            .iter()
            .any(|variable| variable.direction == entry.direction && variable.schema_name() == entry.name);
        if !known {
            unread(entry, report);
        }
    }
}

fn missing(variable: &Variable, exported: &Exported, report: &mut Report) {
    let name = &exported.name;
    match (variable.direction, variable.declaration.required) {
        (Direction::Input, true) => report.error(
            Check::Configuration,
            variable.full_name(),
            format!("is required, but the configuration {name} does not know it: no secret can give it"),
            FIX,
        ),
        (Direction::Input, false) => report.warning(
            Check::Configuration,
            variable.full_name(),
            format!("is not known to the configuration {name}: no secret can set it"),
            FIX,
        ),
        (Direction::Output, _) => report.error(
            Check::Configuration,
            variable.full_name(),
            format!("is not known to the configuration {name}: credentials that carry it would be refused"),
            FIX,
        ),
    }
}

fn unread(entry: &Entry, report: &mut Report) {
    let required = entry.required() == Some(true);
    match entry.direction {
        Direction::Input => report.warning(
            Check::Configuration,
            &entry.name,
            "is a parameter of the configuration, but the job does not read it",
            FIX,
        ),
        Direction::Output if required => report.error(
            Check::Configuration,
            &entry.name,
            "is a required credential of the configuration, but the job does not make it: every task would be refused",
            FIX,
        ),
        Direction::Output => report.warning(
            Check::Configuration,
            &entry.name,
            "is a credential of the configuration, but the job does not make it",
            FIX,
        ),
    }
}

impl Entry {
    fn declaration(&self) -> Result<Declaration, String> {
        Declaration::parse_lenient(&self.format).map_err(|error| error.to_string())
    }

    /// `None` if the format does not say: the service may leave that part out (PROTOCOL 1.3).
    fn required(&self) -> Option<bool> {
        let says = self.format.split(',').any(|attribute| attribute.trim().starts_with("required"));
        self.declaration().ok().filter(|_| says).map(|declaration| declaration.required)
    }
}

fn compare_one(variable: &Variable, entry: &Entry, report: &mut Report) {
    let place = variable.full_name();
    let known = match entry.declaration() {
        Ok(known) => known,
        Err(error) => {
            report.warning(
                Check::Configuration,
                place,
                format!("the configuration's format `{}` cannot be read: {error}", entry.format),
                FIX,
            );
            return;
        }
    };
    compare_types(variable, &known.variable_type, report);
    compare_required(variable, entry.required(), report);
    let value = variable.value_variable();
    let fallback = format!("SMIN_{}_VALUE", variable.name);
    if let Some(name) = &entry.variable
        && variable.direction == Direction::Input
        && *name != value
        && *name != fallback
    {
        report.error(Check::Configuration, place, format!("arrives as {name}, but the job reads {value}"), FIX);
    }
}

fn compare_types(variable: &Variable, known: &VariableType, report: &mut Report) {
    let ours = &variable.declaration.variable_type;
    let place = variable.full_name();
    let (VariableType::Enum(ours), VariableType::Enum(theirs)) = (ours, known) else {
        if ours != known {
            report.error(
                Check::Configuration,
                place,
                format!("is `{ours}` in the job, but `{known}` in the configuration"),
                FIX,
            );
        }
        return;
    };
    let only = |these: &[String], those: &[String]| {
        these
            .iter()
            .filter(|option| !those.contains(option))
            .map(|option| format!("`{option}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (only_ours, only_theirs) = (only(ours, theirs), only(theirs, ours));
    // An input is chosen by the owner of the secret, an output by the job: what one side gives, the other must take.
    let (given, taken) = match variable.direction {
        Direction::Input => (only_theirs, only_ours),
        Direction::Output => (only_ours, only_theirs),
    };
    if !given.is_empty() {
        let what = match variable.direction {
            Direction::Input => format!("the configuration offers {given}, which the job refuses"),
            Direction::Output => format!("the job may give {given}, which the configuration refuses"),
        };
        report.error(Check::Configuration, place.clone(), what, FIX);
    }
    if !taken.is_empty() {
        report.warning(Check::Configuration, place, format!("{taken} can never occur: only one side knows it"), FIX);
    }
}

fn compare_required(variable: &Variable, known: Option<bool>, report: &mut Report) {
    let ours = variable.declaration.required;
    let Some(theirs) = known.filter(|theirs| *theirs != ours) else {
        return;
    };
    let place = variable.full_name();
    match (variable.direction, theirs) {
        (Direction::Input, false) => report.error(
            Check::Configuration,
            place,
            "is required by the job, but optional in the configuration: secrets without it fail",
            FIX,
        ),
        (Direction::Output, true) => report.error(
            Check::Configuration,
            place,
            "is required in the configuration, but the job may leave it out: such credentials would be refused",
            FIX,
        ),
        (Direction::Input, true) => {
            report.warning(
                Check::Configuration,
                place,
                "is optional in the job, but required in the configuration",
                FIX,
            );
        }
        (Direction::Output, false) => {
            report.warning(Check::Configuration, place, "is always there, but optional in the configuration", FIX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of PROTOCOL 4.7.
    const EXPORTED: &str = r#"{ "config_type": "custom_credentials_configuration", "name": "crm-provider", "task_timeout": "15m",
        "schema": { "parameters": [ { "name": "tenant", "format": "type:string, required:true", "env_variable_name": "SM_TENANT_VALUE" },
                                    { "name": "lifetime_hours", "format": "type:int" },
                                    { "name": "tier", "format": "type:enum[basic|gold]" } ],
                    "credentials": [ { "name": "token", "format": "type:string, required:true" } ] } }"#;

    fn told(variables: &[(&str, &str)]) -> Vec<String> {
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value})).collect();
        let declared =
            JobConfig::parse(&serde_json::json!({ "job_env_variables": variables }).to_string()).expect("good");
        let mut report = Report::new("crm");
        compare(&declared, &parse(EXPORTED).expect("good"), &mut report);
        report
            .findings()
            .iter()
            .map(|finding| format!("{} {}: {}", finding.severity.name(), finding.place, finding.what))
            .collect()
    }

    #[test]
    fn a_job_that_fits_its_configuration_has_no_findings() {
        let findings = told(&[
            ("SMIN_TENANT", "type:string, required:true"),
            ("SMIN_LIFETIME_HOURS", "type:integer, required:true"),
            ("SMIN_TIER", "type:enum[basic|gold]"),
            ("SMOUT_TOKEN", "type:string, required:true"),
        ]);
        assert!(findings.is_empty(), "{findings:?}");
    }

    #[test]
    fn every_difference_is_told() {
        let findings = told(&[
            ("SMIN_TENANT", "type:integer"),
            ("SMIN_TIER", "type:enum[basic|silver]"),
            ("SMIN_REGION", "type:string, required:true"),
            ("SMIN_NOTE", "type:string"),
            ("SMOUT_TOKEN", "type:string"),
            ("SMOUT_URL", "type:string, required:true"),
        ]);
        insta::assert_snapshot!(findings.join("\n"));
    }

    #[test]
    fn a_list_with_one_configuration_is_fine() {
        let list = format!(r#"{{"configurations": [{{"config_type": "public_cert"}}, {EXPORTED}], "total_count": 2}}"#);
        assert_eq!(parse(&list).expect("one").name, "crm-provider");
    }

    #[test]
    fn what_is_no_configuration_is_refused() {
        for text in ["", "[]", "{}", r#"{"schema": {"parameters": [{}]}}"#, r#"{"configurations": []}"#] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
