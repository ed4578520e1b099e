//! What the unit tests of this crate share: a scripted service in virtual time.

use std::sync::Arc;
use std::time::Duration;

use credjob_contract::{Auth, Secret, SecretId, TaskId};
use credjob_http::script::{Answer, Call, ScriptedTransport};
use credjob_http::{Budget, Clock, HostGuard, HttpClient, Ledger, SeededRandom};
use serde_json::{Value, json};

use crate::{SecretsManager, Tokens};

pub(crate) const IAM: &str = "https://iam.example.com";
pub(crate) const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
pub(crate) const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
pub(crate) const TASK_PATH: &str =
    "/secrets/3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44/tasks/sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";

/// The budget of tests that are not about the budget.
pub(crate) const LONG: Duration = Duration::from_secs(540);

pub(crate) fn http(script: &ScriptedTransport, budget: Budget) -> HttpClient {
    let random = Arc::new(SeededRandom::new(7));
    HttpClient::new(Arc::new(script.clone()), Clock::system(), random, HostGuard::closed(), Ledger::new(), budget)
}

pub(crate) fn tokens(script: &ScriptedTransport) -> Tokens {
    Tokens::new(http(script, Budget::lasting(LONG)), IAM.to_owned(), api_key())
}

pub(crate) fn service(script: &ScriptedTransport) -> SecretsManager {
    let instance = "https://sm.example.com".parse().unwrap();
    SecretsManager::new(http(script, Budget::lasting(LONG)), instance, Arc::new(tokens(script)))
}

pub(crate) fn api_key() -> Auth {
    Auth::ApiKey(Secret::from("testing-api-key"))
}

pub(crate) fn token_call() -> Call {
    Call::post("/identity/token")
}

/// The answer of IAM with this token, valid for an hour.
pub(crate) fn token(token: &str) -> Answer {
    token_for(token, 3600)
}

pub(crate) fn token_for(token: &str, seconds: i64) -> Answer {
    Answer::json(200, &json!({ "access_token": token, "token_type": "Bearer", "expires_in": seconds }))
}

pub(crate) fn unknown_key() -> Answer {
    Answer::json(400, &json!({ "errorCode": "BXNIM0415E", "errorMessage": "Provided API key could not be found" }))
}

pub(crate) fn error(status: u16) -> Answer {
    Answer::json(
        status,
        &json!({ "trace": "t-1", "status_code": status, "errors": [{ "code": "some_code", "message": "some message" }] }),
    )
}

pub(crate) fn task(status: &str) -> Value {
    json!({ "id": TASK, "status": status })
}

pub(crate) fn secret_id() -> SecretId {
    SECRET.parse().unwrap()
}

pub(crate) fn task_id() -> TaskId {
    TASK.parse().unwrap()
}
