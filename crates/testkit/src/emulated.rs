//! A provider inside a local Secrets Manager: configuration, login secrets and one secret, ready to be used by a test.
//!
//! ```no_run
//! # async fn example() -> Result<(), credjob_testkit::emulated::EmulatedError> {
//! use credjob_testkit::emulated::Emulated;
//! use credjob_testkit::target::TargetSettings;
//!
//! let settings = TargetSettings::new().param("common_name", "example.com");
//! let emulated = Emulated::with("target/debug/certificate", &settings).start().await?;
//! let pending = emulated.create().await?;
//! let ended = emulated.wait(&pending).await;
//! assert_eq!(ended.task["status"], "credentials_created");
//! # Ok(()) }
//! ```
//!
//! The emulator starts the jobs itself, as Code Engine would. With [`Setup::by_hand`] the test starts them
//! ([`Emulated::job`]), and can signal them, re-run them, or give them other variables.

mod setup;

use std::path::PathBuf;
use std::time::Duration;

use credjob_emulator::{Emulator, EmulatorError, JobLog};
use serde_json::{Value, json};

use crate::leak::{self, Canaries};
use crate::process::{ProcessError, Program};
use crate::target::TargetSettings;

pub use setup::Setup;

/// The path of all secrets.
const SECRETS: &str = "/api/v2/secrets";

/// Set by Code Engine: 0 at the first start of a run (PROTOCOL 1.6).
const RETRY_COUNT: &str = "JOB_INDEX_RETRY_COUNT";

/// How long a task may stay queued. Nothing delays it but other tasks of the same secret.
const DISPATCH_LIMIT: Duration = Duration::from_secs(20);

/// A provider in an emulator that runs. Dropped, it stops everything.
#[derive(Debug)]
pub struct Emulated {
    emulator: Emulator,
    program: PathBuf,
    job_env: Vec<(String, String)>,
    prototype: Value,
    canaries: Canaries,
}

/// A task that was asked for and may not have ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The secret.
    pub secret_id: String,
    /// The task.
    pub task_id: String,
}

/// A task that has ended, and what its job left.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ended {
    /// The task as the service gives it; `Null` if it is gone.
    pub task: Value,
    /// The last process of the task's job run, if the emulator started one.
    pub log: Option<JobLog>,
}

impl Emulated {
    /// Puts the provider at `program` into an emulator, with the inputs that its target needs.
    pub fn with(program: impl Into<PathBuf>, settings: &TargetSettings) -> Setup {
        Setup::new(program.into(), settings.clone())
    }

    /// The emulator: its clock, its faults, its requests.
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// Creates the secret, which makes the first task.
    ///
    /// # Errors
    ///
    /// [`EmulatedError::Refused`] when the service refuses it, e.g. for a parameter that does not fit.
    pub async fn create(&self) -> Result<Pending, EmulatedError> {
        self.create_with(&[]).await
    }

    /// Creates the secret with other parameters than those of the target. `Null` takes a parameter away.
    ///
    /// # Errors
    ///
    /// As [`Emulated::create`].
    pub async fn create_with(&self, changed: &[(&str, Value)]) -> Result<Pending, EmulatedError> {
        self.create_from(self.prototype.clone(), changed).await
    }

    /// Creates a secret under a name of its own, with other parameters: an emulator has room for many.
    ///
    /// # Errors
    ///
    /// As [`Emulated::create`].
    pub async fn create_named(&self, name: &str, changed: &[(&str, Value)]) -> Result<Pending, EmulatedError> {
        let mut prototype = self.prototype.clone();
        prototype["name"] = json!(name);
        self.create_from(prototype, changed).await
    }

    async fn create_from(&self, mut prototype: Value, changed: &[(&str, Value)]) -> Result<Pending, EmulatedError> {
        for (name, value) in changed {
            match (prototype["parameters"].as_object_mut(), value) {
                (Some(parameters), Value::Null) => drop(parameters.remove(*name)),
                (Some(parameters), value) => drop(parameters.insert((*name).to_owned(), value.clone())),
                (None, _) => {}
            }
        }
        let secret = accepted("creating the secret", self.emulator.call("POST", SECRETS, Some(prototype)).await)?;
        self.newest_task(text(&secret, "id")).await
    }

    /// Rotates the secret, which makes a create task, and a delete task when an older version still has data.
    ///
    /// # Errors
    ///
    /// [`EmulatedError::Refused`] when the service refuses it.
    pub async fn rotate(&self, secret_id: &str) -> Result<Pending, EmulatedError> {
        let path = format!("{SECRETS}/{secret_id}/versions");
        accepted("rotating the secret", self.emulator.call("POST", &path, Some(json!({}))).await)?;
        self.newest_task(secret_id.to_owned()).await
    }

    /// Deletes the data of a version (`current`, `previous` or an id), which makes a delete task.
    ///
    /// # Errors
    ///
    /// [`EmulatedError::Refused`] when the service refuses it.
    pub async fn delete_data(&self, secret_id: &str, version: &str) -> Result<Pending, EmulatedError> {
        let path = format!("{SECRETS}/{secret_id}/versions/{version}/secret_data");
        accepted("deleting a version's data", self.emulator.call("DELETE", &path, None).await)?;
        self.newest_task(secret_id.to_owned()).await
    }

    /// Deletes the secret itself.
    ///
    /// # Errors
    ///
    /// [`EmulatedError::Refused`] when the service refuses it, e.g. because a version still has data.
    pub async fn delete_secret(&self, secret_id: &str) -> Result<(), EmulatedError> {
        let path = format!("{SECRETS}/{secret_id}");
        accepted("deleting the secret", self.emulator.call("DELETE", &path, None).await).map(drop)
    }

    /// The secret with its data.
    ///
    /// # Errors
    ///
    /// [`EmulatedError::Refused`] when the service refuses it.
    pub async fn secret(&self, secret_id: &str) -> Result<Value, EmulatedError> {
        accepted("reading the secret", self.emulator.call("GET", &format!("{SECRETS}/{secret_id}"), None).await)
    }

    /// The versions of the secret, oldest first, without data.
    ///
    /// # Errors
    ///
    /// [`EmulatedError::Refused`] when the service refuses it.
    pub async fn versions(&self, secret_id: &str) -> Result<Vec<Value>, EmulatedError> {
        let path = format!("{SECRETS}/{secret_id}/versions");
        let list = accepted("listing the versions", self.emulator.call("GET", &path, None).await)?;
        Ok(list["versions"].as_array().cloned().unwrap_or_default())
    }

    /// One version (`current`, `previous` or an id) with its data.
    ///
    /// # Errors
    ///
    /// [`EmulatedError::Refused`] when the service refuses it, e.g. because the data is gone.
    pub async fn version(&self, secret_id: &str, version: &str) -> Result<Value, EmulatedError> {
        let path = format!("{SECRETS}/{secret_id}/versions/{version}");
        accepted("reading a version", self.emulator.call("GET", &path, None).await)
    }

    /// The task as it is now; `Null` if it is gone.
    pub async fn task(&self, pending: &Pending) -> Value {
        let path = format!("{SECRETS}/{}/tasks/{}", pending.secret_id, pending.task_id);
        match self.emulator.call("GET", &path, None).await {
            (200, task) => task,
            _ => Value::Null,
        }
    }

    /// Waits until a task that the emulator runs has ended, with all processes of its job run.
    pub async fn wait(&self, pending: &Pending) -> Ended {
        let task = self.emulator.wait_task(&pending.secret_id, &pending.task_id).await;
        let log = self.emulator.wait_job(&pending.task_id).await;
        Ended { task, log }
    }

    /// The environment that Code Engine would give the job of a task at its start number `retry`, counted from 0.
    ///
    /// # Errors
    ///
    /// [`EmulatedError::NotDispatched`] when the task does not leave the queue.
    pub async fn environment(&self, pending: &Pending, retry: u32) -> Result<Vec<(String, String)>, EmulatedError> {
        let dispatched = async {
            loop {
                let environment = self.emulator.job_environment(&pending.task_id);
                if !environment.is_empty() {
                    return environment;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let dispatched = tokio::time::timeout(DISPATCH_LIMIT, dispatched).await;
        let mut environment = dispatched.map_err(|_| EmulatedError::NotDispatched)?;
        // The variables of a job that is played by hand are ours; later ones win.
        environment.extend(self.job_env.iter().cloned());
        environment.push((RETRY_COUNT.to_owned(), retry.to_string()));
        Ok(environment)
    }

    /// The job of a task that the test starts itself, with [`Emulated::environment`].
    ///
    /// # Errors
    ///
    /// [`EmulatedError::NotDispatched`] when the task does not leave the queue.
    pub async fn job(&self, pending: &Pending, retry: u32) -> Result<Program, EmulatedError> {
        Ok(Program::new(&self.program).envs(self.environment(pending, retry).await?))
    }

    /// Every secret that must not leave a job of these tasks: logins, IAM tokens, the jobs' API keys, and all data of the
    /// secret's versions.
    pub async fn canaries(&self, tasks: &[&Pending]) -> Canaries {
        let mut canaries = self.canaries.clone();
        for pending in tasks {
            for (name, value) in self.emulator.job_environment(&pending.task_id) {
                if name == "SM_ACCESS_APIKEY" {
                    canaries.add("the API key of a job", value);
                }
            }
            for version in self.versions(&pending.secret_id).await.unwrap_or_default() {
                let version = self.version(&pending.secret_id, &text(&version, "id")).await.unwrap_or_default();
                for (output, value) in version["credentials_content"].as_object().into_iter().flatten() {
                    if let Some(value) = value.as_str().filter(|value| value.len() >= leak::MIN_LENGTH) {
                        canaries.add(format!("the output `{output}`"), value);
                    }
                }
            }
        }
        canaries
    }

    /// The service lists the newest task first.
    async fn newest_task(&self, secret_id: String) -> Result<Pending, EmulatedError> {
        let path = format!("{SECRETS}/{secret_id}/tasks");
        let list = accepted("listing the tasks", self.emulator.call("GET", &path, None).await)?;
        let task_id = text(&list["tasks"][0], "id");
        Ok(Pending { secret_id, task_id })
    }
}

fn accepted(step: &'static str, (status, body): (u16, Value)) -> Result<Value, EmulatedError> {
    if (200..300).contains(&status) {
        return Ok(body);
    }
    let message = body["errors"][0]["message"].as_str().unwrap_or("no reason given").to_owned();
    Err(EmulatedError::Refused { step, status, message })
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// Why a provider could not be put into an emulator, or a step could not be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatedError {
    /// The emulator could not be started or set up.
    #[error("the emulator could not be set up")]
    Emulator(#[from] EmulatorError),
    /// The provider could not be asked for its schema.
    #[error("the provider's schema could not be read")]
    Schema(#[from] ProcessError),
    /// The service refused a step.
    #[error("{step} was refused with status {status}: {message}")]
    Refused {
        /// What was asked for.
        step: &'static str,
        /// The status of the refusal.
        status: u16,
        /// The message of the refusal.
        message: String,
    },
    /// The task stays queued.
    #[error("the task was not dispatched within {} s", DISPATCH_LIMIT.as_secs())]
    NotDispatched,
}

#[cfg(test)]
mod tests;
