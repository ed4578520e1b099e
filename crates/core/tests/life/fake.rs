//! A model of everything outside a job: IAM, Secrets Manager's task, and an external system that holds credentials.
//! Behind the job's own transport trait, so that every answer can be bent and nothing ever sleeps for real.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use credjob::http::{BoxFuture, CONNECT_TIMEOUT, Response, Transport, TransportError, WireRequest};
use serde_json::{Value, json};
use tokio::time::Instant;

pub(crate) const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
pub(crate) const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
pub(crate) const TASK_MARKER: &str = "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const VERSION: &str = "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e";

/// A call of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Call {
    Token,
    Update,
    Read,
    Versions,
    Create,
    Delete,
    List,
}

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing went wrong.
    None,
    /// Nothing reached the server.
    NotSent,
    /// Sent, never applied, no answer.
    RequestLost,
    /// Applied, no answer.
    ResponseLost,
    /// No answer until the attempt's timeout; never applied.
    Hang,
    /// Applied, no answer until the attempt's timeout.
    HangAfter,
    /// No answer; applied this much later.
    AppliedLate(Duration),
    /// Nobody answers the connection: not sent, if the attempt lasts longer than connecting may.
    BlackHole,
    /// 429 with this many seconds of `Retry-After`, not applied.
    RetryAfter(u64),
    /// Answered so, not applied.
    Status(u16),
    /// Applied, but answered so.
    StatusAfter(u16),
    /// A page of a proxy, not applied.
    Html,
    /// Applied, but a page of a proxy came back.
    HtmlAfter,
}

#[derive(Default)]
struct State {
    task_status: Option<&'static str>,
    task_errors: Vec<(String, String)>,
    version_owner: Option<String>,
    version_unnamed: bool,
    live: BTreeMap<String, String>,
    created: u32,
    script: HashMap<Call, VecDeque<Fault>>,
    always: HashMap<Call, Fault>,
    late: Vec<(Instant, Call, String, Value)>,
    calls: Vec<Call>,
    updates: Vec<Value>,
    refused_for_good: bool,
    updates_after_refusal: u32,
    versions_readable: bool,
    hide_created_from: u32,
}

/// The model; clones share it.
#[derive(Clone)]
pub(crate) struct Fake(Arc<Mutex<State>>);

impl Fake {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            task_status: Some("processing"),
            versions_readable: true,
            ..State::default()
        })))
    }

    /// The next calls of this kind meet these faults, one each.
    pub(crate) fn script(&self, call: Call, faults: &[Fault]) -> &Self {
        self.state().script.entry(call).or_default().extend(faults);
        self
    }

    /// Every call of this kind that has no scripted fault meets this one.
    pub(crate) fn always(&self, call: Call, fault: Fault) -> &Self {
        self.state().always.insert(call, fault);
        self
    }

    /// The task is gone, or in another status, from the start.
    pub(crate) fn task(&self, status: Option<&'static str>) -> &Self {
        self.state().task_status = status;
        self
    }

    /// A credential that exists before the run.
    pub(crate) fn holds(&self, id: &str, marker: &str) -> &Self {
        self.state().live.insert(id.to_owned(), marker.to_owned());
        self
    }

    /// The published version says that it owns this credential.
    pub(crate) fn version_owner(&self, id: &str) -> &Self {
        self.state().version_owner = Some(id.to_owned());
        self
    }

    /// The task does not name its version.
    pub(crate) fn version_unnamed(&self) -> &Self {
        self.state().version_unnamed = true;
        self
    }

    /// The next `times` deletions do not see what exists.
    pub(crate) fn blind_deletions(&self, times: u32) -> &Self {
        self.state().hide_created_from = times;
        self
    }

    pub(crate) fn status(&self) -> Option<&'static str> {
        self.settle(true);
        self.state().task_status
    }

    pub(crate) fn owner(&self) -> Option<String> {
        self.state().version_owner.clone()
    }

    pub(crate) fn live(&self) -> Vec<String> {
        self.settle(true);
        self.state().live.keys().cloned().collect()
    }

    pub(crate) fn markers(&self) -> Vec<String> {
        self.state().live.values().cloned().collect()
    }

    pub(crate) fn errors(&self) -> Vec<(String, String)> {
        self.state().task_errors.clone()
    }

    pub(crate) fn count(&self, call: Call) -> usize {
        self.state().calls.iter().filter(|made| **made == call).count()
    }

    pub(crate) fn updates_after_refusal(&self) -> u32 {
        self.state().updates_after_refusal
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Applies what is due; at the end of a test, everything.
    fn settle(&self, all: bool) {
        let mut state = self.state();
        let now = Instant::now();
        let (due, later) = std::mem::take(&mut state.late).into_iter().partition(|(at, ..)| all || *at <= now);
        state.late = later;
        for (_, call, path, body) in due {
            state.apply(call, &path, &body);
        }
    }

    fn begin(&self, request: &WireRequest) -> (Call, String, Value, Fault) {
        self.settle(false);
        let call = call_of(request);
        let mut state = self.state();
        state.calls.push(call);
        let fault = state.script.get_mut(&call).and_then(VecDeque::pop_front);
        let fault = fault.or_else(|| state.always.get(&call).copied()).unwrap_or(Fault::None);
        let body = serde_json::from_slice(request.body()).unwrap_or(Value::Null);
        if call == Call::Update {
            state.updates.push(body.clone());
            state.updates_after_refusal += u32::from(state.refused_for_good);
        }
        let path = match request.url().query() {
            Some(query) => format!("{}?{query}", request.url().path()),
            None => request.url().path().to_owned(),
        };
        (call, path, body, fault)
    }

    fn answer(&self, call: Call, status: u16, body: &Value) -> Response {
        if call == Call::Update && matches!(status, 400 | 404) {
            self.state().refused_for_good = true;
        }
        Response::from_json(status, body)
    }
}

impl Transport for Fake {
    fn send<'a>(
        &'a self,
        request: &'a WireRequest,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move {
            let (call, path, body, fault) = self.begin(request);
            let apply = || self.state().apply(call, &path, &body);
            match fault {
                Fault::None => {
                    let (status, body) = apply();
                    Ok(self.answer(call, status, &body))
                }
                Fault::NotSent => Err(TransportError::not_sent("no connection")),
                Fault::RequestLost => Err(TransportError::unknown("connection reset")),
                Fault::ResponseLost => {
                    apply();
                    Err(TransportError::unknown("connection reset"))
                }
                Fault::Hang | Fault::HangAfter => {
                    if fault == Fault::HangAfter {
                        apply();
                    }
                    tokio::time::sleep(timeout).await;
                    Err(TransportError::unknown("no answer in time"))
                }
                Fault::AppliedLate(after) => {
                    self.state().late.push((Instant::now() + after, call, path, body));
                    Err(TransportError::unknown("connection reset"))
                }
                Fault::BlackHole => {
                    tokio::time::sleep(timeout.min(CONNECT_TIMEOUT)).await;
                    let connecting = timeout > CONNECT_TIMEOUT;
                    Err(if connecting {
                        TransportError::not_sent("no connection")
                    } else {
                        TransportError::unknown("no answer")
                    })
                }
                Fault::RetryAfter(seconds) => {
                    Ok(self.answer(call, 429, &refusal(429)).with_header("retry-after", &seconds.to_string()))
                }
                Fault::Status(status) => Ok(self.answer(call, status, &refusal(status))),
                Fault::StatusAfter(status) => {
                    apply();
                    Ok(self.answer(call, status, &refusal(status)))
                }
                Fault::Html => Ok(Response::new(200, "<html>proxy</html>")),
                Fault::HtmlAfter => {
                    apply();
                    Ok(Response::new(200, "<html>proxy</html>"))
                }
            }
        })
    }
}

fn refusal(status: u16) -> Value {
    json!({"trace": "4e2d9b70-6d0c-4f0e-a2c5-93d0a8b1c7f4", "status_code": status,
           "errors": [{"code": "scripted", "message": "scripted", "more_info": ""}]})
}

fn call_of(request: &WireRequest) -> Call {
    let path = request.url().path();
    let method = request.method().as_str();
    match (request.url().host_str().unwrap_or_default(), method) {
        ("iam.cloud.ibm.com", _) => Call::Token,
        ("system.test", "POST") => Call::Create,
        ("system.test", "DELETE") => Call::Delete,
        ("system.test", _) => Call::List,
        (_, "PUT") => Call::Update,
        _ if path.ends_with("/versions") => Call::Versions,
        _ => Call::Read,
    }
}

impl State {
    /// What the call does, and its honest answer.
    fn apply(&mut self, call: Call, path: &str, body: &Value) -> (u16, Value) {
        match call {
            Call::Token => (
                200,
                json!({"access_token": "canary-iam-token-0123456789", "refresh_token": "not_supported",
                "token_type": "Bearer", "expires_in": 3600, "expiration": 4_000_000_000_u64}),
            ),
            Call::Create => {
                self.created += 1;
                let id = format!("cred-{}", self.created);
                self.live.insert(id.clone(), body["marker"].as_str().unwrap_or_default().to_owned());
                (201, json!({"id": id, "token": "canary-credential-0123456789"}))
            }
            Call::Delete => self.delete(path.rsplit('/').next().unwrap_or_default()),
            Call::List => {
                let found: Vec<Value> =
                    self.live.iter().map(|(id, marker)| json!({"id": id, "marker": marker})).collect();
                (200, json!({"credentials": found}))
            }
            Call::Update => self.update(body),
            Call::Read => self.task_status.map_or((404, refusal(404)), |status| (200, self.task(status))),
            Call::Versions if self.versions_readable => {
                let owner = self.version_owner.as_ref();
                let versions: Vec<Value> = owner
                    .map(|id| {
                        json!({"id": VERSION, "alias": "current", "payload_available": true,
                    "created_by": "x", "created_at": "2026-03-01T09:00:00Z", "secret_type": "custom_credentials",
                    "secret_group_id": "default", "secret_id": SECRET, "credentials_id": id})
                    })
                    .into_iter()
                    .collect();
                (200, json!({"total_count": versions.len(), "versions": versions}))
            }
            Call::Versions => (403, refusal(403)),
        }
    }

    fn delete(&mut self, id: &str) -> (u16, Value) {
        if self.hide_created_from > 0 {
            self.hide_created_from -= 1;
            return (404, json!({}));
        }
        if self.live.remove(id).is_some() { (200, json!({})) } else { (404, json!({})) }
    }

    fn update(&mut self, body: &Value) -> (u16, Value) {
        match self.task_status {
            None => (404, refusal(404)),
            Some("processing") => {
                let status = match body["status"].as_str() {
                    Some("credentials_created") => {
                        self.version_owner = body["credentials"]["id"].as_str().map(ToOwned::to_owned);
                        "credentials_created"
                    }
                    Some("credentials_deleted") => "credentials_deleted",
                    _ => "failed",
                };
                for error in body["errors"].as_array().into_iter().flatten() {
                    let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
                    self.task_errors.push((text("code"), text("description")));
                }
                self.task_status = Some(status);
                (200, self.task(status))
            }
            Some(_) => (400, refusal(400)),
        }
    }

    fn task(&self, status: &str) -> Value {
        let mut task = json!({"id": TASK, "created_by": "IBMid-1", "creation_date": "2026-03-01T09:00:00.120Z",
            "last_update_date": "2026-03-01T09:01:12.480Z", "updated_by": "iam-ServiceId-1", "type": "create_credentials",
            "status": status, "trigger": "secret_creation", "secret_id": SECRET});
        if self.version_owner.is_some() && !self.version_unnamed {
            task["secret_version_id"] = VERSION.into();
        }
        task
    }
}
