//! One history: a run, what goes wrong in it, and the re-runs that follow, in virtual time.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use credjob::StopSignal;
use tokio::time::{Instant, sleep, sleep_until};

use super::gate::Gate;
use super::ground::{Ground, Order, Step};
use super::line::Line;
use super::log;
use super::oracle::{Evidence, Verdict};
use super::quiet;
use super::scene::{Ended, Run, Scene, Stage, Start};
use super::schedule::Schedule;
use super::service::{Asks, Service};
use super::transport::GateTransport;

/// Deployed jobs have this retry limit (DESIGN 6).
pub(crate) const RETRY_LIMIT: u8 = 2;
/// Code Engine needs some time to start a container again.
const RESTART: Duration = Duration::from_secs(10);
/// A process that is still there so long after its deadline never ends.
const PATIENCE: Duration = Duration::from_secs(120);

/// What happened under one schedule.
pub(crate) struct History {
    pub(crate) steps: Vec<Step>,
    pub(crate) runs: Vec<Ran>,
    pub(crate) lines: Vec<log::Line>,
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

/// Lives through one schedule.
pub(crate) fn live(scene: &Scene, schedule: &Schedule) -> History {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    #[expect(clippy::expect_used, reason = "a runtime without I/O asks the operating system for nothing")]
    let runtime = runtime.expect("a runtime without I/O");
    let lived = || runtime.block_on(async { Theatre::new(scene, schedule).play().await });
    let lived = quiet::hushed(|| log::collected(|| catch_unwind(AssertUnwindSafe(lived))));
    lived.unwrap_or_else(|_| History {
        steps: Vec::new(),
        runs: Vec::new(),
        lines: log::take(),
        verdict: Verdict::crashed(),
    })
}

struct Theatre<'a> {
    scene: &'a Scene,
    stage: Stage,
    ground: Arc<Ground>,
    strangers: Vec<String>,
    target: Option<String>,
    running: Vec<Running>,
    runs: Vec<Ran>,
    lines: Vec<log::Line>,
    thorough: bool,
}

impl<'a> Theatre<'a> {
    fn new(scene: &'a Scene, schedule: &Schedule) -> Self {
        let mut stage = scene.stage();
        let stranger = (stage.add)("sm-0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d-0123456789ab");
        let old = (stage.add)("made long ago");
        let target =
            (scene.asks == Asks::Delete).then(|| (stage.add)("sm-1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e-ba9876543210"));
        let service = Service::new(scene.asks, scene.readable, old.clone(), &scene.secrets);
        let live = std::mem::replace(&mut stage.live, Box::new(Vec::new));
        let ground = Arc::new(Ground::new(Arc::new(service), live, schedule.clone()));
        Self {
            scene,
            stage,
            ground,
            strangers: vec![stranger, old],
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
            verdict.judge_round(&self.evidence(), round);
            let round = &self.runs[round..];
            retry = 1 + round.iter().map(|run| run.retry).max().unwrap_or_default();
            if round.iter().all(|run| run.exit == Some(0)) || retry > RETRY_LIMIT {
                break;
            }
            sleep(RESTART).await;
        }
        self.ground.settle(None);
        verdict.judge_end(&self.evidence());
        History { steps: self.ground.steps(), runs: self.runs, lines: self.lines, verdict }
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
        let start = Start {
            variables: self.scene.variables(retry, self.target.as_deref()),
            transport: Arc::new(GateTransport { gate: gate.clone(), web: self.stage.web.clone() }),
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
