//! The declarations: the rules of the grammar and the limits, and `job_config.json` beside what the binary prints.

use std::path::Path;

use credjob_contract::{Direction, JOB_SIZE_LIMIT, JobConfig, Variable};

use super::finding::{Check, Report};

/// The file that a deployment reads.
const FILE: &str = "job_config.json";

/// What writes the file.
const WRITE: &str = "cargo run -- schema > job_config.json";

/// What the image reference, the job's own variables and those of the service and of Code Engine may take beside the declarations. A guess: no source
/// says how long they are.
const ROOM_FOR_THE_REST: usize = 2 * 1024;

/// The schema that the binary prints, if it obeys the rules (PROTOCOL 1.2, 1.7).
pub(crate) fn binary(printed: &str, report: &mut Report) -> Option<JobConfig> {
    match JobConfig::parse(printed) {
        Ok(config) => {
            let size = config.size();
            if size > JOB_SIZE_LIMIT - ROOM_FOR_THE_REST {
                report.warning(
                    Check::Schema,
                    "size",
                    format!("the declarations take {size} of the {JOB_SIZE_LIMIT} bytes that a Code Engine job may have, its other variables included"),
                    "shorten names and enum options",
                );
            }
            Some(config)
        }
        Err(problems) => {
            for problem in problems {
                let place = problem.variable.clone().unwrap_or_else(|| "schema".to_owned());
                report.error(
                    Check::Schema,
                    place,
                    problem.what,
                    "rename or retype the field of `Params` or `Credentials`",
                );
            }
            None
        }
    }
}

/// The project's file beside the binary's schema.
pub(crate) fn file(folder: &Path, declared: Option<&JobConfig>, printed: &str, report: &mut Report) {
    let text = match std::fs::read_to_string(folder.join(FILE)) {
        Ok(text) => text,
        Err(error) => {
            report.error(Check::JobConfig, FILE, format!("cannot be read: {error}"), WRITE);
            return;
        }
    };
    if text == printed {
        return;
    }
    let before = report.errors();
    match (JobConfig::parse(&text), declared) {
        (Err(problems), _) => {
            for problem in problems {
                let place = problem.variable.clone().unwrap_or_else(|| FILE.to_owned());
                report.error(Check::JobConfig, place, format!("in the file: {}", problem.what), WRITE);
            }
        }
        (Ok(in_file), Some(declared)) => compare(&in_file, declared, report),
        (Ok(_), None) => report.skip(Check::JobConfig, "the schema cannot be read"),
    }
    if before == report.errors() && declared.is_some() {
        report.warning(
            Check::JobConfig,
            FILE,
            "says the same as the binary's `schema`, in another order or spelling",
            WRITE,
        );
    }
}

fn compare(in_file: &JobConfig, declared: &JobConfig, report: &mut Report) {
    let find = |config: &JobConfig, wanted: &Variable| {
        config
            .variables
            .iter()
            .find(|variable| variable.direction == wanted.direction && variable.name == wanted.name)
            .cloned()
    };
    for variable in &declared.variables {
        match find(in_file, variable) {
            None => report.error(
                Check::JobConfig,
                variable.full_name(),
                "is declared by the binary, but not in the file",
                WRITE,
            ),
            Some(other) if other.declaration != variable.declaration => report.error(
                Check::JobConfig,
                variable.full_name(),
                format!("is `{}` in the file, but `{}` in the binary", other.declaration, variable.declaration),
                WRITE,
            ),
            Some(_) => {}
        }
    }
    for variable in in_file.variables.iter().filter(|variable| find(declared, variable).is_none()) {
        let what = match variable.direction {
            Direction::Input => "is in the file, but the binary does not read it",
            Direction::Output => "is in the file, but the binary does not make it",
        };
        report.error(Check::JobConfig, variable.full_name(), what, WRITE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variables: &[(&str, &str)]) -> String {
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value})).collect();
        serde_json::json!({ "job_env_variables": variables }).to_string()
    }

    fn told(report: &Report) -> Vec<String> {
        report
            .findings()
            .iter()
            .map(|finding| format!("{} {}: {}", finding.severity.name(), finding.place, finding.what))
            .collect()
    }

    #[test]
    fn a_schema_without_required_output_is_an_error() {
        let mut report = Report::new("acme");
        assert!(binary(&config(&[("SMOUT_A", "type:string")]), &mut report).is_none());
        assert_eq!(told(&report), ["error schema: at least one `SMOUT_` variable must be `required:true`"]);
    }

    #[test]
    fn a_schema_near_the_limit_is_a_warning() {
        let options: Vec<String> = (0..1600).map(|number| format!("o{number}")).collect();
        let value = format!("type:enum[{}]", options.join("|"));
        let mut report = Report::new("acme");
        let text = config(&[("SMIN_A", &value), ("SMOUT_A", "type:string, required:true")]);
        assert!(binary(&text, &mut report).is_some());
        assert_eq!(report.warnings(), 1, "{:?}", told(&report));
    }

    #[test]
    fn every_difference_of_the_file_is_told() {
        let parse = |text: &str| JobConfig::parse(text).expect("good");
        let in_file = parse(&config(&[
            ("SMIN_A", "type:string"),
            ("SMIN_OLD", "type:string"),
            ("SMOUT_T", "type:string, required:true"),
        ]));
        let declared = parse(&config(&[
            ("SMIN_A", "type:integer"),
            ("SMIN_NEW", "type:string"),
            ("SMOUT_T", "type:string, required:true"),
        ]));
        let mut report = Report::new("acme");
        compare(&in_file, &declared, &mut report);
        assert_eq!(
            told(&report),
            [
                "error SMIN_A: is `type:string, required:false` in the file, but `type:integer, required:false` in the binary",
                "error SMIN_NEW: is declared by the binary, but not in the file",
                "error SMIN_OLD: is in the file, but the binary does not read it",
            ]
        );
    }
}
