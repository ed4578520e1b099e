//! The provider's whole life, in virtual time and without a socket.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::{Arc, Mutex};

use certificate_provider::CertificateProvider;
use credjob::http::script::{Call, Fault, ScriptedTransport};
use credjob::http::{Clock, Response, SeededRandom, WireRequest};
use credjob::{Ending, Environment, Exit, StopSignal, World, live};
use serde_json::{Value, json};

const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";

/// What surrounds a job: IAM and one secret task.
struct Surroundings {
    script: ScriptedTransport,
    /// Bodies of the applied task updates.
    updates: Arc<Mutex<Vec<Value>>>,
    variables: BTreeMap<String, String>,
}

impl Surroundings {
    /// A task to create a credential.
    fn new() -> Self {
        let updates: Arc<Mutex<Vec<Value>>> = Arc::default();
        let its_updates = Arc::clone(&updates);
        let script = ScriptedTransport::any_order().with_backend(move |request| answer(&its_updates, request));
        let variables = [
            ("SM_ACTION", "create_credentials"),
            ("SM_TRIGGER", "secret_creation"),
            ("SM_INSTANCE_URL", "https://service.example.com"),
            ("SM_SECRET_TASK_ID", TASK),
            ("SM_SECRET_ID", SECRET),
            ("SM_SECRET_NAME", "tls"),
            ("SM_SECRET_GROUP_ID", "default"),
            ("SM_ACCESS_APIKEY", "canary-api-key-of-the-job"),
            ("SM_COMMON_NAME_VALUE", "www.example.com"),
            ("SM_KEY_ALGO_VALUE", "ECDSA"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { script, updates, variables }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn deleting(self, id: &str) -> Self {
        self.with("SM_ACTION", "delete_credentials")
            .with("SM_TRIGGER", "secret_version_data_deletion")
            .with("SM_CREDENTIALS_ID", id)
            .with("SM_SECRET_VERSION_ID", "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e")
    }

    async fn live(&self) -> Ending {
        let variables = self.variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let environment = Environment::read(variables).expect("an environment that addresses the task");
        let random = Arc::new(SeededRandom::new(1));
        let world = World::new(Arc::new(self.script.clone()), Clock::system(), random, StopSignal::never());
        Box::pin(live(&CertificateProvider, environment, world)).await
    }

    fn reported(&self) -> Value {
        self.updates.lock().expect("no panic while it is held").last().cloned().expect("a task update")
    }

    fn reported_failure(&self) -> (String, String) {
        let report = self.reported();
        assert_eq!(report["status"], "failed", "{report}");
        let text = |key: &str| report["errors"][0][key].as_str().expect("an error of the task").to_owned();
        (text("code"), text("description"))
    }
}

fn answer(updates: &Mutex<Vec<Value>>, request: &WireRequest) -> Response {
    if request.url().path() == "/identity/token" {
        return Response::from_json(200, &json!({ "access_token": "canary-iam-token", "expires_in": 3600 }));
    }
    assert_eq!(request.url().path(), format!("/api/v2/secrets/{SECRET}/tasks/{TASK}"));
    let mut updates = updates.lock().expect("no panic while it is held");
    if request.method().as_str() == "PUT" {
        updates.push(serde_json::from_slice(request.body()).expect("a JSON body"));
    }
    let status = updates.last().map_or(json!("processing"), |update| update["status"].clone());
    Response::from_json(200, &json!({ "id": TASK, "status": status, "secret_id": SECRET }))
}

#[tokio::test(start_paused = true)]
async fn a_certificate_is_created_and_deleted_twice_over() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let surroundings = Surroundings::new();
        assert_eq!(surroundings.live().await.exit, Exit::Done);
        let report = surroundings.reported();
        assert_eq!(report["status"], "credentials_created", "{}", report["errors"]);
        let names: Vec<_> = report["credentials"]["payload"].as_object().expect("an object").keys().cloned().collect();
        assert_eq!(names, ["certificate_base64", "private_key_base64"]);
        ids.push(report["credentials"]["id"].as_str().expect("an id").to_owned());
    }
    assert_ne!(ids[0], ids[1]);
    for id in ids {
        assert!(id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
        let surroundings = Surroundings::new().deleting(&id);
        assert_eq!(surroundings.live().await.exit, Exit::Done);
        assert_eq!(surroundings.reported()["status"], "credentials_deleted");
    }
}

#[tokio::test(start_paused = true)]
async fn the_defaults_are_those_of_the_example_that_it_replaces() {
    let surroundings = Surroundings::new().with("SM_KEY_ALGO_VALUE", "");
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    let size = surroundings.reported()["credentials"]["payload"]["private_key_base64"].as_str().map(str::len);
    assert!(size > Some(2000), "an RSA key of 2048 bits, not {size:?} characters");
}

#[tokio::test(start_paused = true)]
async fn bad_parameters_end_as_a_failure_that_names_the_variable() {
    for (name, value, code) in [
        ("SM_COMMON_NAME_VALUE", "", "CREDJOB_BAD_PARAMETER"),
        ("SM_COMMON_NAME_VALUE", "x".repeat(65).as_str(), "CREDJOB_BAD_PARAMETER"),
        ("SM_COUNTRY_VALUE", "DEU", "CREDJOB_BAD_PARAMETER"),
        ("SM_COUNTRY_VALUE", "D1", "CREDJOB_BAD_PARAMETER"),
        ("SM_EXPIRATION_DAYS_VALUE", "0", "CREDJOB_BAD_PARAMETER"),
        ("SM_EXPIRATION_DAYS_VALUE", "3651", "CREDJOB_BAD_PARAMETER"),
        ("SM_KEY_ALGO_VALUE", "ED25519", "CREDJOB_BAD_PARAMETER"),
        ("SM_SIGN_ALGO_VALUE", "SHA1", "CREDJOB_BAD_PARAMETER"),
        ("SM_SAN_VALUE", "a.example.com,not a name", "CERTIFICATE_BAD_SAN"),
    ] {
        let surroundings = Surroundings::new().with(name, value);
        assert_eq!(surroundings.live().await.exit, Exit::Done, "{name}={value}");
        let (reported, text) = surroundings.reported_failure();
        assert_eq!(reported, code, "{name}={value}: {text}");
        assert!(text.contains(name), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_stricter_image_refuses_can_still_be_deleted() {
    let surroundings = Surroundings::new()
        .deleting("42")
        .with("SM_COMMON_NAME_VALUE", "")
        .with("SM_SAN_VALUE", "not a name")
        .with("SM_COUNTRY_VALUE", "Germany")
        .with("SM_EXPIRATION_DAYS_VALUE", "0");
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported()["status"], "credentials_deleted");
}

#[tokio::test(start_paused = true)]
async fn a_certificate_that_cannot_be_published_leaves_nothing_behind() {
    for status in [400, 404] {
        let surroundings = Surroundings::new();
        surroundings.script.expect(Call::put(TASK), Fault::Status(status));
        // Nobody holds the certificate but the job, so dropping it is enough.
        assert_ne!(surroundings.live().await.exit, Exit::Orphan, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rerun_closes_the_task_and_is_done() {
    let surroundings = Surroundings::new().with("JOB_INDEX_RETRY_COUNT", "1");
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported_failure().0, "CREDJOB_INTERRUPTED");
}
