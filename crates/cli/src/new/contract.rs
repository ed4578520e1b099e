//! `--from`: an existing `job_config.json`, with every problem of it at once.

use std::path::Path;

use credjob_contract::{JobConfig, VariableType};

use crate::problem::Problem;
use crate::text_file;

/// Reads the file.
pub(crate) fn read(path: &Path) -> Result<JobConfig, Problem> {
    let text = text_file::read(path).map_err(|why| {
        Problem::usage(format!("cannot read {}: {why}", path.display())).hint("name an existing job_config.json")
    })?;
    parse(&text, &path.display().to_string())
}

fn parse(text: &str, path: &str) -> Result<JobConfig, Problem> {
    let problems = match JobConfig::parse(text) {
        Ok(config) => match unwritable(&config) {
            problems if problems.is_empty() => return Ok(config),
            problems => problems,
        },
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    };
    let list: String = problems.iter().fold(String::new(), |list, problem| list + "\n  - " + problem);
    let count = match problems.len() {
        1 => "a problem".to_owned(),
        several => format!("{several} problems"),
    };
    Err(Problem::usage(format!("{path} has {count}:{list}"))
        .hint("mend the file (a copy will do) and run the command again; nothing was written"))
}

/// What the service accepts but a Rust enum cannot declare.
fn unwritable(config: &JobConfig) -> Vec<String> {
    let mut problems = Vec::new();
    for variable in &config.variables {
        if let VariableType::Enum(options) = &variable.declaration.variable_type {
            let bad = options.iter().filter(|option| option.contains('['));
            problems.extend(bad.map(|option| {
                format!("{}: enum option `{option}` holds `[`, which credjob does not accept", variable.full_name())
            }));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_the_file_is_told() {
        let text = r#"{"job_env_variables": [
            {"name": "SMIN_A", "value": "type:text"},
            {"name": "B", "value": "type:string"},
            {"name": "SMIN_C", "value": "type:enum[a]"}
        ]}"#;
        insta::assert_snapshot!(parse(text, "job_config.json").expect_err("bad"));
    }

    #[test]
    fn an_option_that_no_enum_can_declare_is_told() {
        let text = r#"{"job_env_variables": [{"name": "SMOUT_A", "value": "type:enum[a[0|b], required:true"}]}"#;
        assert!(parse(text, "f").expect_err("bad").to_string().contains("a[0"));
    }

    #[test]
    fn a_file_that_is_missing_is_named() {
        assert!(read(Path::new("/no/such/file")).expect_err("missing").to_string().contains("/no/such/file"));
    }
}
