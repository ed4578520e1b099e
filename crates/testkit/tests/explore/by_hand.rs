//! What jobs are made of that are written by hand.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use credjob::contract::Secret;
use credjob::http::{Attempt, Budget, Clock, HostGuard, HttpClient, Ledger, Request, Response, SeededRandom};
use credjob_testkit::explore::{Ended, Start};
use serde_json::{Value, json};

const BASE: &str = "https://system.test/credentials";
const TIMEOUT: Duration = Duration::from_secs(10);

/// A job's connections, its token and its task.
pub(crate) struct ByHand {
    http: HttpClient,
    token: Secret<String>,
    task: String,
    pub(crate) is_rerun: bool,
}

impl ByHand {
    /// Logs in; `None` without an answer.
    pub(crate) async fn start(start: &Start) -> Option<Self> {
        let variable = |name: &str| {
            let found = start.variables.iter().find(|(known, _)| known == name);
            found.and_then(|(_, value)| value.to_str()).unwrap_or_default().to_owned()
        };
        let task = format!(
            "{}/api/v2/secrets/{}/tasks/{}",
            variable("SM_INSTANCE_URL"),
            variable("SM_SECRET_ID"),
            variable("SM_SECRET_TASK_ID")
        );
        let http = HttpClient::new(
            Arc::clone(&start.transport),
            Clock::at(SystemTime::UNIX_EPOCH),
            Arc::new(SeededRandom::new(start.seed)),
            HostGuard::closed(),
            Ledger::new(),
            Budget::lasting(Duration::from_secs(100)),
        );
        let token = ask(&http, &Request::post("token", "https://iam.cloud.ibm.com/identity/token")).await?;
        let token = Secret::new(token["access_token"].as_str().unwrap_or_default().to_owned());
        Some(Self { http, token, task, is_rerun: variable("JOB_INDEX_RETRY_COUNT") != "0" })
    }

    /// Creates a credential; its id.
    pub(crate) async fn create(&self) -> Option<String> {
        let created = ask(&self.http, &Request::post("create", BASE).json(&json!({ "marker": "" }))).await?;
        Some(created["id"].as_str()?.to_owned())
    }

    /// Deletes a credential.
    pub(crate) async fn delete(&self, id: &str) -> Option<Value> {
        ask(&self.http, &Request::delete("delete", format!("{BASE}/{id}"))).await
    }

    /// Publishes a credential.
    pub(crate) async fn publish(&self, id: &str) -> Option<Value> {
        self.update(&json!({ "status": "credentials_created", "credentials": { "id": id, "payload": {} } })).await
    }

    /// Updates the task.
    pub(crate) async fn update(&self, body: &Value) -> Option<Value> {
        ask(&self.http, &Request::put("update", &self.task).bearer(&self.token).json(body)).await
    }
}

/// A process ends with this exit code.
pub(crate) fn end(exit: u8) -> Ended {
    Ended { exit, last_line: "done".to_owned() }
}

/// The answer, if it is a 2xx with JSON.
async fn ask(http: &HttpClient, request: &Request) -> Option<Value> {
    match http.attempt(request, TIMEOUT).await {
        Attempt::Applied(answer) => Response::json(&answer).ok(),
        _ => None,
    }
}
