//! A started target, and runs of the provider against it.

use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use credjob::contract::Credentials;
use credjob::http::{Clock, OsRandom, ReqwestTransport, Roots};
use credjob::prelude::*;
use credjob::{Ending, Environment, Exit, StopSignal, World, live};
use serde_json::Value;
use tokio::time::Instant;

use super::broken::{Broken, Verdict, ensure};
use super::gate::Gate;
use super::log::{Line, Log};
use super::mishap::{Plan, Step};
use super::pace::Pace;
use super::probe::{Method, Probe, Seen};
use super::task::Task;
use crate::target::{Target, TargetSettings};

/// A target with a provider.
pub struct Bench<P, T> {
    pub(super) provider: fn() -> P,
    pub(super) folder: &'static str,
    pub(super) target: T,
    pub(super) settings: TargetSettings,
    system: Arc<ReqwestTransport>,
    tasks: Cell<u64>,
    pace: Pace,
    /// Everything that a run has put into the world's sight, for the search for secrets.
    pub(super) shown: RefCell<Vec<String>>,
}

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    /// The id to delete; `None` = create.
    pub(super) delete: Option<String>,
    /// Code Engine has started the container again.
    pub(super) rerun: bool,
    pub(super) deadline: Option<&'static str>,
    pub(super) plan: Option<Plan>,
    pub(super) hangs: Option<Method>,
    /// The external system answers no request.
    pub(super) silent: bool,
    pub(super) asks_leftovers: bool,
}

/// How a run ended.
pub(super) struct Ended {
    /// `None` = killed.
    pub(super) ending: Option<Ending>,
    pub(super) lines: Vec<Line>,
    /// Whether the planned step was reached.
    pub(super) met: bool,
    pub(super) took: Duration,
    pub(super) really_took: Duration,
    pub(super) seen: Seen,
}

impl Order {
    pub(super) fn create() -> Self {
        Self::default()
    }

    pub(super) fn delete(id: &str) -> Self {
        Self { delete: Some(id.to_owned()), ..Self::default() }
    }

    pub(super) fn rerun() -> Self {
        Self { rerun: true, ..Self::default() }
    }

    pub(super) fn with(mut self, plan: Plan) -> Self {
        self.plan = Some(plan);
        self
    }

    pub(super) fn at(self, step: Step, mishap: super::mishap::Mishap) -> Self {
        self.with(Plan::new(step, mishap))
    }
}

impl Ended {
    pub(super) fn exit(&self) -> Option<Exit> {
        self.ending.as_ref().map(|ending| ending.exit)
    }

    /// The exit code says that something may be left, and the log names it.
    pub(super) fn confesses(&self) -> bool {
        let marker = "sm-5f0e3a52-77c1-4b0e-8d0b-";
        let names = |line: &Line| line.text.contains(marker) || line.text.contains("credentials_id=");
        let said = |line: &Line| matches!(line.event.as_str(), "orphaned_credentials" | "outcome_unknown");
        matches!(self.exit(), Some(Exit::Orphan | Exit::Kept))
            && self.lines.iter().any(|line| said(line) && names(line))
    }

    /// How it ended, for a person who looks for the cause.
    pub(super) fn story(&self, task: &Task) -> String {
        let exit = self.exit().map_or_else(|| "killed".to_owned(), |exit| format!("exit code {}", exit.code()));
        let error = task.error().map(|(code, text)| format!(", {code}: {text}")).unwrap_or_default();
        let causes = self.lines.iter().filter(|line| line.event == "step_failed").map(|line| line.text.trim());
        let causes: Vec<&str> = causes.collect();
        format!("{exit}, task {}{error} [{}]", task.status(), causes.join(" | "))
    }
}

impl<P: CredentialsProvider, T: Target> Bench<P, T> {
    pub(super) async fn start(provider: fn() -> P, folder: &'static str) -> Result<Self, Broken> {
        let target = T::start().await?;
        let settings = target.settings();
        let setting = |name: &str| settings.job_env.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let roots = Roots {
            ssl_cert_file: setting("SSL_CERT_FILE").map(Into::into),
            ca_file: setting("CREDJOB_CA_FILE").map(Into::into),
        };
        let pace = Pace::start(T::TIME);
        Ok(Self {
            pace,
            provider,
            folder,
            target,
            settings,
            system: Arc::new(ReqwestTransport::new(roots)),
            tasks: Cell::new(1),
            shown: RefCell::default(),
        })
    }

    /// A new task.
    pub(super) fn task(&self) -> Task {
        Task::new(self.tasks.replace(self.tasks.get() + 1), &self.settings)
    }

    /// Runs the job once.
    pub(super) async fn run(&self, task: &Task, order: Order) -> Result<Ended, Broken> {
        // Boxed: every check holds several.
        Box::pin(self.run_once(task, order)).await
    }

    async fn run_once(&self, task: &Task, order: Order) -> Result<Ended, Broken> {
        let environment = self.environment(task, &order)?;
        let (stopper, stop) = StopSignal::new();
        let gate = Arc::new(Gate::new(task.clone(), Arc::clone(&self.system), order.plan, stopper, order.silent));
        let seen = Rc::<RefCell<Seen>>::default();
        let probe = Probe {
            inner: (self.provider)(),
            gate: Arc::clone(&gate),
            seen: Rc::clone(&seen),
            hangs: order.hangs,
            asks_leftovers: order.asks_leftovers,
        };
        let transport: Arc<Gate> = Arc::clone(&gate);
        let world = World::new(transport, Clock::system(), Arc::new(OsRandom), stop);
        let (start, really) = (Instant::now(), std::time::Instant::now());
        let log = Log::default();
        let ending = {
            let mut life = Box::pin(live(&probe, environment, world));
            let mut life = pin!(poll_fn(|context| log.recording(|| life.as_mut().poll(context))));
            tokio::select! {
                biased;
                () = gate.died.notified() => None,
                ending = &mut life => Some(ending),
            }
        };
        drop(probe);
        let ended = Ended {
            ending,
            lines: log.lines(),
            met: gate.met(),
            took: start.elapsed(),
            really_took: really.elapsed(),
            seen: seen.take(),
        };
        self.show(task, &ended);
        Ok(ended)
    }

    fn environment(&self, task: &Task, order: &Order) -> Result<Environment, Broken> {
        let mut variables = task.variables(&self.settings);
        let mut set = |name: &str, value: &str| drop(variables.insert(name.to_owned(), value.to_owned()));
        match &order.delete {
            None => {
                set("SM_ACTION", "create_credentials");
                set("SM_TRIGGER", "secret_creation");
            }
            Some(id) => {
                set("SM_ACTION", "delete_credentials");
                set("SM_TRIGGER", "secret_version_data_deletion");
                set("SM_CREDENTIALS_ID", id);
            }
        }
        if order.rerun {
            set("JOB_INDEX_RETRY_COUNT", "1");
        }
        if let Some(deadline) = order.deadline {
            set("CREDJOB_DEADLINE", deadline);
        }
        let variables = variables.into_iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Environment::read(variables).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Broken::new(format!("the target's settings make no environment for a job: {}", problems.join("; ")))
        })
    }

    /// Keeps what people will see of a run.
    fn show(&self, task: &Task, ended: &Ended) {
        let mut shown = self.shown.borrow_mut();
        shown.extend(ended.lines.iter().map(|line| line.text.clone()));
        shown.extend(ended.ending.iter().map(|ending| ending.summary.to_string()));
        shown.extend(task.error().map(|(code, text)| format!("{code} {text}")));
        shown.extend(ended.seen.made.iter().map(|made| made.id.clone()));
    }

    /// How many credentials live in the target.
    pub(super) async fn live(&self) -> Result<Option<usize>, Broken> {
        Ok(self.pace.outside(self.target.live()).await?)
    }

    /// Whether a credential works.
    pub(super) async fn works(&self, payload: &Value) -> Result<bool, Broken> {
        Ok(self.pace.outside(self.target.works(payload)).await?)
    }

    /// Creates a credential that must be published.
    pub(super) async fn created(&self) -> Result<(String, Value), Broken> {
        let task = self.task();
        let ended = self.run(&task, Order::create()).await?;
        let story = || Broken::new(format!("create does not succeed: {}", ended.story(&task)));
        ensure!(ended.exit() == Some(Exit::Done), "{}", story());
        task.published().ok_or_else(story)
    }

    /// Runs a task to delete `id`.
    pub(super) async fn deleted(&self, id: &str) -> Result<(Task, Ended), Broken> {
        let task = self.task();
        let ended = self.run(&task, Order::delete(id)).await?;
        Ok((task, ended))
    }

    /// Judges a create task after its last run, with `before` credentials alive before it.
    ///
    /// A published credential works, and none is left but that one. What is left must be named in the log, and only
    /// where `left` allows it.
    pub(super) async fn judge(&self, task: &Task, before: Option<usize>, last: &Ended, left: Left) -> Verdict {
        let published = task.published();
        if let Some((id, payload)) = &published {
            ensure!(
                self.works(payload).await?,
                "the published credential {id} does not work (a dangling secret version): {}",
                last.story(task)
            );
        }
        let (Some(before), Some(after)) = (before, self.live().await?) else { return Ok(()) };
        let expected = before + usize::from(published.is_some());
        ensure!(
            after >= expected,
            "a credential that belongs to somebody else is gone: {expected} should be alive, {after} are: {}",
            last.story(task)
        );
        let excused = last.confesses() && (left == Left::Named || last.seen.leftovers_unsupported);
        ensure!(
            after == expected || excused,
            "something is left behind: {expected} should be alive, {after} are: {}",
            last.story(task)
        );
        Ok(())
    }

    /// The names of the inputs that refer to a secret and to a system play no part here; only the outputs do.
    pub(super) fn outputs() -> &'static [credjob::contract::FieldSpec] {
        P::Credentials::FIELDS
    }
}

/// What may stay behind after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing, unless the provider cannot list leftovers: then exit code 4 and the marker in the log.
    Nothing,
    /// What the log names, with exit code 4 or 5: the system has said too little.
    Named,
}
