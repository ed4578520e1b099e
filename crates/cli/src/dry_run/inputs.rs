//! Fits what was given to what the provider declares: unknown names, types, missing parameters, before anything starts.

use std::collections::BTreeMap;
use std::io::Read as _;

use credjob_contract::{Declaration, Direction, JobConfig, Secret, SecretId, Variable, VariableType};
use serde_json::{Map, Value};

use super::given::{ARBITRARY, Given, SecretFile, Source};
use crate::problem::Problem;
use crate::suggest;

/// The largest payload that the service stores in an arbitrary secret (PROTOCOL 4.9).
const MAX_SECRET_BYTES: usize = 1_000_000;

/// A secret to store before the life begins, whose id becomes a parameter.
#[derive(Debug)]
pub(crate) struct LoginSecret {
    /// The parameter that takes the secret's id.
    pub(crate) parameter: String,
    pub(crate) secret_type: &'static str,
    /// The text of an arbitrary secret, or the JSON fields of another type.
    pub(crate) content: Secret<String>,
}

/// The inputs of the secret, complete and typed.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) parameters: Map<String, Value>,
    pub(crate) secrets: Vec<LoginSecret>,
    pub(crate) job_env: BTreeMap<String, String>,
}

/// Checks that every name given is an input of the provider.
pub(crate) fn check_names(given: &Given, schema: &JobConfig) -> Result<(), Problem> {
    for name in given.params.keys() {
        declared(name, schema)?;
    }
    for name in given.secrets.keys() {
        if declared(name, schema)?.variable_type != VariableType::SecretId {
            return Err(Problem::usage(format!("`{name}` does not refer to a secret"))
                .hint(format!("give its value: --param {name}=VALUE")));
        }
    }
    Ok(())
}

/// Types the parameters, reads the secrets and looks for missing ones.
pub(crate) fn complete(given: Given, schema: &JobConfig) -> Result<Inputs, Problem> {
    check_names(&given, schema)?;
    check_missing(&given, schema)?;
    let mut parameters = Map::new();
    for (name, value) in &given.params {
        let declaration = declared(name, schema)?;
        parameters.insert(name.clone(), typed(name, value, &declaration.variable_type)?);
    }
    let mut secrets = Vec::new();
    for (parameter, file) in &given.secrets {
        secrets.push(LoginSecret {
            parameter: parameter.clone(),
            secret_type: file.secret_type,
            content: read(parameter, file)?,
        });
    }
    Ok(Inputs { parameters, secrets, job_env: given.job_env })
}

fn inputs(schema: &JobConfig) -> impl Iterator<Item = &Variable> {
    schema.variables.iter().filter(|variable| variable.direction == Direction::Input)
}

fn declared<'a>(name: &str, schema: &'a JobConfig) -> Result<&'a Declaration, Problem> {
    inputs(schema).find(|variable| variable.schema_name() == name).map(|variable| &variable.declaration).ok_or_else(
        || {
            let names: Vec<String> = inputs(schema).map(|variable| variable.schema_name().clone()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let plain = name.to_lowercase();
            let plain = plain.strip_prefix("smin_").unwrap_or(&plain);
            Problem::usage(format!("the provider has no parameter `{name}`")).hint(suggest::hint(plain, &names))
        },
    )
}

fn check_missing(given: &Given, schema: &JobConfig) -> Result<(), Problem> {
    let missing: Vec<&Variable> = inputs(schema)
        .filter(|variable| variable.declaration.required)
        .filter(|variable| {
            let name = variable.schema_name();
            !given.params.contains_key(&*name) && !given.secrets.contains_key(&*name)
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = missing.iter().map(|variable| variable.schema_name().clone()).collect();
    let options: Vec<String> = missing
        .iter()
        .map(|variable| match variable.declaration.variable_type {
            VariableType::SecretId => format!("--secret {}=@FILE", variable.schema_name()),
            _ => format!("--param {}=VALUE", variable.schema_name()),
        })
        .collect();
    Err(Problem::usage(format!("required and not given: {}", names.join(", ")))
        .hint(format!("add {}", options.join(" "))))
}

/// Converts a value to the JSON type that the service expects of the parameter.
fn typed(name: &str, value: &str, variable_type: &VariableType) -> Result<Value, Problem> {
    match variable_type {
        VariableType::Integer => value.parse::<i64>().map(Value::from).map_err(|_| {
            Problem::usage(format!("`{name}` takes an integer")).hint(format!("for example: --param {name}=30"))
        }),
        VariableType::Boolean => value.parse::<bool>().map(Value::from).map_err(|_| {
            Problem::usage(format!("`{name}` takes true or false")).hint(format!("for example: --param {name}=true"))
        }),
        VariableType::Enum(options) if !options.iter().any(|option| option == value) => {
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            Err(Problem::usage(format!("`{name}` takes one of {}", options.join(", ")))
                .hint(suggest::hint(value, &options)))
        }
        VariableType::SecretId if value.parse::<SecretId>().is_err() => {
            Err(Problem::usage(format!("`{name}` takes the id of a secret"))
                .hint(format!("store the secret for this run with --secret {name}=@FILE")))
        }
        VariableType::String | VariableType::Enum(_) | VariableType::SecretId => Ok(Value::from(value)),
    }
}

fn read(parameter: &str, file: &SecretFile) -> Result<Secret<String>, Problem> {
    let cannot = |why: &str| {
        let from = match &file.source {
            Source::File(path) => path.display().to_string(),
            Source::StandardInput => "standard input".to_owned(),
        };
        Problem::usage(format!("--secret {parameter}: {from} {why}"))
    };
    // No more than can be stored, or a device without an end would fill the memory.
    let limit = MAX_SECRET_BYTES as u64 + 1;
    let mut text = String::new();
    let read = match &file.source {
        Source::File(path) => std::fs::File::open(path).and_then(|file| file.take(limit).read_to_string(&mut text)),
        Source::StandardInput => std::io::stdin().take(limit).read_to_string(&mut text),
    };
    read.map_err(|error| cannot(&format!("cannot be read as text: {error}")).hint("check the path and its rights"))?;
    if text.len() > MAX_SECRET_BYTES {
        return Err(cannot("is larger than a secret can be (1 MB)").hint("check that it is the right file"));
    }
    if file.secret_type == ARBITRARY {
        // Editors and `echo` end a file with a line end that is no part of a token.
        if text.ends_with('\n') {
            text.pop();
        }
        if text.ends_with('\r') {
            text.pop();
        }
    }
    if text.is_empty() {
        return Err(cannot("is empty").hint("check that it is the right file"));
    }
    let text = Secret::from(text);
    if file.secret_type != ARBITRARY
        && !serde_json::from_str::<Value>(text.expose()).is_ok_and(|value| value.is_object())
    {
        return Err(cannot("holds no JSON object")
            .hint(format!("a secret of type {} is given by a JSON object with its fields", file.secret_type)));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> JobConfig {
        JobConfig::parse(
            r#"{"job_env_variables": [
                {"name": "SMIN_COMMON_NAME", "value": "type:string, required:true"},
                {"name": "SMIN_EXPIRATION_DAYS", "value": "type:integer, required:false"},
                {"name": "SMIN_KEY_ALGO", "value": "type:enum[RSA|ECDSA], required:false"},
                {"name": "SMIN_FORCE", "value": "type:boolean, required:false"},
                {"name": "SMIN_LOGIN_SECRET_ID", "value": "type:secret_id, required:false"},
                {"name": "SMOUT_CERTIFICATE", "value": "type:string, required:true"}
            ]}"#,
        )
        .expect("a sound schema")
    }

    fn given(params: &[&str], secrets: &[&str]) -> Given {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Given::read(&own(params), &own(secrets), &[]).expect("well formed")
    }

    fn refusal(params: &[&str], secrets: &[&str]) -> String {
        complete(given(params, secrets), &schema()).expect_err("refused").to_string()
    }

    #[test]
    fn values_get_the_types_of_the_schema() {
        let inputs =
            complete(given(&["common_name=42", "expiration_days=30", "force=true", "key_algo=RSA"], &[]), &schema())
                .expect("good");
        assert_eq!(
            Value::Object(inputs.parameters),
            serde_json::json!({"common_name": "42", "expiration_days": 30, "force": true, "key_algo": "RSA"})
        );
    }

    #[test]
    fn an_unknown_parameter_gets_a_suggestion() {
        let text = refusal(&["comon_name=x"], &[]);
        assert!(text.contains("did you mean `common_name`?"), "{text}");
    }

    #[test]
    fn the_variables_own_name_leads_to_the_parameter() {
        let text = refusal(&["SMIN_COMMON_NAME=x"], &[]);
        assert!(text.contains("did you mean `common_name`?"), "{text}");
    }

    #[test]
    fn an_output_is_no_parameter() {
        let text = refusal(&["certificate=x"], &[]);
        assert!(text.contains("no parameter `certificate`"), "{text}");
    }

    #[test]
    fn every_missing_parameter_is_named() {
        let text = refusal(&[], &[]);
        assert!(text.contains("--param common_name=VALUE"), "{text}");
    }

    #[test]
    fn a_word_for_an_integer_is_refused() {
        let text = refusal(&["common_name=x", "expiration_days=ten"], &[]);
        assert!(text.contains("takes an integer"), "{text}");
    }

    #[test]
    fn a_word_for_a_boolean_is_refused() {
        assert!(refusal(&["common_name=x", "force=yes"], &[]).contains("true or false"));
    }

    #[test]
    fn an_unknown_option_gets_a_suggestion() {
        let text = refusal(&["common_name=x", "key_algo=ECSDA"], &[]);
        assert!(text.contains("did you mean `ECDSA`?"), "{text}");
    }

    #[test]
    fn a_secret_for_a_plain_parameter_is_refused() {
        let text = refusal(&[], &["common_name=@f"]);
        assert!(text.contains("--param common_name=VALUE"), "{text}");
    }

    #[test]
    fn a_text_for_a_secret_reference_leads_to_the_secret_option() {
        let text = refusal(&["common_name=x", "login_secret_id=abc"], &[]);
        assert!(text.contains("--secret login_secret_id=@FILE"), "{text}");
    }

    #[test]
    fn an_arbitrary_secret_loses_one_line_end() {
        let file = std::env::temp_dir().join(format!("credjob-cli-{}-line", std::process::id()));
        std::fs::write(&file, "canary-cli-line-end\n\n").expect("written");
        let secret = format!("login_secret_id=@{}", file.display());
        let inputs = complete(given(&["common_name=x"], &[&secret]), &schema()).expect("good");
        std::fs::remove_file(file).expect("removed");
        assert_eq!(inputs.secrets[0].content.expose(), "canary-cli-line-end\n");
    }

    #[test]
    fn a_key_value_secret_must_be_a_json_object() {
        let file = std::env::temp_dir().join(format!("credjob-cli-{}-kv", std::process::id()));
        std::fs::write(&file, "canary-cli-no-json").expect("written");
        let secret = format!("login_secret_id=kv:@{}", file.display());
        let text = refusal(&["common_name=x"], &[&secret]);
        std::fs::remove_file(file).expect("removed");
        assert!(text.contains("holds no JSON object"), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }

    #[test]
    fn a_secret_file_that_is_missing_is_named() {
        let text = refusal(&["common_name=x"], &["login_secret_id=@/no/such/file"]);
        assert!(text.contains("/no/such/file"), "{text}");
    }
}
