//! Lives a job's whole life against the stand-in and a few lines of Secrets Manager, in virtual time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, PoisonError};

use credjob::http::script::ScriptedTransport;
use credjob::http::{Clock, Response, SeededRandom, WireRequest};
use credjob::{Ending, Environment, StopSignal, World, live};
use jfrog_provider::JfrogProvider;
use serde_json::{Value, json};

use crate::stand_in::{Asked, StandIn};

pub(crate) const ADMIN: &str = "canary-admin-token-of-the-stand-in";
pub(crate) const BASE: &str = "https://example.jfrog.io";
pub(crate) const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
/// The task's part of a marker.
pub(crate) const TASK_MARKER: &str = "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
const LOGIN: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";

/// What surrounds a job.
pub(crate) struct Surroundings {
    pub(crate) platform: StandIn,
    pub(crate) script: ScriptedTransport,
    service: Arc<Mutex<Service>>,
    variables: BTreeMap<String, String>,
}

/// The parts of Secrets Manager and IAM that this job uses.
struct Service {
    login: Value,
    task_status: String,
    /// Bodies of the applied task updates.
    updates: Vec<Value>,
}

impl Surroundings {
    /// A platform, a service with a login secret, and a task to create a credential.
    pub(crate) fn new() -> Self {
        let platform = StandIn::new(ADMIN);
        let service = Arc::new(Mutex::new(Service {
            login: json!({ "secret_type": "arbitrary", "payload": ADMIN }),
            task_status: "processing".to_owned(),
            updates: Vec::new(),
        }));
        let (its_platform, its_service) = (platform.clone(), Arc::clone(&service));
        let script =
            ScriptedTransport::any_order().with_backend(move |request| answer(&its_platform, &its_service, request));
        let variables = [
            ("SM_ACTION", "create_credentials"),
            ("SM_TRIGGER", "secret_creation"),
            ("SM_INSTANCE_URL", "https://service.example.com"),
            ("SM_SECRET_TASK_ID", TASK),
            ("SM_SECRET_ID", SECRET),
            ("SM_SECRET_NAME", "build-token"),
            ("SM_SECRET_GROUP_ID", "default"),
            ("SM_ACCESS_APIKEY", "canary-api-key-of-the-job"),
            ("SM_LOGIN_SECRET_ID_VALUE", LOGIN),
            ("SM_JFROG_BASE_URL_VALUE", BASE),
            ("CREDJOB_ALLOWED_HOSTS", "*.jfrog.io"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { platform, script, service, variables }
    }

    /// Sets a variable of the job; an empty value unsets it.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Makes it a task to delete `id`.
    pub(crate) fn deleting(self, id: &str) -> Self {
        self.with("SM_ACTION", "delete_credentials")
            .with("SM_TRIGGER", "secret_version_data_deletion")
            .with("SM_CREDENTIALS_ID", id)
            .with("SM_SECRET_VERSION_ID", "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e")
    }

    /// Puts something else into the login secret.
    pub(crate) fn with_login(self, login: Value) -> Self {
        self.service.lock().unwrap_or_else(PoisonError::into_inner).login = login;
        self
    }

    /// The next task of the same secret, on the same platform.
    pub(crate) fn next_task(self) -> Self {
        "processing".clone_into(&mut self.service.lock().unwrap_or_else(PoisonError::into_inner).task_status);
        self
    }

    /// Lives the job's life.
    pub(crate) async fn live(&self) -> Ending {
        let variables = self.variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let environment = Environment::read(variables).expect("an environment that addresses the task");
        let world = World::new(
            Arc::new(self.script.clone()),
            Clock::system(),
            Arc::new(SeededRandom::new(1)),
            StopSignal::never(),
        );
        Box::pin(live(&JfrogProvider, environment, world)).await
    }

    /// The last task update that was applied.
    pub(crate) fn reported(&self) -> Value {
        let service = self.service.lock().unwrap_or_else(PoisonError::into_inner);
        service.updates.last().cloned().expect("a task update")
    }

    /// The code and the text of the last task update, which must say `failed`.
    pub(crate) fn reported_failure(&self) -> (String, String) {
        let report = self.reported();
        assert_eq!(report["status"], "failed", "{report}");
        let text = |key: &str| report["errors"][0][key].as_str().expect("an error of the task").to_owned();
        (text("code"), text("description"))
    }

    /// The credentials id of the last task update, which must say `credentials_created`.
    pub(crate) fn published_id(&self) -> String {
        let report = self.reported();
        assert_eq!(report["status"], "credentials_created", "{report}");
        report["credentials"]["id"].as_str().expect("a credentials id").to_owned()
    }
}

fn answer(platform: &StandIn, service: &Mutex<Service>, request: &WireRequest) -> Response {
    let url = request.url();
    let (status, body) = match url.host_str() {
        Some("iam.cloud.ibm.com") => (200, json!({ "access_token": "canary-iam-token", "expires_in": 3600 })),
        Some("service.example.com") => service.lock().unwrap_or_else(PoisonError::into_inner).answer(request),
        _ => platform.answer(Asked {
            method: request.method().as_str(),
            path: url.path(),
            query: url.query().unwrap_or_default(),
            authorization: request.header("authorization"),
            body: request.body(),
        }),
    };
    if body.is_null() { Response::new(status, "") } else { Response::from_json(status, &body) }
}

impl Service {
    fn answer(&mut self, request: &WireRequest) -> (u16, Value) {
        let path = request.url().path();
        let task = format!("/api/v2/secrets/{SECRET}/tasks/{TASK}");
        match request.method().as_str() {
            "PUT" if path == task && self.task_status == "processing" => {
                let update: Value = serde_json::from_slice(request.body()).expect("a JSON body");
                update["status"].as_str().expect("a status").clone_into(&mut self.task_status);
                self.updates.push(update);
                (200, self.task())
            }
            "PUT" if path == task => (400, json!({ "errors": [{ "code": "bad_request", "message": "final" }] })),
            "GET" if path == task => (200, self.task()),
            "GET" if path == format!("/api/v2/secrets/{SECRET}/versions") => (200, json!({ "versions": [] })),
            "GET" if path == format!("/api/v2/secrets/{LOGIN}") => {
                let mut login = self.login.clone();
                login["id"] = json!(LOGIN);
                (200, login)
            }
            _ => (404, json!({ "errors": [{ "code": "not_found", "message": "not found" }] })),
        }
    }

    fn task(&self) -> Value {
        json!({ "id": TASK, "status": self.task_status, "secret_id": SECRET })
    }
}
