//! One history: a run, what goes wrong in it, and the re-runs that follow, in virtual time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use credjob::StopSignal;
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep, sleep_until};

use super::gate::Gate;
use super::ground::{Ground, Order, Step};
use super::line::Line;
use super::log;
use super::oracle::{Evidence, Verdict};
use super::quiet;
use super::roads::{Modelled, Roads, Scenery};
use super::scene::{Ended, Run, Scene, Stage, Start};
use super::schedule::Schedule;

/// Deployed jobs have this retry limit (DESIGN 6).
const RETRY_LIMIT: u8 = 2;
/// A process that is still there so long after its deadline never ends.
const PATIENCE: Duration = Duration::from_secs(120);

/// What happened under one schedule.
pub(crate) struct History {
    pub(crate) steps: Vec<Step>,
    pub(crate) runs: Vec<Ran>,
    pub(crate) lines: Vec<log::Line>,
    /// The ids of all credentials that work at the end, sorted.
    pub(crate) live: Vec<String>,
    pub(crate) verdict: Verdict,
}

/// One process, from its start to its end.
#[derive(Debug, Clone)]
pub(crate) struct Ran {
    pub(crate) process: u8,
    pub(crate) retry: u8,
    pub(crate) started: Instant,
    pub(crate) ended: Instant,
    /// The exit code; `None` if the process was killed.
    pub(crate) exit: Option<u8>,
    /// Whether it had to be killed because it did not end.
    pub(crate) endless: bool,
}

struct Running {
    process: u8,
    retry: u8,
    started: Instant,
    run: Run,
}

/// Lives through one schedule, in virtual time.
pub(crate) fn live(scene: &Scene, schedule: &Schedule) -> History {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    #[expect(clippy::expect_used, reason = "a runtime without I/O asks the operating system for nothing")]
    let runtime = runtime.expect("a runtime without I/O");
    lived(&runtime, async {
        let scenery = Scenery::of(scene);
        let roads = Modelled::of(&scenery);
        play(scenery, Box::new(roads), schedule).await
    })
}

/// Lives through a history on this thread.
pub(crate) fn lived(runtime: &Runtime, history: impl Future<Output = History>) -> History {
    let lived = || runtime.block_on(history);
    let lived = quiet::hushed(|| log::collected(|| catch_unwind(AssertUnwindSafe(lived))));
    lived.unwrap_or_else(|_| History {
        steps: Vec::new(),
        runs: Vec::new(),
        lines: log::take(),
        live: Vec::new(),
        verdict: Verdict::crashed(),
    })
}

/// Plays a history on these roads.
pub(crate) async fn play(scenery: Scenery<'_>, roads: Box<dyn Roads + '_>, schedule: &Schedule) -> History {
    Theatre::new(scenery, roads, schedule).play().await
}

struct Theatre<'a> {
    scene: &'a Scene,
    stage: Stage,
    roads: Box<dyn Roads + 'a>,
    ground: Arc<Ground>,
    strangers: Vec<String>,
    target: Option<String>,
    running: Vec<Running>,
    runs: Vec<Ran>,
    lines: Vec<log::Line>,
    thorough: bool,
}

impl<'a> Theatre<'a> {
    fn new(scenery: Scenery<'a>, roads: Box<dyn Roads + 'a>, schedule: &Schedule) -> Self {
        let Scenery { scene, mut stage, strangers, target } = scenery;
        let live = std::mem::replace(&mut stage.live, Box::new(Vec::new));
        Self {
            scene,
            stage,
            ground: Arc::new(Ground::new(roads.keeper(), live, schedule.clone())),
            roads,
            strangers: strangers.into(),
            target,
            running: Vec::new(),
            runs: Vec::new(),
            lines: Vec::new(),
            thorough: schedule.items().len() <= 1 && schedule.items().iter().all(|item| !item.place.lasts()),
        }
    }

    async fn play(mut self) -> History {
        let mut verdict = Verdict::default();
        let mut retry = 0;
        loop {
            let process = self.ground.add_process();
            self.start(process, retry);
            let round = self.runs.len();
            while !self.running.is_empty() {
                self.go_on().await;
            }
            self.lines.extend(log::take());
            self.ground.service.look().await;
            verdict.judge_round(&self.evidence(), round);
            let round = &self.runs[round..];
            retry = 1 + round.iter().map(|run| run.retry).max().unwrap_or_default();
            if round.iter().all(|run| run.exit == Some(0)) || retry > RETRY_LIMIT {
                break;
            }
            sleep(self.scene.restart).await;
        }
        self.ground.settle(None).await;
        self.ground.service.look().await;
        verdict.judge_end(&self.evidence());
        let mut live: Vec<String> = self.ground.live().into_iter().map(|one| one.id).collect();
        live.sort();
        History { steps: self.ground.steps(), runs: self.runs, lines: self.lines, live, verdict }
    }

    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            scene: self.scene,
            ground: &self.ground,
            runs: &self.runs,
            lines: &self.lines,
            strangers: &self.strangers,
            target: self.target.as_deref(),
            thorough: self.thorough,
        }
    }

    fn start(&mut self, process: u8, retry: u8) {
        let gate = Gate { ground: Arc::clone(&self.ground), process };
        let (stopper, stop) = StopSignal::new();
        self.ground.set_stopper(process, stopper);
        let transport = self.roads.network(&gate);
        let variables = self.scene.variables(retry, self.target.as_deref());
        let variables: BTreeMap<OsString, OsString> = variables.into_iter().chain(self.roads.variables()).collect();
        let start = Start {
            variables: variables.into_iter().collect(),
            transport,
            line: Line::new(gate),
            stop,
            seed: 7 + u64::from(process),
        };
        let run = (self.stage.start)(start);
        self.running.push(Running { process, retry, started: Instant::now(), run });
    }

    /// Until one process ends, or an order is carried out.
    async fn go_on(&mut self) {
        let started = self.running.iter().map(|running| running.started).max();
        let last = started.unwrap_or_else(Instant::now) + self.scene.deadline() + PATIENCE;
        let ground = Arc::clone(&self.ground);
        tokio::select! {
            biased;
            (at, ended) = next(&mut self.running) => self.note_end(at, Some(ended.exit), &ended.last_line, false),
            () = ground.ordered.notified() => {
                for order in ground.take_orders() {
                    self.obey(order);
                }
            }
            () = sleep_until(last) => self.note_end(0, None, "", true),
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Start { process, retry } => self.start(process, retry),
            Order::Kill(process) => {
                if let Some(at) = self.running.iter().position(|running| running.process == process) {
                    self.note_end(at, None, "", false);
                }
            }
        }
    }

    fn note_end(&mut self, at: usize, exit: Option<u8>, last_line: &str, endless: bool) {
        let Running { process, retry, started, run } = self.running.remove(at);
        drop(run);
        log::write(process, last_line);
        self.ground.end_process(process);
        self.runs.push(Ran { process, retry, started, ended: Instant::now(), exit, endless });
    }
}

/// The first process that ends.
async fn next(running: &mut [Running]) -> (usize, Ended) {
    poll_fn(|context| {
        for (at, one) in running.iter_mut().enumerate() {
            let polled = log::as_process(one.process, || one.run.as_mut().poll(context));
            if let Poll::Ready(ended) = polled {
                return Poll::Ready((at, ended));
            }
        }
        Poll::Pending
    })
    .await
}
