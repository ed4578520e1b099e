//! What a person (or the provider's target) gives: parameters, secrets in files, variables of the job.
//!
//! The same grammar serves the command line and the lines that `examples/target.rs` prints.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::problem::Problem;
use crate::suggest;

/// The secret types of the service (PROTOCOL 4.9) that a login secret can have.
pub(crate) const SECRET_TYPES: [&str; 7] = [
    ARBITRARY,
    "username_password",
    "kv",
    "imported_cert",
    "iam_credentials",
    "service_credentials",
    "custom_credentials",
];

/// The secret type for plain text, and the default.
pub(crate) const ARBITRARY: &str = "arbitrary";

/// Variables that Secrets Manager or Code Engine set; a deployed job cannot have them as its own.
const RESERVED_PREFIXES: [&str; 3] = ["SM_", "SMIN_", "SMOUT_"];

/// Where the content of a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    File(PathBuf),
    StandardInput,
}

/// A secret to store: its type and where its content is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretFile {
    pub(crate) secret_type: &'static str,
    pub(crate) source: Source,
}

/// Everything that was given, by name.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) params: BTreeMap<String, String>,
    pub(crate) secrets: BTreeMap<String, SecretFile>,
    pub(crate) job_env: BTreeMap<String, String>,
}

impl Given {
    /// Reads the values of `--param`, `--secret` and `--job-env`.
    pub(crate) fn read(params: &[String], secrets: &[String], job_env: &[String]) -> Result<Self, Problem> {
        let mut given = Self::default();
        for text in params {
            given.add_param(text)?;
        }
        for text in secrets {
            given.add_secret(text)?;
        }
        for text in job_env {
            given.add_job_env(text)?;
        }
        Ok(given)
    }

    /// Adds what a `--param NAME=VALUE` says.
    pub(crate) fn add_param(&mut self, text: &str) -> Result<(), Problem> {
        let (name, value) = assignment("--param", text)?;
        self.check_new(name)?;
        self.params.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    /// Adds what a `--secret NAME=[TYPE:]@FILE` says.
    pub(crate) fn add_secret(&mut self, text: &str) -> Result<(), Problem> {
        let (name, value) = assignment("--secret", text)?;
        self.check_new(name)?;
        let file = secret_file(name, value)?;
        if file.source == Source::StandardInput
            && self.secrets.values().any(|other| other.source == Source::StandardInput)
        {
            return Err(Problem::usage("two secrets cannot both come from standard input")
                .hint("put one of them in a file that only you can read"));
        }
        self.secrets.insert(name.to_owned(), file);
        Ok(())
    }

    /// Adds what a `--job-env NAME=VALUE` says.
    pub(crate) fn add_job_env(&mut self, text: &str) -> Result<(), Problem> {
        let (name, value) = assignment("--job-env", text)?;
        if RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
            return Err(Problem::usage(format!("--job-env: `{name}` is set by Secrets Manager for each run"))
                .hint("inputs are given with --param NAME=VALUE"));
        }
        if self.job_env.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(given_twice(name));
        }
        Ok(())
    }

    /// These, and of `others` whatever was not given here.
    pub(crate) fn or(mut self, others: Self) -> Self {
        for (name, value) in others.params {
            if !self.names_input(&name) {
                self.params.insert(name, value);
            }
        }
        for (name, value) in others.secrets {
            if !self.names_input(&name) {
                self.secrets.insert(name, value);
            }
        }
        for (name, value) in others.job_env {
            self.job_env.entry(name).or_insert(value);
        }
        self
    }

    fn names_input(&self, name: &str) -> bool {
        self.params.contains_key(name) || self.secrets.contains_key(name)
    }

    fn check_new(&self, name: &str) -> Result<(), Problem> {
        if self.names_input(name) {
            return Err(given_twice(name));
        }
        Ok(())
    }
}

fn given_twice(name: &str) -> Problem {
    Problem::usage(format!("`{name}` is given twice")).hint("give each name once")
}

/// Splits `NAME=VALUE`. The error does not repeat the text: it may hold a secret that was typed in the wrong place.
fn assignment<'a>(option: &str, text: &'a str) -> Result<(&'a str, &'a str), Problem> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name, value)),
        _ => Err(Problem::usage(format!("{option} takes NAME=VALUE"))
            .hint(format!("for example: {option} {}", example(option)))),
    }
}

fn example(option: &str) -> &'static str {
    match option {
        "--secret" => "login_secret_id=@token.txt",
        "--job-env" => "CREDJOB_ALLOWED_HOSTS=*.example.com",
        _ => "common_name=example.com",
    }
}

fn secret_file(name: &str, value: &str) -> Result<SecretFile, Problem> {
    let Some((prefix, path)) = value.split_once('@') else {
        return Err(Problem::usage(format!(
            "--secret {name}: a secret value does not belong on a command line, where other users can read it"
        ))
        .hint(format!("put it in a file: --secret {name}=@FILE, or pipe it in: --secret {name}=@-")));
    };
    let secret_type = match prefix.strip_suffix(':') {
        Some(word) => SECRET_TYPES.into_iter().find(|known| *known == word).ok_or_else(|| {
            Problem::usage(format!("--secret {name}: unknown secret type")).hint(suggest::hint(word, &SECRET_TYPES))
        })?,
        None if prefix.is_empty() => ARBITRARY,
        None => {
            return Err(Problem::usage(format!("--secret {name} takes [TYPE:]@FILE"))
                .hint(format!("for example: --secret {name}=kv:@login.json")));
        }
    };
    let source = match path {
        "" => {
            return Err(Problem::usage(format!("--secret {name}: no file is named after `@`"))
                .hint(format!("for example: --secret {name}=@token.txt")));
        }
        "-" => Source::StandardInput,
        path => Source::File(path.into()),
    };
    Ok(SecretFile { secret_type, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Result<SecretFile, Problem> {
        let mut given = Given::default();
        given.add_secret(text)?;
        Ok(given.secrets.into_values().next().expect("one"))
    }

    #[test]
    fn a_parameter_value_may_hold_equal_signs() {
        let given = Given::read(&["scope=a=b".to_owned()], &[], &[]).expect("good");
        assert_eq!(given.params["scope"], "a=b");
    }

    #[test]
    fn a_parameter_without_a_value_is_refused() {
        let text = Given::read(&["scope".to_owned()], &[], &[]).expect_err("no value").to_string();
        assert!(text.contains("--param takes NAME=VALUE"), "{text}");
    }

    #[test]
    fn a_name_given_as_parameter_and_as_secret_is_refused() {
        let given = Given::read(&["login=x".to_owned()], &["login=@f".to_owned()], &[]);
        assert!(given.is_err());
    }

    #[test]
    fn a_secret_is_arbitrary_unless_a_type_is_named() {
        assert_eq!(
            secret("login=@token.txt").expect("good"),
            SecretFile { secret_type: ARBITRARY, source: Source::File("token.txt".into()) }
        );
    }

    #[test]
    fn a_secret_can_name_its_type() {
        assert_eq!(secret("login=kv:@a.json").expect("good").secret_type, "kv");
    }

    #[test]
    fn a_dash_is_standard_input() {
        assert_eq!(secret("login=@-").expect("good").source, Source::StandardInput);
    }

    #[test]
    fn two_secrets_from_standard_input_are_refused() {
        let given = Given::read(&[], &["a=@-".to_owned(), "b=@-".to_owned()], &[]);
        assert!(given.is_err());
    }

    #[test]
    fn a_secret_value_on_the_command_line_is_refused_and_not_repeated() {
        let text = secret("login=canary-cli-0123456789abcdef").expect_err("a value").to_string();
        assert!(text.contains("--secret login=@FILE"), "{text}");
        assert!(!text.contains("0123456789"), "{text}");
    }

    #[test]
    fn an_unknown_secret_type_gets_a_suggestion() {
        let text = secret("login=arbitary:@f").expect_err("no such type").to_string();
        assert!(text.contains("did you mean `arbitrary`?"), "{text}");
    }

    #[test]
    fn a_variable_of_the_service_cannot_be_a_job_variable() {
        assert!(Given::read(&[], &[], &["SM_ACTION=x".to_owned()]).is_err());
    }

    #[test]
    fn what_the_person_gave_wins_over_the_target() {
        let mine =
            Given::read(&["url=mine".to_owned()], &["login=@mine".to_owned()], &["A=mine".to_owned()]).expect("good");
        let target = Given::read(
            &["url=theirs".to_owned(), "login=x".to_owned()],
            &["other=@theirs".to_owned()],
            &["A=theirs".to_owned(), "B=theirs".to_owned()],
        )
        .expect("good");
        let both = mine.or(target);
        assert_eq!(both.params, BTreeMap::from([("url".into(), "mine".into())]));
        assert_eq!(both.secrets.len(), 2);
        assert_eq!(both.job_env["A"], "mine");
        assert_eq!(both.job_env["B"], "theirs");
    }
}
