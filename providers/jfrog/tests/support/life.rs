//! Lives a job's whole life against the stand-in, in virtual time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::Arc;

use credjob::http::script::ScriptedTransport;
use credjob::http::{Clock, Response, SeededRandom, WireRequest};
use credjob::{Ending, Environment, StopSignal, World, live};
use credjob_testkit::conformance::Task;
use credjob_testkit::target::TargetSettings;
use jfrog_provider::JfrogProvider;
use serde_json::{Value, json};

use crate::stand_in::{Asked, StandIn};

pub(crate) const ADMIN: &str = "canary-admin-token-of-the-stand-in";
pub(crate) const BASE: &str = "https://example.jfrog.io";
/// The task's part of a marker.
pub(crate) const TASK_MARKER: &str = "sm-5f0e3a52-77c1-4b0e-8d0b-000000000001";

/// What surrounds a job.
pub(crate) struct Surroundings {
    pub(crate) platform: StandIn,
    pub(crate) script: ScriptedTransport,
    task: Task,
    variables: BTreeMap<String, String>,
}

impl Surroundings {
    /// A platform, a service with a login secret, and a task to create a credential.
    pub(crate) fn new() -> Self {
        Self::of(StandIn::new(ADMIN), json!({ "secret_type": "arbitrary", "payload": ADMIN }))
            .with("SM_ACTION", "create_credentials")
            .with("SM_TRIGGER", "secret_creation")
    }

    fn of(platform: StandIn, login: Value) -> Self {
        let settings = TargetSettings::new()
            .param("jfrog_base_url", BASE)
            .typed_secret("login_secret_id", login)
            .job_env("CREDJOB_ALLOWED_HOSTS", "*.jfrog.io");
        let task = Task::new(1, &settings);
        let (its_platform, its_task) = (platform.clone(), task.clone());
        let script = ScriptedTransport::any_order()
            .with_backend(move |request| its_task.answer(request).unwrap_or_else(|| answer(&its_platform, request)));
        let variables = task.variables(&settings);
        Self { platform, script, task, variables }
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
    }

    /// Puts something else into the login secret.
    pub(crate) fn with_login(self, login: Value) -> Self {
        Self { variables: self.variables, ..Self::of(self.platform, login) }
    }

    /// The next task of the same secret, on the same platform.
    pub(crate) fn next_task(self) -> Self {
        self.task.reopen();
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
        self.task.update().expect("a task update")
    }

    /// The code and the text of the last task update, which must say `failed`.
    pub(crate) fn reported_failure(&self) -> (String, String) {
        assert_eq!(self.task.status(), "failed");
        self.task.error().expect("an error of the task")
    }

    /// The credentials id of the last task update, which must say `credentials_created`.
    pub(crate) fn published_id(&self) -> String {
        let (id, _) = self.task.published().unwrap_or_else(|| panic!("not published: {}", self.reported()));
        id
    }
}

fn answer(platform: &StandIn, request: &WireRequest) -> Response {
    let url = request.url();
    let (status, body) = platform.answer(Asked {
        method: request.method().as_str(),
        path: url.path(),
        query: url.query().unwrap_or_default(),
        authorization: request.header("authorization"),
        body: request.body(),
    });
    if body.is_null() { Response::new(status, "") } else { Response::from_json(status, &body) }
}
