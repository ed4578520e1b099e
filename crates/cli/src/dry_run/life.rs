//! The life of a secret: create, rotate, delete the old version's data, delete the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use credjob_contract::redact::redact;
use credjob_emulator::{Emulator, JobLog};
use serde_json::{Value, json};

use super::interrupt::Interrupt;
use super::report::{ReportedError, Step, TaskReport};
use super::screen::{self, Screen};
use super::store::{accepted, text};
use crate::problem::Problem;

/// The timeout of a task when its configuration names none (PROTOCOL 2.2).
const TASK_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Whether the log of each run is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Logs {
    Show,
    Hide,
}

/// A life under way.
#[derive(Debug)]
pub(crate) struct Life<'a> {
    emulator: &'a Emulator,
    screen: Screen,
    logs: Logs,
    interrupt: &'a Interrupt,
    secret_id: String,
    seen: BTreeSet<String>,
    credentials_ids: BTreeMap<String, String>,
    tasks: Vec<TaskReport>,
    problems: Vec<String>,
}

/// What a life leaves behind in the report.
pub(crate) type Outcome = (Vec<TaskReport>, Vec<String>);

impl<'a> Life<'a> {
    pub(crate) fn new(emulator: &'a Emulator, screen: Screen, logs: Logs, interrupt: &'a Interrupt) -> Self {
        Self {
            emulator,
            screen,
            logs,
            interrupt,
            secret_id: String::new(),
            seen: BTreeSet::new(),
            credentials_ids: BTreeMap::new(),
            tasks: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Lives the whole life of the secret that `prototype` describes. After a task that went wrong, and when it is asked to stop, it
    /// goes on with the deletions only.
    pub(crate) async fn live(mut self, prototype: Value) -> Result<Outcome, Problem> {
        let running = screen::step("create: waiting for the task");
        let started = Instant::now();
        let answer = self.emulator.call("POST", "/api/v2/secrets", Some(prototype)).await;
        let secret = accepted("the secret", answer)?;
        self.secret_id = text(&secret, "id");
        let task = self.follow(Step::Create, started).await;
        drop(running);
        self.keep(task);
        if self.goes_well() {
            self.step(Step::Rotate, "POST", "versions").await;
        }
        for (step, alias) in [(Step::DeletePrevious, "previous"), (Step::DeleteCurrent, "current")] {
            if self.has_data(alias).await {
                self.step(step, "DELETE", &format!("versions/{alias}/secret_data")).await;
            }
        }
        self.delete_secret().await;
        Ok((self.tasks, self.problems))
    }

    fn goes_well(&self) -> bool {
        !self.interrupt.is_asked() && self.problems.is_empty() && self.tasks.iter().all(TaskReport::is_good)
    }

    /// Sends one request about the secret and follows the task that it makes.
    async fn step(&mut self, step: Step, method: &str, path: &str) {
        let running = screen::step(format!("{}: waiting for the task", step.name()));
        let started = Instant::now();
        let body = (method == "POST").then(|| json!({}));
        let answer = self.call(method, path, body).await;
        let task = match accepted(step.name(), answer) {
            Ok(_) => self.follow(step, started).await,
            Err(problem) => {
                self.problems.push(problem.message().to_owned());
                None
            }
        };
        drop(running);
        self.keep(task);
    }

    /// Waits for the newest task and its job run.
    async fn follow(&mut self, step: Step, started: Instant) -> Option<TaskReport> {
        let Some((task_id, trigger)) = self.new_task().await else {
            self.problems.push(format!("{}: no task was made", step.name()));
            return None;
        };
        let task = tokio::select! {
            task = self.final_task(&task_id) => task,
            () = self.asked_while_creating(step) => {
                // Cancelling the task stops the run, which undoes what it created.
                let _ = self.call("DELETE", &format!("tasks/{task_id}"), None).await;
                Value::Null
            }
        };
        let duration = started.elapsed();
        let run = self.emulator.wait_job(&task_id).await;
        self.note_versions().await;
        let version = text(&task, "secret_version_id");
        Some(TaskReport {
            step,
            trigger,
            status: match text(&task, "status") {
                status if status.is_empty() => "cancelled".to_owned(),
                status => status,
            },
            duration,
            credentials_id: self.credentials_ids.get(&version).cloned(),
            errors: errors(&task),
            exit_code: run.and_then(|run| run.exit),
            log: (self.logs == Logs::Show).then(|| log(&self.emulator.job_logs(&task_id))),
            task_id,
        })
    }

    /// The task once it is final, or `Null` once it is gone. A run that ends without a report leaves its task to the timeout: nobody needs to
    /// sit through that.
    async fn final_task(&self, task_id: &str) -> Value {
        tokio::select! {
            biased;
            task = self.emulator.wait_task(&self.secret_id, task_id) => return task,
            _ = self.emulator.wait_job(task_id) => {}
        }
        self.emulator.clock().advance(TASK_TIMEOUT);
        self.emulator.wait_task(&self.secret_id, task_id).await
    }

    /// A creation is not worth waiting for once somebody wants to stop; a deletion is.
    async fn asked_while_creating(&self, step: Step) {
        match step {
            Step::Create | Step::Rotate => self.interrupt.asked().await,
            Step::DeletePrevious | Step::DeleteCurrent => std::future::pending().await,
        }
    }

    /// Id and trigger of the task that was not there before.
    async fn new_task(&mut self) -> Option<(String, String)> {
        let (_, body) = self.call("GET", "tasks", None).await;
        let new = body["tasks"]
            .as_array()?
            .iter()
            .map(|task| (text(task, "id"), text(task, "trigger")))
            .find(|(id, _)| !self.seen.contains(id))?;
        self.seen.insert(new.0.clone());
        Some(new)
    }

    /// Remembers the credentials id of every version: a deleted version may no longer tell it.
    async fn note_versions(&mut self) {
        let (_, body) = self.call("GET", "versions", None).await;
        for version in body["versions"].as_array().into_iter().flatten() {
            let id = text(version, "credentials_id");
            if !id.is_empty() {
                self.credentials_ids.insert(text(version, "id"), id);
            }
        }
    }

    async fn has_data(&self, alias: &str) -> bool {
        let (_, body) = self.call("GET", "versions", None).await;
        body["versions"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|version| version["alias"] == alias && version["payload_available"] == true)
    }

    /// Deletes the secret. Only a life that went wrong needs force.
    async fn delete_secret(&mut self) {
        let path = if self.goes_well() {
            format!("/api/v2/secrets/{}", self.secret_id)
        } else {
            format!("/api/v2/secrets/{}?force_delete=true", self.secret_id)
        };
        let answer = self.emulator.call("DELETE", &path, None).await;
        if let Err(problem) = accepted("the deletion of the secret", answer) {
            self.problems.push(problem.message().to_owned());
        }
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let path = format!("/api/v2/secrets/{}/{path}", self.secret_id);
        self.emulator.call(method, &path, body).await
    }

    fn keep(&mut self, task: Option<TaskReport>) {
        if let Some(task) = task {
            self.screen.task(&task);
            self.tasks.push(task);
        }
    }
}

fn errors(task: &Value) -> Vec<ReportedError> {
    task["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| ReportedError { code: text(error, "code"), description: text(error, "description") })
        .collect()
}

/// The lines of every process of a run. The job redacts them; login secrets are looked for once more.
fn log(processes: &[JobLog]) -> Vec<String> {
    processes.iter().flat_map(|process| process.stderr.lines()).map(|line| redact(line).into_owned()).collect()
}
