//! `Debug` of every public type that holds a secret, and `Display` of those that have one: what a provider may put into a log line by mistake. Not behind
//! the redactor, which is the second line of defence.

use std::ffi::OsString;
use std::fmt::{Debug, Display};
use std::sync::Arc;
use std::time::Duration;

use credjob::client::{Connection, IamError, SecretType, SecretsManager, ServiceError, TaskUpdate, Tokens};
use credjob::contract::{Auth, CredentialsId, Payload, PayloadValue, TaskError};
use credjob::http::script::{Call, ScriptedTransport};
use credjob::http::{
    Attempt, Budget, Cause, Clock, HostGuard, HttpClient, HttpError, Ledger, Request, SeededRandom, TransportError,
    classify,
};
use credjob::prelude::*;
use credjob::{Environment, StopSignal};
use credjob_testkit::leak::{Canaries, canary, find_leaks};
use serde_json::json;

const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
const INSTANCE: &str = "https://sm.example.com";

/// Values under their types' names, and the secret inside all of them.
struct Table {
    secret: String,
    canaries: Canaries,
    rows: usize,
}

impl Table {
    fn new() -> Self {
        let secret = canary("inside");
        let canaries = Canaries::new().with("what is inside", &secret);
        Self { secret, canaries, rows: 0 }
    }

    fn hides(&mut self, name: &str, value: &dyn Debug) {
        self.rows += 1;
        for text in [format!("{value:?}"), format!("{value:#?}")] {
            // The text is not repeated: it may hold what is looked for.
            let leaks = find_leaks(text.as_bytes(), &self.canaries);
            assert!(leaks.is_empty(), "`Debug` of {name} gives secrets away: {leaks:?}");
        }
    }

    fn hides_as_text(&mut self, name: &str, value: &(impl Debug + Display)) {
        self.hides(name, value);
        let leaks = find_leaks(value.to_string().as_bytes(), &self.canaries);
        assert!(leaks.is_empty(), "`Display` of {name} gives secrets away: {leaks:?}");
    }

    fn http(transport: ScriptedTransport) -> HttpClient {
        let random = Arc::new(SeededRandom::new(1));
        let budget = Budget::lasting(Duration::from_secs(1));
        HttpClient::new(Arc::new(transport), Clock::system(), random, HostGuard::closed(), Ledger::new(), budget)
    }
}

#[test]
fn types_of_the_contract() {
    let mut table = Table::new();
    let secret = table.secret.clone();
    table.hides("Secret<String>", &Secret::from(secret.as_str()));
    table.hides("Secret<Vec<u8>>", &Secret::new(secret.clone().into_bytes()));
    table.hides("Auth", &Auth::ApiKey(Secret::from(secret.as_str())));
    table.hides("PayloadValue", &PayloadValue::Text(&secret));
    table.hides("Payload", &Payload(vec![("token", PayloadValue::Text(&secret))]));
    table.hides("TaskError", &TaskError::new("CODE", &format!("odd: {secret}")));
    table.hides_as_text(
        "Failure",
        &Failure::new("CODE", format!("odd: {secret}")).with_source(format!("why: {secret}")),
    );
    let variables = [
        ("SM_ACTION", "create_credentials"),
        ("SM_TRIGGER", "secret_creation"),
        ("SM_INSTANCE_URL", INSTANCE),
        ("SM_SECRET_TASK_ID", TASK),
        ("SM_SECRET_ID", SECRET),
        ("SM_ACCESS_APIKEY", &secret),
        ("SM_PASTED_VALUE", &secret),
    ];
    let variables = variables.map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let environment = Environment::read(variables).expect("it is complete");
    table.hides("Environment", &environment);
    table.hides("Address", &environment.address);
    table.hides("Inputs", &environment.inputs);
    assert_eq!(table.rows, 10);
}

#[tokio::test]
async fn types_of_http() {
    let mut table = Table::new();
    let secret = table.secret.clone();
    let known = Secret::from(secret.as_str());
    let url = format!("https://x.example/{secret}?token={secret}#{secret}");
    let request = || {
        let request =
            Request::post("mint", &url).bearer(&known).header("x-plain", &secret).form(&[("password", &secret)]);
        request.secret_header("x-key", &known)
    };
    table.hides("Request", &request());
    table.hides(
        "Request with a login",
        &Request::get("read", &url).basic(&secret, &known).json(&json!({ "token": secret })),
    );
    let answer = || {
        Response::new(400, format!("odd: {secret}")).with_header("location", &url).with_header("set-cookie", &secret)
    };
    table.hides("Response", &answer());
    table.hides("Attempt", &classify(Ok(answer()), std::time::SystemTime::UNIX_EPOCH));
    table.hides_as_text("Cause", &Cause::new("odd").with_detail(&format!("driver: {secret}")));
    table.hides_as_text("TransportError", &TransportError::unknown("odd").with_detail(&format!("driver: {secret}")));
    let script = ScriptedTransport::new();
    for answer in [answer(), Response::new(500, secret.clone()), Response::new(200, secret.clone())] {
        script.expect(Call::any(), answer);
    }
    let http = Table::http(script.clone());
    table.hides("HttpClient", &http);
    for name in ["HttpError::Refused", "HttpError::OutcomeUnknown"] {
        table.hides_as_text(name, &http.send(request()).await.expect_err("it is no success"));
    }
    let answer = http.send(request()).await.expect("it is a success");
    table.hides_as_text("HttpError::BadBody", &answer.json().expect_err("it is no JSON"));
    let wrong: HttpError =
        http.send(Request::get("read", format!("not a URL: {secret}"))).await.expect_err("it is none");
    table.hides_as_text("HttpError::BadRequest", &wrong);
    table.hides("ScriptedTransport with its WireRequests", &script);
    table.hides(
        "Attempt::NotSent",
        &http.attempt(&Request::get("read", format!("https://{secret}@x.example")), Duration::ZERO).await,
    );
    assert_eq!(table.rows, 13);
    assert!(matches!(http.attempt(&Request::get("read", "no URL"), Duration::ZERO).await, Attempt::NotSent(_)));
}

#[tokio::test]
async fn types_of_the_client() {
    let mut table = Table::new();
    let secret = table.secret.clone();
    let token = json!({ "access_token": secret, "expires_in": 3600 });
    let id: SecretId = SECRET.parse().expect("an id");
    let bodies = [
        json!({ "secret_type": "arbitrary", "payload": secret }),
        json!({ "secret_type": "arbitrary", "payload": json!({ "nested": secret }).to_string() }),
        json!({ "secret_type": "username_password", "username": "app", "password": secret }),
        json!({ "secret_type": "kv", "data": { "key": [secret] } }),
        json!({ "secret_type": "iam_credentials", "api_key": secret }),
        json!({ "secret_type": "service_credentials", "credentials": { "connection": { "url": secret } } }),
        json!({ "secret_type": "custom_credentials", "credentials_content": { "access_token": secret } }),
        json!({ "secret_type": "imported_cert", "certificate": "PEM", "private_key": secret }),
    ];
    let script = ScriptedTransport::new();
    script.expect(Call::any(), Response::from_json(200, &token));
    for mut body in bodies.clone() {
        body["id"] = json!(SECRET);
        script.expect(Call::any(), Response::from_json(200, &body));
    }
    let refusal = json!({ "errors": [{ "code": secret, "message": secret }], "trace": secret });
    script.expect(Call::any(), Response::from_json(404, &refusal));
    script.expect(Call::any(), Response::from_json(400, &refusal));

    let http = Table::http(script);
    let auth = Auth::ApiKey(Secret::from(secret.as_str()));
    let tokens = Arc::new(Tokens::new(http.clone(), "https://iam.example.com".to_owned(), auth.clone()));
    let instance = INSTANCE.parse().expect("a URL");
    let service = SecretsManager::new(http, instance, Arc::clone(&tokens));
    for body in &bodies {
        let value = service.secret(&id).await.expect("it can be read");
        table.hides(&format!("SecretValue of {}", body["secret_type"]), &value);
        table.hides("SecretData", value.data());
        let missing = value.pointer("/nowhere").expect_err("nothing is there");
        table.hides_as_text("FieldMissing", &missing);
        table.hides_as_text("WrongType", &value.expect_type(&[SecretType::PublicCert]).expect_err("it is another"));
    }
    table.hides_as_text("ClientError", &service.secret(&id).await.expect_err("it is refused"));
    let known = Secret::from(secret.as_str());
    let credentials_id = CredentialsId::new("an-id").expect("an id");
    let payload = json!({ "token": secret }).to_string();
    let update = TaskUpdate::Created { id: &credentials_id, payload: &payload };
    let task = TASK.parse().expect("an id");
    let outcome = service.task_update_once(&known, &id, &task, &update, Duration::from_secs(1)).await;
    table.hides("UpdateOutcome", &outcome);
    table.hides("SecretsManager", &service);
    let error = ServiceError::from_answer(400, refusal.to_string().as_bytes());
    table.hides_as_text("IamError", &IamError::KeyRejected { host: "iam".to_owned(), error: error.clone() });
    table.hides_as_text("ServiceError", &error);
    let connection = Connection {
        instance: INSTANCE.parse().expect("a URL"),
        iam_url: "https://iam.example.com".to_owned(),
        auth,
        ca_file: None,
        ssl_cert_file: None,
        patience: Duration::ZERO,
    };
    table.hides("Connection", &connection);
    assert_eq!(table.rows, 4 * bodies.len() + 6);
}

/// Outputs as an author declares them.
#[derive(Debug, Clone, Credentials)]
struct Outputs {
    token: Secret<String>,
    refresh: Option<Secret<String>>,
}

#[test]
fn types_of_the_core() {
    let mut table = Table::new();
    let secret = Secret::from(table.secret.as_str());
    let id = CredentialsId::new("an-id").expect("an id");
    table.hides("Created", &Created::new(id, Outputs { token: secret.clone(), refresh: Some(secret) }));
    // `Job` and `World`, which hold the means to everything, have no `Debug`; what can be taken out of them has none that tells.
    table.hides("StopSignal", &StopSignal::never());
    assert_eq!(table.rows, 2);
}
