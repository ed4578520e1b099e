//! The task of a history in an emulator.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use credjob::contract::{FieldSpec, JobConfig, TypeSpec};
use credjob::http::BoxFuture;
use credjob_emulator::{Emulator, Options, Role};
use serde_json::{Value, json};

use super::super::keeper::Keeper;
use super::super::roads::Scenery;
use super::super::service::{Asks, Status};
use super::SocketsError;

/// The name of the job, of its configuration and of the secret.
const NAME: &str = "explored";
const SECRETS: &str = "/api/v2/secrets";
/// The shortest task timeout (PROTOCOL 2.2), and a little more.
const TASK_TIMEOUT: &str = "5m";
const PAST_THE_TIMEOUT: Duration = Duration::from_secs(5 * 60 + 1);
/// A task leaves the queue within milliseconds.
const DISPATCH_LIMIT: Duration = Duration::from_secs(20);

/// An emulator with one task that a job works on.
pub(super) struct Emulated {
    pub(super) emulator: Emulator,
    /// What Secrets Manager tells the job.
    pub(super) variables: Vec<(String, String)>,
    asks: Asks,
    secret: String,
    task: String,
    seen: Mutex<Seen>,
}

/// What was there at the last look.
struct Seen {
    status: Status,
    owned: Option<String>,
    errors: Vec<String>,
}

impl Emulated {
    /// Starts an emulator and brings the scene's task to the point where its job starts.
    pub(super) async fn start(Scenery { scene, target, .. }: &Scenery<'_>) -> Result<Self, SocketsError> {
        let mut roles = vec![Role::SecretTaskUpdater];
        if scene.readable {
            roles.push(Role::SecretsReader);
        }
        let emulator = Emulator::start(Options { job_roles: roles, ..Options::default() }).await?;
        // No inputs: their variables are the scene's.
        let config = JobConfig::from_specs(&[], scene.outputs).map_err(SocketsError::Outputs)?;
        emulator.register_job_by_hand(NAME, &config.to_json())?;
        emulator.create_configuration(NAME, NAME, Some(TASK_TIMEOUT)).await?;
        let mut variables = Vec::new();
        for (number, (id, fields)) in scene.secrets.iter().enumerate() {
            let mut prototype = fields.clone();
            prototype["name"] = json!(format!("login-{number}"));
            let stored = ask(&emulator, "POST", SECRETS, Some(prototype)).await?;
            let stored = text(&stored, "id");
            variables.extend(scene.variables_that_say(id).map(|name| (name.to_owned(), stored.clone())));
        }
        let prototype = json!({ "secret_type": "custom_credentials", "name": NAME, "configuration": NAME });
        let secret = text(&ask(&emulator, "POST", SECRETS, Some(prototype)).await?, "id");
        let mut task = newest_task(&emulator, &secret).await?;
        variables.extend(environment(&emulator, &task).await?);
        if let Some(target) = target.as_ref().filter(|_| scene.asks == Asks::Delete) {
            let credentials = json!({ "id": target, "payload": payload(scene.outputs) });
            task = task_to_delete(&emulator, &secret, &task, credentials).await?;
            variables.extend(environment(&emulator, &task).await?);
        }
        // The host of the instance stands for the emulator, and which start of the container it is, the theatre says.
        variables.retain(|(name, _)| name.starts_with("SM_") && name != "SM_INSTANCE_URL");
        let seen = Mutex::new(Seen { status: Status::Processing, owned: None, errors: Vec::new() });
        Ok(Self { emulator, variables, asks: scene.asks, secret, task, seen })
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self) -> String {
        format!("{SECRETS}/{}/tasks/{}", self.secret, self.task)
    }

    /// The credentials id of the version that a create task has made, also when the task is gone since: the secret has no
    /// other version.
    async fn owner(&self) -> Option<String> {
        let path = format!("{SECRETS}/{}/versions", self.secret);
        let (_, list) = self.emulator.call("GET", &path, None).await;
        list["versions"][0]["credentials_id"].as_str().map(str::to_owned)
    }
}

impl Keeper for Emulated {
    fn status(&self) -> Status {
        self.seen().status
    }

    fn owned(&self) -> Option<String> {
        self.seen().owned.clone()
    }

    fn errors(&self) -> Vec<String> {
        self.seen().errors.clone()
    }

    fn cancel(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { drop(self.emulator.call("DELETE", &self.path(), None).await) })
    }

    fn time_out(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.emulator.clock().advance(PAST_THE_TIMEOUT) })
    }

    fn look(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let (answer, task) = self.emulator.call("GET", &self.path(), None).await;
            let status = match (answer, task["status"].as_str()) {
                (200, Some("credentials_created")) => Status::Created,
                (200, Some("credentials_deleted")) => Status::Deleted,
                (200, Some("failed")) => Status::Failed,
                (200, _) => Status::Processing,
                _ => Status::Gone,
            };
            let owned = if self.asks == Asks::Create { self.owner().await } else { None };
            let errors = task["errors"].as_array().into_iter().flatten().map(ToString::to_string).collect();
            *self.seen() = Seen { status, owned, errors };
        })
    }
}

/// Any values for the outputs that must be there.
fn payload(outputs: &[FieldSpec]) -> Value {
    let value = |spec: &FieldSpec| match spec.ty {
        TypeSpec::Integer => json!(1),
        TypeSpec::Boolean => json!(true),
        TypeSpec::Enum(options) => json!(options[0]),
        TypeSpec::String | TypeSpec::SecretId => json!("of a version to delete"),
    };
    let required = outputs.iter().filter(|spec| spec.required);
    required.map(|spec| (spec.name.to_ascii_lowercase(), value(spec))).collect()
}

/// Publishes `credentials` in the name of the job, deletes the data of that version, and says which task that made.
async fn task_to_delete(
    emulator: &Emulator,
    secret: &str,
    task: &str,
    credentials: Value,
) -> Result<String, SocketsError> {
    let path = format!("{SECRETS}/{secret}/tasks/{task}");
    let update = json!({ "status": "credentials_created", "credentials": credentials });
    accepted(&path, emulator.call_as_job(task, "PUT", &path, Some(update)).await)?;
    ask(emulator, "DELETE", &format!("{SECRETS}/{secret}/versions/current/secret_data"), None).await?;
    newest_task(emulator, secret).await
}

/// The service lists the newest task first.
async fn newest_task(emulator: &Emulator, secret: &str) -> Result<String, SocketsError> {
    let list = ask(emulator, "GET", &format!("{SECRETS}/{secret}/tasks"), None).await?;
    Ok(text(&list["tasks"][0], "id"))
}

/// What Code Engine tells the job of a task, as soon as the task has left the queue.
async fn environment(emulator: &Emulator, task: &str) -> Result<Vec<(String, String)>, SocketsError> {
    let dispatched = async {
        loop {
            let environment = emulator.job_environment(task);
            if !environment.is_empty() {
                return environment;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let dispatched = tokio::time::timeout(DISPATCH_LIMIT, dispatched).await;
    dispatched.map_err(|_| SocketsError::Refused { path: SECRETS.to_owned(), status: 0 })
}

async fn ask(emulator: &Emulator, method: &str, path: &str, body: Option<Value>) -> Result<Value, SocketsError> {
    accepted(path, emulator.call(method, path, body).await)
}

fn accepted(path: &str, (status, body): (u16, Value)) -> Result<Value, SocketsError> {
    if (200..300).contains(&status) { Ok(body) } else { Err(SocketsError::Refused { path: path.to_owned(), status }) }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
