//! Lives a job's whole life in this process: a few lines of Secrets Manager, and the real server.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, PoisonError};

use credjob::http::script::ScriptedTransport;
use credjob::http::{Clock, OsRandom, Response, WireRequest};
use credjob::{Ending, Environment, StopSignal, Stopper, World, live};
use postgres_provider::PostgresProvider;
use serde_json::{Value, json};

pub(crate) const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
const LOGIN: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";
pub(crate) const SERVER_SECRET: &str = "1f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";

/// A job and what surrounds it. Every job has a task of its own.
pub(crate) struct Life {
    service: Arc<Mutex<Service>>,
    variables: BTreeMap<String, String>,
    stop: (Stopper, StopSignal),
}

/// The parts of Secrets Manager and IAM that this job uses.
struct Service {
    secrets: BTreeMap<&'static str, Value>,
    task: String,
    status: String,
    updates: Vec<Value>,
}

impl Life {
    /// A task to create a role in the schema `app`, with this content of a service credentials secret.
    pub(crate) fn with_credentials(credentials: &Value) -> Self {
        Self::new(&json!({ "secret_type": "service_credentials", "credentials": credentials }))
    }

    /// The same with a login secret of any type.
    pub(crate) fn new(login: &Value) -> Self {
        let service = Service {
            secrets: [(LOGIN, login.clone())].into(),
            task: TASK.to_owned(),
            status: "processing".to_owned(),
            updates: Vec::new(),
        };
        let variables = [
            ("SM_ACTION", "create_credentials"),
            ("SM_TRIGGER", "secret_creation"),
            ("SM_INSTANCE_URL", "https://service.example.com"),
            ("SM_SECRET_TASK_ID", TASK),
            ("SM_SECRET_ID", SECRET),
            ("SM_SECRET_NAME", "app-role"),
            ("SM_SECRET_GROUP_ID", "default"),
            ("SM_ACCESS_APIKEY", "canary-api-key-of-the-job"),
            ("SM_LOGIN_SECRET_ID_VALUE", LOGIN),
            ("SM_SCHEMA_NAME_VALUE", "app"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { service: Arc::new(Mutex::new(service)), variables, stop: StopSignal::new() }
    }

    /// Sets a variable of the job; an empty value unsets it.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Another task than that of the other jobs: `number` stands in its UUID.
    pub(crate) fn task(self, number: u32) -> Self {
        let task = format!("sm-task-5f0e3a52-77c1-4b0e-8d0b-{number:012x}");
        task.clone_into(&mut self.lock().task);
        self.with("SM_SECRET_TASK_ID", &task)
    }

    /// A second secret that the job may read.
    pub(crate) fn with_server_secret(self, secret: &Value) -> Self {
        self.lock().secrets.insert(SERVER_SECRET, secret.clone());
        self.with("SM_SERVER_SECRET_ID_VALUE", SERVER_SECRET)
    }

    /// Makes it a task to delete `id`.
    pub(crate) fn deleting(self, id: &str) -> Self {
        self.with("SM_ACTION", "delete_credentials")
            .with("SM_TRIGGER", "secret_version_data_deletion")
            .with("SM_CREDENTIALS_ID", id)
            .with("SM_SECRET_VERSION_ID", "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e")
    }

    /// What sends SIGTERM.
    pub(crate) fn stopper(&self) -> Stopper {
        self.stop.0.clone()
    }

    /// Lives the job's life.
    pub(crate) async fn live(&self) -> Ending {
        let variables = self.variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let environment = Environment::read(variables).expect("an environment that addresses the task");
        let service = Arc::clone(&self.service);
        let script = ScriptedTransport::any_order()
            .with_backend(move |request| service.lock().unwrap_or_else(PoisonError::into_inner).answer(request));
        let world = World::new(Arc::new(script), Clock::system(), Arc::new(OsRandom), self.stop.1.clone());
        Box::pin(live(&PostgresProvider, environment, world)).await
    }

    /// The last task update that was applied.
    pub(crate) fn reported(&self) -> Value {
        self.lock().updates.last().cloned().expect("a task update")
    }

    /// The code and the text of the last task update, which must say `failed`.
    pub(crate) fn failure(&self) -> (String, String) {
        let report = self.reported();
        // Not the whole report: it may hold a credential.
        assert_eq!(report["status"], "failed", "{}", report["errors"]);
        let text = |key: &str| report["errors"][0][key].as_str().expect("an error of the task").to_owned();
        (text("code"), text("description"))
    }

    /// The credentials id and the payload of the last task update, which must say `credentials_created`.
    pub(crate) fn published(&self) -> (String, Value) {
        let report = self.reported();
        assert_eq!(report["status"], "credentials_created", "{report}");
        let credentials = &report["credentials"];
        (credentials["id"].as_str().expect("a credentials id").to_owned(), credentials["payload"].clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Service> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    fn answer(&mut self, request: &WireRequest) -> Response {
        let url = request.url();
        if url.host_str() == Some("iam.cloud.ibm.com") {
            return Response::from_json(200, &json!({ "access_token": "canary-iam-token", "expires_in": 3600 }));
        }
        let task = format!("/api/v2/secrets/{SECRET}/tasks/{}", self.task);
        let (status, body) = match (request.method().as_str(), url.path()) {
            ("PUT", path) if path == task && self.status == "processing" => {
                let update: Value = serde_json::from_slice(request.body()).expect("a JSON body");
                update["status"].as_str().expect("a status").clone_into(&mut self.status);
                self.updates.push(update);
                (200, self.as_task())
            }
            ("PUT", path) if path == task => {
                (400, json!({ "errors": [{ "code": "bad_request", "message": "final" }] }))
            }
            ("GET", path) if path == task => (200, self.as_task()),
            ("GET", path) if path.ends_with("/versions") => (200, json!({ "versions": [] })),
            ("GET", path) => match self.secrets.iter().find(|(id, _)| path.ends_with(*id)) {
                Some((id, secret)) => {
                    let mut secret = secret.clone();
                    secret["id"] = json!(id);
                    (200, secret)
                }
                None => (404, json!({ "errors": [{ "code": "not_found", "message": "not found" }] })),
            },
            _ => (404, json!({ "errors": [{ "code": "not_found", "message": "not found" }] })),
        };
        Response::from_json(status, &body)
    }

    fn as_task(&self) -> Value {
        json!({ "id": self.task, "status": self.status, "secret_id": SECRET })
    }
}
