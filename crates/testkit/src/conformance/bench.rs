//! A started target, and runs of the provider against it.

use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use credjob::contract::Credentials;
use credjob::http::{Clock, OsRandom, ReqwestTransport, Roots};
use credjob::prelude::*;
use credjob::{Environment, Exit, StopSignal, World, live};
use serde_json::Value;
use tokio::time::Instant;

use super::broken::{Broken, Verdict, ensure};
use super::ended::Ended;
use super::gate::Gate;
use super::log::Log;
use super::order::Order;
use super::pace::Pace;
use super::probe::{Probe, Seen};
use super::report::Notice;
use super::rule::About;
use super::task::Task;
use crate::target::{Credential, Provocation, Target, TargetSettings};

/// A target with a provider.
pub struct Bench<P, T> {
    pub(super) provider: fn() -> P,
    pub(super) folder: &'static str,
    pub(super) target: T,
    pub(super) settings: TargetSettings,
    system: Arc<ReqwestTransport>,
    tasks: Cell<u64>,
    pace: Rc<Pace>,
    /// Everything that a run has put into the world's sight, for the search for secrets.
    pub(super) shown: RefCell<Vec<String>>,
    /// What is no fault, but worth to be known.
    pub(super) notices: RefCell<Vec<Notice>>,
}

impl<P: CredentialsProvider, T: Target> Bench<P, T> {
    pub(super) async fn start(provider: fn() -> P, folder: &'static str) -> Result<Self, Broken> {
        let target = T::start().await?;
        Ok(Self::of(target, Rc::new(Pace::start(T::TIME)), provider, folder))
    }

    /// A second system of the kind, with nothing in it.
    pub(super) async fn another(&self) -> Result<Self, Broken> {
        let target = self.pace.outside(T::start()).await?;
        Ok(Self::of(target, Rc::clone(&self.pace), self.provider, self.folder))
    }

    fn of(target: T, pace: Rc<Pace>, provider: fn() -> P, folder: &'static str) -> Self {
        let settings = target.settings();
        let setting = |name: &str| settings.job_env.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let roots = Roots {
            ssl_cert_file: setting("SSL_CERT_FILE").map(Into::into),
            ca_file: setting("CREDJOB_CA_FILE").map(Into::into),
        };
        Self {
            pace,
            provider,
            folder,
            target,
            settings,
            system: Arc::new(ReqwestTransport::new(roots)),
            tasks: Cell::new(1),
            shown: RefCell::default(),
            notices: RefCell::default(),
        }
    }

    /// A new task.
    pub(super) fn task(&self) -> Task {
        self.task_with(&self.settings)
    }

    /// A new task of a secret with these inputs.
    pub(super) fn task_with(&self, settings: &TargetSettings) -> Task {
        Task::new(self.tasks.replace(self.tasks.get() + 1), settings)
    }

    /// Notes what is no fault, but worth to be known.
    pub(super) fn notice(&self, about: About, text: impl Into<String>, fix: &'static str) {
        self.notices.borrow_mut().push(Notice { about, text: text.into(), fix });
    }

    /// What makes a job fail with `code`.
    pub(super) async fn provoke(&self, code: &str, made: &Credential) -> Result<Option<Provocation>, Broken> {
        Ok(self.pace.outside(self.target.provoke(code, made)).await?)
    }

    /// Runs the job once.
    pub(super) async fn run(&self, task: &Task, order: Order) -> Result<Ended, Broken> {
        // Boxed: every check holds several.
        Box::pin(self.run_once(task, order)).await
    }

    async fn run_once(&self, task: &Task, order: Order) -> Result<Ended, Broken> {
        let environment = self.environment(task, &order)?;
        let (stopper, stop) = StopSignal::new();
        let gate = Arc::new(Gate::new(task.clone(), Arc::clone(&self.system), &order, stopper));
        let seen = Rc::<RefCell<Seen>>::default();
        let probe = Probe {
            inner: (self.provider)(),
            gate: Arc::clone(&gate),
            seen: Rc::clone(&seen),
            hangs: order.hangs,
            then: order.then,
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
        let mut variables = task.variables(order.settings.as_ref().unwrap_or(&self.settings));
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
