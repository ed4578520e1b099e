//! What is explored: a provider, the system it makes credentials in, one kind of task.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use credjob::contract::{Credentials, FieldSpec};
use credjob::http::{Clock, SeededRandom, Transport};
use credjob::{CredentialsProvider, Environment, StopSignal, World};
use serde_json::Value;

use super::fault::Protocol;
use super::line::Line;
use super::service::{Asks, INSTANCE, SECRET, TASK, TOKEN, VERSION};
use super::system::{HttpSystem, Live, System};
use super::transport::Web;
use crate::leak::Canaries;

/// The API key of every process.
const API_KEY: &str = "canary-api-key-0123456789";
/// The deadline of a run, unless the scene sets another: long enough for the whole reserve of 60 s (DESIGN 6) and for
/// attempts that hang, short enough that an outage that lasts is not asked about for minutes.
const DEADLINE: Duration = Duration::from_secs(150);

/// Code Engine needs some time to start a container again.
const RESTART: Duration = Duration::from_secs(10);

/// A process's future; it stays on its thread.
pub type Run = Pin<Box<dyn Future<Output = Ended>>>;

/// A provider, its system and a task, in which schedules are tried.
#[derive(Clone)]
pub struct Scene {
    pub(crate) name: String,
    pub(crate) asks: Asks,
    pub(crate) readable: bool,
    pub(crate) leftovers: bool,
    pub(crate) tells_unknown: bool,
    pub(crate) protocol: Protocol,
    pub(crate) secrets: Vec<(String, Value)>,
    /// What the provider declares as its outputs.
    pub(crate) outputs: &'static [FieldSpec],
    pub(crate) canaries: Canaries,
    /// From the end of a process to the start of its re-run.
    pub(crate) restart: Duration,
    plain_canaries: Vec<String>,
    variables: BTreeMap<String, String>,
    stage: Arc<dyn Fn() -> Stage + Send + Sync>,
}

/// The external system of one history, and how to start a process on it.
pub(crate) struct Stage {
    pub(crate) live: Box<dyn Fn() -> Vec<Live> + Send + Sync>,
    pub(crate) add: Box<dyn Fn(&str) -> String>,
    pub(crate) web: Option<Arc<Web>>,
    pub(crate) start: Box<dyn Fn(Start) -> Run>,
}

/// What a process starts with.
pub struct Start {
    /// Its environment.
    pub variables: Vec<(OsString, OsString)>,
    /// Its network.
    pub transport: Arc<dyn Transport>,
    /// Its way to a system that is not reached by HTTP.
    pub line: Line,
    /// SIGTERM.
    pub stop: StopSignal,
    /// A number for its random source.
    pub seed: u64,
}

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The exit code.
    pub exit: u8,
    /// The last line of its output.
    pub last_line: String,
}

impl Scene {
    /// A provider that talks to its system through `job.http()`. Each history gets a new provider and a new system.
    pub fn http<P, S>(name: &str, provider: fn() -> P, system: fn() -> S) -> Self
    where
        P: CredentialsProvider,
        S: HttpSystem,
    {
        let stage = move || Stage::http(system(), move |start| live(provider(), start));
        Self { outputs: P::Credentials::FIELDS, ..Self::new(name, Protocol::Http, stage) }
    }

    /// A provider with a driver of its own, which makes its calls on the given [`Line`].
    pub fn driver<P, S>(name: &str, provider: fn(Line, Arc<Mutex<S>>) -> P, system: fn() -> S) -> Self
    where
        P: CredentialsProvider,
        S: System,
    {
        let stage = move || {
            let system = Arc::new(Mutex::new(system()));
            let shared = Arc::clone(&system);
            let start = move |start: Start| live(provider(start.line.clone(), Arc::clone(&shared)), start);
            Stage::of(&system, None, Box::new(start))
        };
        Self { outputs: P::Credentials::FIELDS, ..Self::new(name, Protocol::Driver, stage) }
    }

    /// A whole job that is not made with `credjob`, with a system behind HTTP.
    pub fn foreign<S: HttpSystem>(name: &str, job: fn(Start) -> Run, system: fn() -> S) -> Self {
        Self::new(name, Protocol::Http, move || Stage::http(system(), job))
    }

    fn new(name: &str, protocol: Protocol, stage: impl Fn() -> Stage + Send + Sync + 'static) -> Self {
        let variables = [
            ("SM_ACTION", "create_credentials"),
            ("SM_TRIGGER", "secret_creation"),
            ("SM_INSTANCE_URL", &format!("https://{INSTANCE}")),
            ("SM_SECRET_TASK_ID", TASK),
            ("SM_SECRET_ID", SECRET),
            ("SM_SECRET_NAME", "explored"),
            ("SM_SECRET_GROUP_ID", "default"),
            ("SM_ACCESS_APIKEY", API_KEY),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            name: name.to_owned(),
            asks: Asks::Create,
            readable: true,
            leftovers: true,
            tells_unknown: true,
            protocol,
            secrets: Vec::new(),
            outputs: &[],
            canaries: Canaries::new(),
            restart: RESTART,
            plain_canaries: Vec::new(),
            variables: variables.into(),
            stage: Arc::new(stage),
        }
        .with("CREDJOB_DEADLINE", &DEADLINE.as_secs().to_string())
        .with_canary("API key", API_KEY)
        .with_canary("IAM token", TOKEN)
    }

    /// Sets a variable of the job.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Adds a secret that the job can read: its id, and its fields (`secret_type`, `payload` and so on).
    pub fn with_secret(mut self, id: &str, fields: Value) -> Self {
        self.secrets.push((id.to_owned(), fields));
        self
    }

    /// Adds a secret that must not leave the job.
    pub fn with_canary(mut self, name: &str, value: &str) -> Self {
        self.canaries.add(name, value);
        self.plain_canaries.push(value.to_owned());
        self
    }

    /// Says that the provider cannot list its leftovers.
    pub fn without_leftovers(mut self) -> Self {
        self.leftovers = false;
        self
    }

    /// Says that the errors of the provider do not tell when an outcome is unknown.
    pub fn with_plain_errors(mut self) -> Self {
        self.tells_unknown = false;
        self
    }

    /// Takes the role away that may read the task and the versions.
    pub fn without_reader(mut self) -> Self {
        self.readable = false;
        self
    }

    /// Makes it a task to delete a credential.
    pub fn deleting(mut self) -> Self {
        self.asks = Asks::Delete;
        self.with("SM_ACTION", "delete_credentials")
            .with("SM_TRIGGER", "secret_version_data_deletion")
            .with("SM_SECRET_VERSION_ID", VERSION)
    }

    /// The name of the scene.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The variables with this value.
    pub(crate) fn variables_that_say<'a>(&'a self, value: &'a str) -> impl Iterator<Item = &'a str> {
        self.variables.iter().filter(move |(_, said)| *said == value).map(|(name, _)| name.as_str())
    }

    /// Whether a secret stands in `text` as it is: the search that every history gets.
    pub(crate) fn shows_a_canary(&self, text: &str) -> bool {
        self.plain_canaries.iter().any(|canary| text.contains(canary))
    }

    pub(crate) fn stage(&self) -> Stage {
        (self.stage)()
    }

    pub(crate) fn deadline(&self) -> Duration {
        let seconds = self.variables.get("CREDJOB_DEADLINE").and_then(|text| text.parse().ok());
        seconds.map_or(DEADLINE, Duration::from_secs)
    }

    /// The environment of a process; `target` is what a delete task names.
    pub(crate) fn variables(&self, retry: u8, target: Option<&str>) -> Vec<(OsString, OsString)> {
        let retry = retry.to_string();
        let more = [("JOB_INDEX_RETRY_COUNT", Some(retry.as_str())), ("SM_CREDENTIALS_ID", target)];
        let more = more.into_iter().filter_map(|(name, value)| Some((name.into(), value?.into())));
        self.variables.iter().map(|(name, value)| (name.into(), value.into())).chain(more).collect()
    }
}

impl Stage {
    fn http<S: HttpSystem>(system: S, start: impl Fn(Start) -> Run + 'static) -> Self {
        let system = Arc::new(Mutex::new(system));
        let shared = Arc::clone(&system);
        let web = Web {
            call_of: S::call_of,
            answer: Box::new(move |request, view| {
                shared.lock().unwrap_or_else(PoisonError::into_inner).answer(request, view)
            }),
        };
        Self::of(&system, Some(Arc::new(web)), Box::new(start))
    }

    fn of<S: System>(system: &Arc<Mutex<S>>, web: Option<Arc<Web>>, start: Box<dyn Fn(Start) -> Run>) -> Self {
        let (seen, given) = (Arc::clone(system), Arc::clone(system));
        Self {
            live: Box::new(move || seen.lock().unwrap_or_else(PoisonError::into_inner).live()),
            add: Box::new(move |text| given.lock().unwrap_or_else(PoisonError::into_inner).add_existing(text)),
            web,
            start,
        }
    }
}

/// The life of a `credjob` job, as `credjob::run!` lives it.
fn live<P: CredentialsProvider>(provider: P, start: Start) -> Run {
    Box::pin(async move {
        let environment = match Environment::read(start.variables) {
            Ok(environment) => environment,
            Err(problems) => {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                return Ended { exit: 2, last_line: problems.join("; ") };
            }
        };
        let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let random = Arc::new(SeededRandom::new(start.seed));
        let world = World::new(start.transport, Clock::at(wall), random, start.stop);
        let ending = credjob::live(&provider, environment, world).await;
        Ended { exit: ending.exit.code(), last_line: ending.summary.to_string() }
    })
}
