//! The wall clock of the job's own machine jumps, forward or back, at every call. A library that is loaded into the process
//! moves it, which needs the development build: the release binaries load none.

use std::path::PathBuf;
use std::time::Duration;

use credjob_testkit::process::Program;
use serde_json::Value;
use tempfile::TempDir;

use super::blow::{Blow, LONG_DEADLINE};
use super::scenario::Scenario;
use super::step::{Hold, Step};
use super::together::together;
use crate::support::evidence;
use crate::support::jfrog::JfrogTarget;
use crate::support::trial::{SHORT_DEADLINE, Trial};
use crate::support::{JFROG, program};

/// Ten years: more than any deadline, time-out or life of a token.
const JUMPS: [i64; 2] = [10 * 365 * 86_400, -10 * 365 * 86_400];

/// The library, and the file that makes the clock jump.
struct WallClock {
    folder: TempDir,
}

impl WallClock {
    async fn build() -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let source = folder.path().join("wall_clock.c");
        std::fs::write(&source, include_str!("wall_clock.c")).expect("it can be written");
        let cc = Program::new("/usr/bin/env").args(["cc", "-shared", "-fPIC", "-o"]).inherit("PATH");
        let built = cc.arg(folder.path().join("wall_clock.so")).arg(source).run().await.expect("env runs");
        assert_eq!(built.exit, Some(0), "cc, which links Rust programs too: {}", built.stderr_text());
        Self { folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("jump")
    }

    fn load(&self, job: Program, seconds: i64) -> Program {
        let library = self.folder.path().join("wall_clock.so");
        job.env("LD_PRELOAD", library).env("JUMP_FILE", self.file()).env("JUMP_SECONDS", seconds.to_string())
    }

    fn jump(&self) {
        std::fs::write(self.file(), "").expect("it can be written");
    }
}

/// A run that is held at a call while its clock jumps. `let_go`: and then goes on.
async fn jumps(step: Step, seconds: i64, deadline: Duration, let_go: bool) -> Trial<JfrogTarget> {
    let clock = WallClock::build().await;
    let mut trial = Trial::<JfrogTarget>::with(program(JFROG)).await;
    let (pending, retry) = Scenario::CREATE.begin(&mut trial).await;
    let job = trial.emulated.job(&pending, retry).await.expect("the task is dispatched");
    step.hold(&trial, Hold::Before);
    let started = trial.start_job(clock.load(job, seconds), deadline).await;
    step.is_held(&trial).await;
    clock.jump();
    if let_go {
        Blow::Restart.strike(&trial, &pending, &started).await;
    }
    trial.end_run(started).await;
    assert_eq!(jumped(&trial.last().finished.events()), seconds.signum(), "the log shows the jump");
    trial.judge(&pending).await;
    trial
}

/// The direction in which the years of the log go.
fn jumped(events: &[Value]) -> i64 {
    let year = |event: Option<&Value>| {
        let date = event.and_then(|event| event["timestamp"].as_str()).expect("a log line has a date");
        date[..4].parse::<i64>().expect("a year")
    };
    (year(events.last()) - year(events.first())).signum()
}

#[tokio::test]
async fn a_wall_clock_that_jumps_at_any_call_changes_nothing() {
    let steps = Step::all::<JfrogTarget>(Scenario::CREATE).await;
    let all = steps.into_iter().flat_map(|step| JUMPS.map(|seconds| (step, seconds)));
    let ended = together(all.map(|(step, seconds)| {
        let played = async move {
            let trial = jumps(step, seconds, LONG_DEADLINE, true).await;
            (trial.last().finished.exit, trial.live().await)
        };
        (format!("{seconds} s at {step}"), played)
    }));
    let ended = ended.await;
    let delivered = ended.iter().filter(|ended| **ended == (Some(0), 1)).count();
    println!("{} runs, {delivered} delivered", ended.len());
    evidence::write("20e-processes-wall-clock", &format!("{TEXT}| {} | {delivered} |\n", ended.len()));
    assert_eq!(delivered, ended.len(), "every run delivers");
}

const TEXT: &str = "\
## Real processes whose own clock jumps

The wall clock of the job's machine jumps by ten years, forward or back, while a call of a JFrog create is held. Deadlines and \
time-outs do not follow it. This one needs the development build, since the release binaries load no library that could move \
their clock.

| Tried | Delivered |
|--:|--:|
";

#[tokio::test]
async fn a_wall_clock_that_jumps_does_not_move_the_deadline() {
    let steps = Step::all::<JfrogTarget>(Scenario::CREATE).await;
    let last = *steps.last().expect("a run makes calls");
    let all = JUMPS.map(|seconds| (format!("{seconds} s"), jumps(last, seconds, SHORT_DEADLINE, false)));
    for trial in Box::pin(together(all)).await {
        // The judge has seen that it ended in time.
        assert!(trial.last().finished.took > SHORT_DEADLINE / 4, "{:?}", trial.last().finished);
    }
}
