//! Fills the local Secrets Manager: the secret group, the login secrets and the configuration that the life stands on.

use std::path::Path;

use credjob_emulator::{Emulator, JobProgram};
use serde_json::{Map, Value, json};

use super::given::ARBITRARY;
use super::inputs::{Inputs, LoginSecret};
use crate::problem::Problem;

/// The name of the job, of its configuration, of the secret and of its group.
const NAME: &str = "dry-run";

/// The retry limit of deployed jobs (DESIGN 6): a killed run is cleaned up after.
const RETRY_LIMIT: u32 = 2;

/// Creates everything but the secret itself, and returns what `POST /secrets` takes.
pub(crate) async fn prepare(emulator: &Emulator, program: &Path, inputs: &Inputs) -> Result<Value, Problem> {
    let group = post(emulator, "/api/v2/secret_groups", json!({"name": NAME})).await?;
    let group = text(&group, "id");
    let mut parameters = inputs.parameters.clone();
    for secret in &inputs.secrets {
        let id = store(emulator, &group, secret).await?;
        parameters.insert(secret.parameter.clone(), Value::from(id));
    }
    let mut job = JobProgram::new(program).retry_limit(RETRY_LIMIT).env("CREDJOB_IAM_URL", emulator.iam_url());
    for (name, value) in &inputs.job_env {
        job = job.env(name, value);
    }
    emulator.register_job(NAME, job).await.map_err(|error| refused(&error))?;
    emulator.create_configuration(NAME, NAME, None).await.map_err(|error| refused(&error))?;
    Ok(json!({
        "secret_type": "custom_credentials",
        "name": NAME,
        "configuration": NAME,
        "secret_group_id": group,
        "parameters": parameters,
    }))
}

/// Stores one login secret and returns its id.
async fn store(emulator: &Emulator, group: &str, secret: &LoginSecret) -> Result<String, Problem> {
    let mut prototype = match secret.secret_type {
        ARBITRARY => json!({"payload": secret.content.expose()}),
        "kv" => json!({"data": fields(secret)}),
        "custom_credentials" => {
            return store_custom_credentials(emulator, group, secret).await;
        }
        _ => Value::Object(fields(secret)),
    };
    prototype["secret_type"] = secret.secret_type.into();
    prototype["name"] = login_name(secret).into();
    prototype["secret_group_id"] = group.into();
    let stored = post(emulator, "/api/v2/secrets", prototype).await?;
    Ok(text(&stored, "id"))
}

/// Custom credentials come from a job; here the command plays that job and reports the fields of the file.
async fn store_custom_credentials(emulator: &Emulator, group: &str, secret: &LoginSecret) -> Result<String, Problem> {
    let payload = fields(secret);
    let name = login_name(secret);
    let outputs: Vec<Value> = payload
        .iter()
        .map(|(key, value)| {
            let word = match value {
                Value::Number(_) => "integer",
                Value::Bool(_) => "boolean",
                _ => "string",
            };
            json!({"name": format!("SMOUT_{}", key.to_uppercase()), "value": format!("type:{word}, required:true")})
        })
        .collect();
    let job_config = json!({"job_env_variables": outputs}).to_string();
    emulator.register_job_by_hand(&name, &job_config).map_err(|error| refused(&error))?;
    emulator.create_configuration(&name, &name, None).await.map_err(|error| refused(&error))?;
    let prototype = json!({
        "secret_type": "custom_credentials", "name": name, "configuration": name, "secret_group_id": group,
    });
    let stored = post(emulator, "/api/v2/secrets", prototype).await?;
    let (id, task) = (text(&stored, "id"), text(&stored, "processing_task_id"));
    let update = json!({"status": "credentials_created", "credentials": {"id": "login", "payload": payload}});
    let path = format!("/api/v2/secrets/{id}/tasks/{task}");
    let answer = emulator.call_as_job(&task, "PUT", &path, Some(update)).await;
    accepted("storing a login secret", answer)?;
    Ok(id)
}

fn login_name(secret: &LoginSecret) -> String {
    format!("login-{}", secret.parameter)
}

fn fields(secret: &LoginSecret) -> Map<String, Value> {
    // `inputs` has checked that the file holds an object.
    serde_json::from_str(secret.content.expose()).unwrap_or_default()
}

async fn post(emulator: &Emulator, path: &str, body: Value) -> Result<Value, Problem> {
    let answer = emulator.call("POST", path, Some(body)).await;
    accepted(&format!("POST {path}"), answer)
}

/// The body of a 2xx answer; any other answer is a problem that carries the service's message.
pub(crate) fn accepted(step: &str, (status, body): (u16, Value)) -> Result<Value, Problem> {
    if (200..300).contains(&status) {
        return Ok(body);
    }
    let message = text(&body["errors"][0], "message");
    Err(Problem::cannot_start(format!("the local Secrets Manager refused {step} with status {status}: {message}"))
        .hint("the message names the value to change"))
}

fn refused(error: &credjob_emulator::EmulatorError) -> Problem {
    Problem::cannot_start(format!("the local Secrets Manager: {error}")).hint("the message names what to change")
}

/// A text field; empty when it is missing.
pub(crate) fn text(object: &Value, key: &str) -> String {
    object[key].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use credjob_contract::Secret;
    use credjob_emulator::Options;

    /// Stores a secret of a type and reads it back.
    async fn stored(secret_type: &'static str, content: &str) -> Value {
        let emulator = Emulator::start(Options::default()).await.expect("an emulator");
        let secret = LoginSecret { parameter: "login".to_owned(), secret_type, content: Secret::from(content) };
        let id = store(&emulator, "default", &secret).await.expect("stored");
        let answer = emulator.call("GET", &format!("/api/v2/secrets/{id}"), None).await;
        accepted("reading it", answer).expect("readable")
    }

    #[tokio::test]
    async fn a_text_is_an_arbitrary_secret() {
        assert_eq!(stored(ARBITRARY, "canary-cli-store").await["payload"], "canary-cli-store");
    }

    #[tokio::test]
    async fn an_object_is_the_data_of_a_key_value_secret() {
        assert_eq!(stored("kv", r#"{"token":"canary-cli-kv"}"#).await["data"]["token"], "canary-cli-kv");
    }

    #[tokio::test]
    async fn an_object_is_the_payload_of_custom_credentials() {
        let secret = stored("custom_credentials", r#"{"access_token":"canary-cli-cc","uses":3}"#).await;
        assert_eq!(secret["credentials_content"], json!({"access_token": "canary-cli-cc", "uses": 3}));
    }

    #[tokio::test]
    async fn other_types_take_their_fields() {
        let secret = stored("username_password", r#"{"username":"app","password":"canary-cli-up"}"#).await;
        assert_eq!(secret["username"], "app");
    }

    #[test]
    fn a_refusal_carries_the_services_message() {
        let body = json!({"errors": [{"message": "name is missing"}]});
        let problem = accepted("the secret", (400, body)).expect_err("refused");
        assert!(problem.to_string().contains("status 400: name is missing"), "{problem}");
    }
}
