//! A provider for the fake system, whose steps can be made to misbehave, and the run of one job with it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::future::pending;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use credjob::http::{Clock, SeededRandom};
use credjob::prelude::*;
use credjob::{Ending, Environment, StopSignal, Stopper, World};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::fake::{Fake, SECRET, TASK};

#[derive(Params)]
pub(crate) struct ModelParams {
    /// The tenant.
    pub(crate) tenant: String,
    /// Days.
    #[param(default = 90, min = 1, max = 3650)]
    pub(crate) days: i64,
    /// Its parser has a bug.
    #[expect(dead_code, reason = "only its parser matters")]
    pub(crate) buggy: Option<Buggy>,
}

pub(crate) struct Buggy;

impl std::str::FromStr for Buggy {
    type Err = std::fmt::Error;

    fn from_str(_: &str) -> Result<Self, std::fmt::Error> {
        panic!("words-of-a-panic");
    }
}

#[derive(Credentials)]
pub(crate) struct ModelCredentials {
    /// The token.
    pub(crate) token: Secret<String>,
}

#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "MODEL")]
pub(crate) enum ModelFailure {
    /// The model was told to fail.
    #[error("the model was told to fail")]
    Told,
    /// The model was told to fail before anything was created.
    #[error("the model was told to fail early")]
    #[failure(nothing_created)]
    Early,
    /// The model's credential does not work yet.
    #[error("the credential does not work yet")]
    #[failure(transient)]
    NotYet,
}

/// What a step does instead of its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Act {
    #[default]
    Work,
    Fail,
    FailEarly,
    FailAfterwards,
    NotYet,
    Panic,
    PanicAfterwards,
    Hang,
    HangAfterwards,
    GiveUp,
    EmptyToken,
}

#[derive(Default)]
pub(crate) struct Model {
    pub(crate) create: Act,
    pub(crate) verify: Act,
    pub(crate) delete: Act,
    pub(crate) leftovers: Act,
    pub(crate) unsupported: bool,
    pub(crate) verified: AtomicU32,
    pub(crate) verify_works_after: u32,
}

async fn act(act: Act) -> Result<(), Failure> {
    match act {
        Act::Fail => Err(ModelFailure::Told.into()),
        Act::FailEarly => Err(ModelFailure::Early.into()),
        Act::NotYet => Err(ModelFailure::NotYet.into()),
        Act::Panic => panic!("words-of-a-panic"),
        Act::Hang => pending().await,
        _ => Ok(()),
    }
}

impl CredentialsProvider for Model {
    type Params = ModelParams;
    type Credentials = ModelCredentials;
    type Codes = ModelFailure;

    async fn create(&self, job: &Job<ModelParams>) -> Result<Created<ModelCredentials>, Failure> {
        assert!(!job.params().tenant.is_empty() && job.params().days > 0);
        act(self.create).await?;
        let marker = job.marker();
        let request =
            Request::post("create", "https://system.test/credentials").json(&json!({"marker": marker.as_str()}));
        let answer = job.http().send(request).await?.json()?;
        match self.create {
            Act::FailAfterwards => return Err(ModelFailure::Told.into()),
            Act::PanicAfterwards => panic!("words-of-a-panic"),
            Act::HangAfterwards => pending().await,
            _ => {}
        }
        let id = CredentialsId::new(answer["id"].as_str().unwrap_or_default())?;
        let token = if self.create == Act::EmptyToken { "" } else { "canary-credential-0123456789" };
        Ok(Created::new(id, ModelCredentials { token: Secret::new(token.to_owned()) }))
    }

    async fn verify(&self, _job: &Job<ModelParams>, _created: &Created<ModelCredentials>) -> Result<(), Failure> {
        if self.verified.fetch_add(1, Ordering::Relaxed) >= self.verify_works_after && self.verify == Act::NotYet {
            return Ok(());
        }
        act(self.verify).await
    }

    async fn delete(&self, job: &Job<ModelParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        act(self.delete).await?;
        if self.delete == Act::GiveUp {
            return Ok(Deletion::GaveUp { reason: "told to".to_owned() });
        }
        let request = Request::delete("delete", format!("https://system.test/credentials/{}", id.as_str()));
        match job.http().send(request).await {
            // A proxy's page is no answer of the system.
            Ok(answer) => Ok(answer.json().map(|_| Deletion::Deleted)?),
            Err(error) if error.status() == Some(404) => Ok(Deletion::AlreadyGone),
            Err(error) => Err(error.into()),
        }
    }

    async fn leftovers(&self, job: &Job<ModelParams>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        if self.unsupported {
            return Ok(Leftovers::Unsupported);
        }
        act(self.leftovers).await?;
        let answer = job.http().send(Request::get("list", "https://system.test/credentials")).await?.json()?;
        let found = answer["credentials"].as_array().into_iter().flatten().filter_map(|one| {
            let marker = one["marker"].as_str()?;
            task.finds(marker).then(|| Some(Leftover::new(CredentialsId::new(one["id"].as_str()?).ok()?, marker)))?
        });
        Ok(Leftovers::Found(found.collect()))
    }
}

/// One run, from its environment to its log.
pub(crate) struct Run {
    pub(crate) fake: Fake,
    pub(crate) model: Model,
    variables: BTreeMap<String, String>,
    stop_after: Option<Duration>,
    log_level: tracing::Level,
}

/// What a person could see of a run.
pub(crate) struct Seen {
    pub(crate) ending: Ending,
    pub(crate) log: String,
    pub(crate) fake: Fake,
    pub(crate) model: Model,
    pub(crate) took: Duration,
}

impl Run {
    pub(crate) fn create() -> Self {
        let mut variables = BTreeMap::new();
        for (name, value) in [
            ("SM_ACTION", "create_credentials"),
            ("SM_TRIGGER", "secret_creation"),
            (
                "SM_INSTANCE_URL",
                "https://11111111-2222-4333-8444-555555555555.us-south.secrets-manager.appdomain.cloud",
            ),
            ("SM_SECRET_TASK_ID", TASK),
            ("SM_SECRET_ID", SECRET),
            ("SM_SECRET_NAME", "crm-token"),
            ("SM_SECRET_GROUP_ID", "default"),
            ("SM_ACCESS_APIKEY", "canary-api-key-0123456789"),
            ("SM_TENANT_VALUE", "blue"),
            ("CREDJOB_DEADLINE", "540"),
        ] {
            variables.insert(name.to_owned(), value.to_owned());
        }
        Self {
            fake: Fake::new(),
            model: Model::default(),
            variables,
            stop_after: None,
            log_level: tracing::Level::INFO,
        }
    }

    pub(crate) fn delete(id: &str) -> Self {
        let run = Self::create();
        run.fake.holds(id, "made-long-ago");
        run.with("SM_ACTION", "delete_credentials")
            .with("SM_TRIGGER", "secret_version_data_deletion")
            .with("SM_CREDENTIALS_ID", id)
    }

    pub(crate) fn rerun() -> Self {
        Self::create().with("JOB_INDEX_RETRY_COUNT", "1")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn model(mut self, change: impl FnOnce(&mut Model)) -> Self {
        change(&mut self.model);
        self
    }

    pub(crate) fn fake(self, change: impl FnOnce(&Fake)) -> Self {
        change(&self.fake);
        self
    }

    pub(crate) fn stopped_after(mut self, after: Duration) -> Self {
        self.stop_after = Some(after);
        self
    }

    /// Logs everything that can be logged.
    pub(crate) fn finest_log(mut self) -> Self {
        self.log_level = tracing::Level::TRACE;
        self
    }

    /// Logs only what the judge looks for: formatting is most of the time of a run.
    pub(crate) fn shortest_log(mut self) -> Self {
        self.log_level = tracing::Level::ERROR;
        self
    }

    /// Lives the job's life in virtual time.
    pub(crate) fn live(self) -> Seen {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let log = Log::default();
        let subscriber =
            tracing_subscriber::fmt().json().with_max_level(self.log_level).with_writer(log.clone()).finish();
        let (stopper, stop) = StopSignal::new();
        let world = World::new(
            Arc::new(self.fake.clone()),
            Clock::at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)),
            Arc::new(SeededRandom::new(7)),
            stop,
        );
        let variables = self.variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let environment = Environment::read(variables).unwrap();
        let (ending, took) = tracing::subscriber::with_default(subscriber, || {
            runtime.block_on(async {
                stop_later(stopper, self.stop_after);
                let start = tokio::time::Instant::now();
                let ending = credjob::live(&self.model, environment, world).await;
                (ending, start.elapsed())
            })
        });
        let seen = Seen { ending, log: log.text(), fake: self.fake, model: self.model, took };
        seen.judge();
        seen
    }
}

fn stop_later(stopper: Stopper, after: Option<Duration>) {
    tokio::spawn(async move {
        match after {
            Some(after) => {
                tokio::time::sleep(after).await;
                stopper.stop();
            }
            None => pending().await,
        }
    });
}

impl Seen {
    pub(crate) fn exit(&self) -> u8 {
        self.ending.exit.code()
    }

    pub(crate) fn logged(&self, event: &str) -> bool {
        self.log.contains(&format!("\"event\":\"{event}\""))
    }

    /// The lines of the promise (DESIGN 3) that hold for every run.
    fn judge(&self) {
        let status = self.fake.status();
        let live = self.fake.live();
        if status == Some("credentials_created") {
            let owner = self.fake.owner().unwrap();
            assert!(live.contains(&owner), "dangling: the task names {owner}, alive are {live:?}");
        }
        let mine = self.fake.markers().iter().any(|marker| marker.starts_with("sm-"));
        if status != Some("credentials_created") && mine {
            assert!([4, 5].contains(&self.exit()), "an orphan and exit code {}: {}", self.exit(), self.log);
            let named = self.logged("orphaned_credentials") || self.logged("outcome_unknown");
            assert!(named, "an orphan that the log does not name: {}", self.log);
        }
        assert_eq!(self.fake.updates_after_refusal(), 0, "an update after a 400 or 404");
        assert!(self.took <= Duration::from_secs(540), "the run took {:?}", self.took);
        for text in [&self.log, &self.ending.summary.to_string(), &format!("{:?}", self.fake.errors())] {
            assert!(!text.contains("canary-"), "a secret leaked: {text}");
            assert!(!text.contains("words-of-a-panic"), "a panic's words got out: {text}");
        }
    }
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
