//! The handle of a running emulator.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::Request;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::changes::Changes;
use crate::clock::EmulatorClock;
use crate::emulator_error::EmulatorError;
use crate::faults::Faults;
use crate::job::{JobLog, JobProgram};
use crate::options::Options;
use crate::port::Port;
use crate::principal::Principal;
use crate::random;
use crate::requests::RequestRecord;
use crate::runner::{Job, Run, ask_schema, run_engine};
use crate::service::{Origin, Outcome, Service};
use crate::shared::Shared;
use crate::state::State;

/// A running emulator. Clones are handles of the same one; when the last is dropped, everything it started is killed.
#[derive(Clone, Debug)]
pub struct Emulator(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    service: Service,
    url: String,
    admin_key: String,
    instance_id: String,
    cr_token: String,
    trusted_profile_id: String,
    stopping: watch::Sender<bool>,
    port: Port,
    engine: Mutex<Option<JoinHandle<()>>>,
}

impl Emulator {
    /// Starts an emulator on a loopback port of the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`EmulatorError::Listen`] when the port cannot be opened.
    pub async fn start(options: Options) -> Result<Self, EmulatorError> {
        let (listener, address) = Port::listen(options.port).await?;
        let url = format!("http://{address}");
        let changes = Changes::new();
        let clock = EmulatorClock::new(changes.clone());
        let (state, admin_key) = State::new(options, url.clone(), clock.now());
        let instance_id = state.identity.instance_id.clone();
        let (cr_token, trusted_profile_id) = (state.iam.cr_token().to_owned(), state.iam.profile_id().to_owned());
        let shared = Arc::new(Shared::new(state, clock, changes));
        let service = Service::new(Arc::clone(&shared));
        let stopping = watch::Sender::new(false);
        let port = Port::open(listener, address, service.clone());
        let engine = tokio::spawn(run_engine(Arc::clone(&shared), stopping.subscribe()));
        Ok(Self(Arc::new(Inner {
            shared,
            service,
            url,
            admin_key,
            instance_id,
            cr_token,
            trusted_profile_id,
            stopping,
            port,
            engine: Mutex::new(Some(engine)),
        })))
    }

    /// The instance URL, e.g. `http://127.0.0.1:41234`, without a trailing slash: what jobs get as `SM_INSTANCE_URL`.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The URL for `CREDJOB_IAM_URL`: the same origin.
    pub fn iam_url(&self) -> &str {
        &self.0.url
    }

    /// The API key of an administrator with the role Manager, valid for as long as the emulator runs.
    pub fn api_key(&self) -> &str {
        &self.0.admin_key
    }

    /// The API key of a service ID that may read secrets and update tasks in the whole instance, as a deployed job may: for
    /// whoever plays a job by hand. Each call makes a new key.
    pub fn job_api_key(&self) -> String {
        self.0.shared.with(|state, now| {
            let mut principal = state.job_principal(&format!("iam-ServiceId-{}", random::uuid()), "", None);
            principal.scope = None;
            state.iam.issue_key(principal, now)
        })
    }

    /// The id of the emulated instance, as in CRNs.
    pub fn instance_id(&self) -> &str {
        &self.0.instance_id
    }

    /// A compute resource token that IAM accepts, for a job that logs in with a trusted profile.
    pub fn cr_token(&self) -> &str {
        &self.0.cr_token
    }

    /// The trusted profile that [`Emulator::cr_token`] may use; its roles are those of jobs, in the whole instance.
    pub fn trusted_profile_id(&self) -> &str {
        &self.0.trusted_profile_id
    }

    /// The emulator's clock.
    pub fn clock(&self) -> EmulatorClock {
        self.0.shared.clock.clone()
    }

    /// The scripts of faults.
    pub fn faults(&self) -> Faults {
        self.0.shared.faults.clone()
    }

    /// Sends a request as the administrator, in process, through the same router as every other. The path may have a
    /// query. An answer without a body is `Null`. No scripted fault hits it.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.call_as(Some(State::admin()), method, path, body).await
    }

    /// Like [`Emulator::call`], but as the job run of a task, with its roles. 401 if the task never had a run.
    pub async fn call_as_job(&self, task_id: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let job = self.0.shared.look(|state, _| state.runs.get(task_id).map(|run| run.principal.clone()));
        self.call_as(job, method, path, body).await
    }

    async fn call_as(&self, caller: Option<Principal>, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        // A method or path that HTTP does not have finds no route.
        let Ok(request) = Request::builder().method(method).uri(path).body(body) else { return (404, Value::Null) };
        let Outcome::Answer(response) = self.0.service.handle(Origin::InProcess(caller), request).await else {
            return (503, Value::Null);
        };
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Registers, or replaces, a job of the local Code Engine. Its declarations are read now; configurations that exist
    /// keep the schema they were created with.
    ///
    /// # Errors
    ///
    /// The program cannot be started, does not answer `schema` with declarations, or the declarations break a rule.
    pub async fn register_job(&self, name: &str, mut program: JobProgram) -> Result<(), EmulatorError> {
        // Runs start in another directory. A bare name is looked up in the search path.
        if program.program.components().count() > 1 {
            let absolute = std::path::absolute(&program.program);
            program.program = absolute.map_err(|source| EmulatorError::Program { program: program.program, source })?;
        }
        let json = match program.job_config.clone() {
            Some(json) => json,
            None => ask_schema(&program).await?,
        };
        self.register(name, Some(program), &json)
    }

    /// Registers a job without a program: its tasks become `processing`, and the test plays the job with
    /// [`Emulator::call_as_job`] or a client that gets [`Emulator::job_environment`].
    ///
    /// # Errors
    ///
    /// The declarations break a rule.
    pub fn register_job_by_hand(&self, name: &str, job_config: &str) -> Result<(), EmulatorError> {
        self.register(name, None, job_config)
    }

    fn register(&self, name: &str, program: Option<JobProgram>, json: &str) -> Result<(), EmulatorError> {
        let job = Job::read(name, program, json)?;
        self.0.shared.with(|state, _| state.jobs.insert(name.to_owned(), job));
        Ok(())
    }

    /// Creates a `custom_credentials` configuration for a registered job, with an IAM credentials secret of its own as
    /// `api_key_ref`; returns the configuration.
    ///
    /// # Errors
    ///
    /// [`EmulatorError::Refused`] with what the service answers, e.g. for a taken name or an unknown job.
    pub async fn create_configuration(
        &self,
        name: &str,
        job: &str,
        task_timeout: Option<&str>,
    ) -> Result<Value, EmulatorError> {
        let access = json!({
            "secret_type": "iam_credentials", "name": format!("{name}-access"), "ttl": "90d", "reuse_api_key": true,
            "access_groups": ["AccessGroupId-emulator"], "rotation": { "auto_rotate": true, "interval": 60, "unit": "day" },
        });
        let access = self.set_up("the access secret", "/api/v2/secrets", access).await?;
        let mut prototype = json!({
            "config_type": "custom_credentials_configuration", "name": name, "api_key_ref": access["id"],
            "code_engine": { "job_name": job, "project_id": self.instance_id(), "region": "us-south" },
        });
        if let Some(timeout) = task_timeout {
            prototype["task_timeout"] = json!(timeout);
        }
        self.set_up("the configuration", "/api/v2/configurations", prototype).await
    }

    async fn set_up(&self, step: &str, path: &str, prototype: Value) -> Result<Value, EmulatorError> {
        match self.call("POST", path, Some(prototype)).await {
            (201, created) => Ok(created),
            (status, body) => {
                let message = body["errors"][0]["message"].as_str().unwrap_or("no message").to_owned();
                Err(EmulatorError::Refused { step: step.to_owned(), status, message })
            }
        }
    }

    /// Waits until a task is final or gone and returns it as `GET` would, or `Null` if it is gone. No timeout of its
    /// own; returns when the emulator stops.
    pub async fn wait_task(&self, secret_id: &str, task_id: &str) -> Value {
        self.wait_until(|state| {
            let Ok(owner) = state.task_owner(secret_id, task_id) else { return Some(Value::Null) };
            let secret = &state.secrets[owner];
            let task = secret.task(task_id).filter(|task| task.status.is_final());
            task.map(|task| task.to_json(&secret.id))
        })
        .await
        .unwrap_or(Value::Null)
    }

    /// Waits until the processes of a task's job run have ended, and returns the log of the last. `None` if the task
    /// has no run, e.g. because it was cancelled while queued.
    pub async fn wait_job(&self, task_id: &str) -> Option<JobLog> {
        let is_queued = |state: &State| {
            state.secrets.iter().any(|secret| secret.task(task_id).is_some_and(|task| !task.status.is_final()))
        };
        self.wait_until(|state| match state.runs.get(task_id) {
            Some(run) => run.has_ended().then_some(()),
            None => (!is_queued(state)).then_some(()),
        })
        .await;
        self.job_log(task_id)
    }

    /// Waits until no task is queued or processing and no job process runs.
    pub async fn wait_idle(&self) {
        self.wait_until(|state| state.is_idle().then_some(())).await;
    }

    /// Waits for a state; `None` if the emulator stops before it comes.
    async fn wait_until<T>(&self, reached: impl Fn(&State) -> Option<T>) -> Option<T> {
        let mut changes = self.0.shared.changes.subscribe();
        let mut stopping = self.0.stopping.subscribe();
        loop {
            changes.mark_unchanged();
            if let Some(result) = self.0.shared.look(|state, _| reached(state)) {
                return Some(result);
            }
            tokio::select! {
                _ = changes.changed() => {}
                _ = stopping.wait_for(|stop| *stop) => return self.0.shared.look(|state, _| reached(state)),
            }
        }
    }

    /// All tasks of all secrets, oldest first; those of deleted secrets as they were then.
    pub fn tasks(&self) -> Vec<Value> {
        self.0.shared.look(|state, _| state.all_tasks())
    }

    /// The log of the last process of a task's job run, also while it runs.
    pub fn job_log(&self, task_id: &str) -> Option<JobLog> {
        self.job_logs(task_id).pop()
    }

    /// The logs of all processes of a task's job run, oldest first.
    pub fn job_logs(&self, task_id: &str) -> Vec<JobLog> {
        self.0.shared.look(|state, _| state.runs.get(task_id).map(Run::logs).unwrap_or_default())
    }

    /// The environment of a task's job run (of its first process), sorted by name. Empty if the task has no run.
    pub fn job_environment(&self, task_id: &str) -> Vec<(String, String)> {
        self.0.shared.look(|state, _| state.runs.get(task_id).map(|run| run.environment.clone()).unwrap_or_default())
    }

    /// Every request that arrived, oldest first.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.0.shared.requests.all()
    }

    /// Every request that arrives from now on, as soon as its answer is known.
    pub fn listen(&self) -> UnboundedReceiver<RequestRecord> {
        self.0.shared.requests.listen()
    }

    /// Closes the port and every connection, as a service does that restarts or cannot be reached: requests under way get
    /// no answer, whether they were applied or not, and new connections are refused. State, clock and jobs go on, and
    /// calls in process are answered.
    ///
    /// # Errors
    ///
    /// [`EmulatorError::Listen`] when the port cannot be kept for [`Emulator::go_online`].
    pub async fn go_offline(&self) -> Result<(), EmulatorError> {
        self.0.port.close().await
    }

    /// Listens again, on the same port, after [`Emulator::go_offline`].
    ///
    /// # Errors
    ///
    /// [`EmulatorError::Listen`] when the system does not let it.
    pub fn go_online(&self) -> Result<(), EmulatorError> {
        self.0.port.reopen()
    }

    /// Starts no more jobs, stops the running ones (SIGTERM, then SIGKILL after [`Options::kill_grace`]; they may still
    /// report meanwhile), and closes every connection.
    pub async fn stop(&self) {
        self.0.stopping.send_replace(true);
        if let Some(engine) = take(&self.0.engine) {
            // An error would mean that it was aborted before.
            let _ = engine.await;
        }
        self.0.port.give_up().await;
    }
}

impl Drop for Inner {
    /// Dropping the engine drops what it holds: processes and what they started are killed.
    fn drop(&mut self) {
        if let Some(engine) = take(&self.engine) {
            engine.abort();
        }
    }
}

fn take(task: &Mutex<Option<JoinHandle<()>>>) -> Option<JoinHandle<()>> {
    task.lock().unwrap_or_else(PoisonError::into_inner).take()
}
