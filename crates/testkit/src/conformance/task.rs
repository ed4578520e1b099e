//! IAM and Secrets Manager, as far as one task needs them (PROTOCOL 2.2, 3.1, 4.2 to 4.4). Clones share the task.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use credjob::http::{Response, WireRequest};
use serde_json::{Value, json};

use crate::target::TargetSettings;

const IAM: &str = "iam.cloud.ibm.com";
const INSTANCE: &str = "service.example.com";
/// The key of every job.
pub(super) const API_KEY: &str = "canary-api-key-of-the-job-7f3c";
/// Every token that IAM gives.
pub(super) const IAM_TOKEN: &str = "canary-iam-token-of-the-job-91d2";
const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
const VERSION: &str = "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e";

/// A task of Secrets Manager, with a version of its secret once it is done: a model for tests in this process.
///
/// For what is a provider's own and no rule of the kit: give a run [`Task::variables`], and let a transport answer with
/// [`Task::answer`] what goes to IAM and to the instance.
#[derive(Clone)]
pub struct Task {
    id: String,
    state: Arc<Mutex<State>>,
}

struct State {
    status: &'static str,
    secrets: BTreeMap<String, Value>,
    /// Statuses of refusals that wait for the next updates.
    refusals: VecDeque<u16>,
    /// The applied update.
    update: Option<Value>,
}

impl Task {
    /// The task number `number`, still open, in an instance that holds the secrets of `settings`.
    pub fn new(number: u64, settings: &TargetSettings) -> Self {
        let secrets = settings.secrets.iter().enumerate().map(|(index, login)| {
            let (id, mut secret) = (secret_id(index), login.prototype.clone());
            secret["id"] = json!(id);
            (id, secret)
        });
        let state = State { status: "processing", secrets: secrets.collect(), refusals: VecDeque::new(), update: None };
        let id = format!("sm-task-5f0e3a52-77c1-4b0e-8d0b-{number:012x}");
        Self { id, state: Arc::new(Mutex::new(state)) }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The next task of the same secret: this one, open again.
    pub fn reopen(&self) {
        let mut state = self.state();
        state.status = "processing";
        state.update = None;
    }

    /// The body of the update that was applied.
    pub fn update(&self) -> Option<Value> {
        self.state().update.clone()
    }

    /// Refuses the next updates with these statuses. A 404 means that the task is gone.
    pub(super) fn refusing(self, statuses: &[u16]) -> Self {
        self.state().refusals.extend(statuses);
        self
    }

    /// Where the task stands: `processing`, `credentials_created`, `credentials_deleted`, `failed` or `gone`.
    pub fn status(&self) -> &'static str {
        self.state().status
    }

    /// The credentials id and the payload of the version that this task made.
    pub fn published(&self) -> Option<(String, Value)> {
        let state = self.state();
        let credentials = &state.update.as_ref().filter(|_| state.status == "credentials_created")?["credentials"];
        Some((credentials["id"].as_str()?.to_owned(), credentials["payload"].clone()))
    }

    /// The code and the text of the error that was reported.
    pub fn error(&self) -> Option<(String, String)> {
        let state = self.state();
        let error = &state.update.as_ref()?["errors"][0];
        Some((error["code"].as_str()?.to_owned(), error["description"].as_str()?.to_owned()))
    }

    /// The variables of a job that works on this task: who, where, and which secrets to read.
    pub fn variables(&self, settings: &TargetSettings) -> BTreeMap<String, String> {
        let mut variables: BTreeMap<String, String> = [
            ("SM_INSTANCE_URL", format!("https://{INSTANCE}")),
            ("SM_SECRET_TASK_ID", self.id.clone()),
            ("SM_SECRET_ID", SECRET.to_owned()),
            ("SM_SECRET_NAME", "conformance".to_owned()),
            ("SM_SECRET_GROUP_ID", "default".to_owned()),
            ("SM_SECRET_VERSION_ID", VERSION.to_owned()),
            ("SM_ACCESS_APIKEY", API_KEY.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let input = |name: &str| format!("SM_{}_VALUE", name.to_ascii_uppercase());
        variables.extend(settings.params.iter().map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            (input(name), value)
        }));
        let logins = settings.secrets.iter().enumerate();
        variables.extend(logins.map(|(index, login)| (input(&login.param), secret_id(index))));
        variables.extend(settings.job_env.iter().cloned());
        variables
    }

    /// Answers a request to IAM or to the instance; `None` if it goes elsewhere.
    pub fn answer(&self, request: &WireRequest) -> Option<Response> {
        match request.url().host_str() {
            Some(IAM) => {
                let token = json!({ "access_token": IAM_TOKEN, "expires_in": 3600 });
                Some(Response::from_json(200, &token))
            }
            Some(INSTANCE) => Some(self.answer_of_instance(request)),
            _ => None,
        }
    }

    /// Whether a request goes to IAM or to the instance.
    pub(super) fn serves(request: &WireRequest) -> bool {
        matches!(request.url().host_str(), Some(IAM | INSTANCE))
    }

    fn answer_of_instance(&self, request: &WireRequest) -> Response {
        let task = format!("/api/v2/secrets/{SECRET}/tasks/{}", self.id);
        let versions = format!("/api/v2/secrets/{SECRET}/versions");
        let mut state = self.state();
        let (status, body) = match (request.method().as_str(), request.url().path()) {
            ("PUT", path) if path == task => {
                let update = serde_json::from_slice(request.body()).unwrap_or_default();
                state.update(&self.id, update)
            }
            ("GET", path) if path == task && state.status == "gone" => refusal(404),
            ("GET", path) if path == task => (200, state.described(&self.id)),
            ("GET", path) if path == versions => (200, state.versions()),
            ("GET", path) => match path.strip_prefix("/api/v2/secrets/").and_then(|id| state.secrets.get(id)) {
                Some(secret) => (200, secret.clone()),
                None => refusal(404),
            },
            _ => refusal(404),
        };
        Response::from_json(status, &body)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn update(&mut self, id: &str, update: Value) -> (u16, Value) {
        if let Some(status) = self.refusals.pop_front() {
            if status == 404 {
                self.status = "gone";
            }
            return refusal(status);
        }
        self.status = match (self.status, update["status"].as_str()) {
            ("processing", Some("credentials_created")) => "credentials_created",
            ("processing", Some("credentials_deleted")) => "credentials_deleted",
            ("processing", Some("failed")) => "failed",
            ("gone", _) => return refusal(404),
            _ => return refusal(400),
        };
        self.update = Some(update);
        (200, self.described(id))
    }

    fn described(&self, id: &str) -> Value {
        let mut task = json!({ "id": id, "status": self.status, "secret_id": SECRET });
        if self.status == "credentials_created" {
            task["secret_version_id"] = json!(VERSION);
        }
        task
    }

    fn versions(&self) -> Value {
        let owned = self.update.as_ref().filter(|_| self.status == "credentials_created");
        let versions: Vec<Value> = owned
            .map(|update| {
                json!({ "id": VERSION, "alias": "current", "payload_available": true, "secret_id": SECRET,
                        "created_at": "2026-03-01T09:00:00Z", "secret_type": "custom_credentials",
                        "credentials_id": update["credentials"]["id"] })
            })
            .into_iter()
            .collect();
        json!({ "total_count": versions.len(), "versions": versions })
    }
}

fn secret_id(index: usize) -> String {
    format!("0f2c3b4a-5d6e-4f70-8a91-{index:012x}")
}

fn refusal(status: u16) -> (u16, Value) {
    (status, json!({ "status_code": status, "errors": [{ "code": "refused", "message": "refused by the test" }] }))
}

/// Names only: the update holds a credential.
impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("id", &self.id).field("status", &self.status()).finish_non_exhaustive()
    }
}
