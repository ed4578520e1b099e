//! Secrets Manager and IAM, as far as one task needs them (PROTOCOL 2.2, 3.1, 4.2 to 4.4).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use credjob::http::{Response, WireRequest};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::call::Call;

/// The secret of the task.
pub(crate) const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
/// The task.
pub(crate) const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
/// The version that the task makes, or whose data it deletes.
pub(crate) const VERSION: &str = "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e";
/// The version before it.
const OLD_VERSION: &str = "1f2e3d4c-5b6a-4978-8a9b-0c1d2e3f4a5b";
/// The host of the instance.
pub(crate) const INSTANCE: &str = "11111111-2222-4333-8444-555555555555.us-south.secrets-manager.appdomain.cloud";
/// The host of IAM.
pub(crate) const IAM: &str = "iam.cloud.ibm.com";
/// Every token that IAM gives.
pub(crate) const TOKEN: &str = "canary-iam-token-0123456789";
/// How far a replica may lag behind: less than the two seconds after which a job asks again (DESIGN 6).
const LAG: Duration = Duration::from_secs(2);

/// What a task asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// A new credential.
    Create,
    /// The end of an old one.
    Delete,
}

/// The service.
pub(crate) struct Service(Mutex<State>);

struct State {
    asks: Asks,
    /// Whether the job's role may read tasks and versions.
    readable: bool,
    status: Status,
    before: Status,
    changed: Option<Instant>,
    errors: Vec<String>,
    /// The credentials id of the version that the task made.
    owned: Option<String>,
    /// The credentials id of the version before.
    old: String,
    secrets: Vec<(String, String)>,
}

/// Where the task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Status {
    Processing,
    Created,
    Deleted,
    Failed,
    Gone,
}

impl Status {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Created => "credentials_created",
            Self::Deleted => "credentials_deleted",
            Self::Failed => "failed",
            Self::Gone => "gone",
        }
    }
}

impl Service {
    /// A service with one task that a job works on, an older version that owns `old`, and these secrets: id and data.
    pub(crate) fn new(asks: Asks, readable: bool, old: String, secrets: &[(String, Value)]) -> Self {
        let secrets = secrets.iter().map(|(id, data)| {
            let mut secret = data.clone();
            secret["id"] = json!(id);
            (id.clone(), secret.to_string())
        });
        Self(Mutex::new(State {
            asks,
            readable,
            status: Status::Processing,
            before: Status::Processing,
            changed: None,
            errors: Vec::new(),
            owned: None,
            old,
            secrets: secrets.collect(),
        }))
    }

    pub(crate) fn status(&self) -> Status {
        self.state().status
    }

    /// The credentials id that the version of this task owns.
    pub(crate) fn owned(&self) -> Option<String> {
        self.state().owned.clone()
    }

    /// The texts of the task's errors.
    pub(crate) fn errors(&self) -> Vec<String> {
        self.state().errors.clone()
    }

    /// The user deletes the task.
    pub(crate) fn cancel(&self) {
        self.state().change(Status::Gone);
    }

    /// The task timeout is over.
    pub(crate) fn time_out(&self) {
        let mut state = self.state();
        if state.status == Status::Processing {
            state.change(Status::Failed);
        }
    }

    /// Answers a call, from a replica that lags behind if `lagging`.
    pub(crate) fn answer(&self, call: Call, request: &WireRequest, lagging: bool) -> Response {
        let mut state = self.state();
        let allowed =
            request.header("authorization").is_some_and(|header| header.strip_prefix("Bearer ") == Some(TOKEN));
        match call {
            Call::Token => Response::new(200, TOKEN_ANSWER),
            _ if !allowed => refusal(401),
            Call::Update => state.update(request.body()),
            Call::ReadSecret => state.secret(request.url().path()),
            _ if !state.readable => refusal(403),
            Call::ReadTask => state.read(lagging),
            _ => state.versions(lagging),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const TOKEN_ANSWER: &str = r#"{"access_token":"canary-iam-token-0123456789","refresh_token":"not_supported","token_type":"Bearer","expires_in":3600,"expiration":4000000000}"#;

/// The service's error body (PROTOCOL 5.1).
pub(crate) fn refusal(status: u16) -> Response {
    let body = format!(
        r#"{{"trace":"4e2d9b70-6d0c-4f0e-a2c5-93d0a8b1c7f4","status_code":{status},"errors":[{{"code":"refused","message":"refused","more_info":""}}]}}"#
    );
    Response::new(status, body)
}

/// IAM's error body. 400 says that the key is unknown, as a fresh key can be for some seconds (PROTOCOL 3.1).
pub(crate) fn iam_refusal(status: u16) -> Response {
    let code = if status == 400 { "BXNIM0415E" } else { "BXNIM0000E" };
    Response::new(
        status,
        format!(r#"{{"errorCode":"{code}","errorMessage":"refused","context":{{"requestId":"b7c1"}}}}"#),
    )
}

impl State {
    fn change(&mut self, status: Status) {
        self.before = self.status;
        self.status = status;
        self.changed = Some(Instant::now());
    }

    fn update(&mut self, body: &[u8]) -> Response {
        match self.status {
            Status::Gone => return refusal(404),
            Status::Processing => {}
            _ => return refusal(400),
        }
        let Ok(body) = serde_json::from_slice::<Value>(body) else { return refusal(400) };
        let status = match (body["status"].as_str(), self.asks) {
            (Some("credentials_created"), Asks::Create) => {
                let Some(id) = body["credentials"]["id"].as_str() else { return refusal(400) };
                self.owned = Some(id.to_owned());
                Status::Created
            }
            (Some("credentials_deleted"), Asks::Delete) => Status::Deleted,
            (Some("failed"), _) => {
                let errors = body["errors"].as_array().into_iter().flatten();
                self.errors.extend(errors.map(ToString::to_string));
                Status::Failed
            }
            _ => return refusal(400),
        };
        self.change(status);
        self.task(status)
    }

    /// Whether the last change is too new for a replica.
    fn is_fresh(&self) -> bool {
        self.changed.is_some_and(|changed| changed.elapsed() < LAG)
    }

    fn read(&self, lagging: bool) -> Response {
        match if lagging && self.is_fresh() { self.before } else { self.status } {
            Status::Gone => refusal(404),
            status => self.task(status),
        }
    }

    fn task(&self, status: Status) -> Response {
        let version = match (self.asks, status) {
            (Asks::Delete, _) | (_, Status::Created) => format!(r#","secret_version_id":"{VERSION}""#),
            _ => String::new(),
        };
        let asks = match self.asks {
            Asks::Create => "create_credentials",
            Asks::Delete => "delete_credentials",
        };
        let status = status.as_str();
        let body = format!(
            r#"{{"id":"{TASK}","created_by":"IBMid-1","creation_date":"2026-03-01T09:00:00.120Z","last_update_date":"2026-03-01T09:01:12.480Z","updated_by":"iam-ServiceId-1","type":"{asks}","status":"{status}","trigger":"secret_creation","secret_id":"{SECRET}"{version}}}"#
        );
        Response::new(200, body)
    }

    fn secret(&self, path: &str) -> Response {
        let id = path.rsplit('/').next().unwrap_or_default();
        match self.secrets.iter().find(|(secret, _)| secret == id) {
            Some((_, body)) => Response::new(200, body.as_str()),
            None => refusal(404),
        }
    }

    fn versions(&self, lagging: bool) -> Response {
        let version = |id: &str, alias: &str, credentials_id: &str| {
            format!(
                r#"{{"id":"{id}","alias":"{alias}","payload_available":true,"created_by":"x","created_at":"2026-03-01T09:00:00Z","secret_type":"custom_credentials","secret_id":"{SECRET}","credentials_id":"{credentials_id}"}}"#
            )
        };
        let versions = match self.owned.as_ref().filter(|_| !(lagging && self.is_fresh())) {
            Some(id) => {
                format!("{},{}", version(OLD_VERSION, "previous", &self.old), version(VERSION, "current", id))
            }
            None => version(OLD_VERSION, "current", &self.old),
        };
        Response::new(200, format!(r#"{{"versions":[{versions}]}}"#))
    }
}
