//! Servers that mean harm, in place of each server that a job talks to: the run ends by its deadline, in bounded memory, and keeps the promise.

mod answers;
mod memory;

use std::rc::Rc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, LocalSet};

use crate::support::evidence;
use crate::support::gateway::{Gateway, Speech, Step};
use crate::support::trial::{DEADLINE, Trial};

/// How much more memory than a normal run a run may need, in kB: a tree of 50 000 JSON values takes 16 MB, its text up to 4 MB, and a busy machine varies.
const MEMORY: u64 = 24 * 1024;

/// The first run meets the answers until this is over. Long enough for a busy machine to start it.
const SHORT: Duration = Duration::from_secs(4);

/// How many runs are under way at once: most of them wait.
const AT_ONCE: usize = 20;

/// The calls that meet every answer, and what another one must meet before so that it is made at all.
const STEPS: [(Step, Option<(Step, &str)>); 5] = [
    (Step::Token, None),
    (Step::SecretRead, None),
    (Step::Create, None),
    (Step::List, Some((Step::Create, "500 Odd"))),
    (Step::TaskUpdate, None),
];

/// The calls that meet some of them: the code behind them is the same.
const MORE_STEPS: [(Step, Option<(Step, &str)>); 3] = [
    (Step::Try, None),
    (Step::Revoke, Some((Step::TaskUpdate, "403 Odd"))),
    (Step::TaskRead, Some((Step::TaskUpdate, "403 Odd"))),
];
const MORE_ANSWERS: [&str; 3] = ["100 MB in chunks", "a byte a second", "JSON 100 000 deep"];

#[tokio::test]
async fn every_answer_is_survived_in_bounded_time_and_memory() {
    let permits = Rc::new(Semaphore::new(AT_ONCE));
    let mut under_way = JoinSet::new();
    let answers = answers::all();
    let every_run = async {
        let normal = normal_peak().await;
        let some: Vec<_> = answers.iter().filter(|(name, _)| MORE_ANSWERS.contains(name)).collect();
        let all = STEPS.iter().flat_map(|step| answers.iter().map(move |answer| (step, answer)));
        let more = MORE_STEPS.iter().flat_map(|step| some.iter().map(move |answer| (step, *answer)));
        for ((step, before), (name, answer)) in all.chain(more) {
            let case = Case { step: *step, before: *before, name, answer: answer.clone() };
            let permits = Rc::clone(&permits);
            under_way.spawn_local(async move {
                let _permit = permits.acquire().await.expect("it is never closed");
                case.run(normal).await;
            });
        }
        let runs = under_way.len();
        while let Some(ended) = under_way.join_next().await {
            ended.expect("survived");
        }
        runs
    };
    let runs = LocalSet::new().run_until(every_run).await;
    write_evidence(runs, answers.len());
}

/// The peak memory of a run that nobody disturbs.
async fn normal_peak() -> u64 {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    let started = trial.start_run(&pending, 0, DEADLINE).await;
    let id = started.process.id();
    let (peak, _) = tokio::join!(memory::peak(id), trial.end_run(started));
    assert!(peak > 0, "it is measured");
    peak
}

/// One kind of call whose answers all look like this.
struct Case {
    step: Step,
    before: Option<(Step, &'static str)>,
    name: &'static str,
    answer: Speech,
}

impl Case {
    /// A run that meets the answers, and re-runs that do not, as Code Engine makes them.
    async fn run(self, normal: u64) {
        let label = format!("{:?} answered with {}", self.step, self.name);
        let mut trial = Trial::start().await;
        let gateway = Gateway::start(trial.emulated.emulator().url(), Some(trial.target.server.address())).await;
        let Self { step, before, answer, .. } = self;
        gateway.plan(move |asked, _| {
            let before = before.filter(|(known, _)| *known == asked).map(|(_, status)| Speech::answer(status, &[], ""));
            if asked == step { Some(answer.clone()) } else { before }
        });
        let pending = trial.create_task().await;
        let job = gateway.job(trial.emulated.job(&pending, 0).await.expect("dispatched"));
        let started = trial.start_job(job, SHORT).await;
        let id = started.process.id();
        let (peak, _) = tokio::join!(memory::peak(id), trial.end_run(started));
        assert!(gateway.calls(step) > 0, "{label}: the call is made");
        let first = &trial.last().finished;
        assert!(first.summary().is_some(), "{label}: {first:?} was stopped by its watchdog");
        assert!(peak < normal + MEMORY, "{label}: {peak} kB, and {normal} kB in a normal run");

        gateway.plan(|_, _| None);
        for retry in 1..=2 {
            if trial.last().finished.exit == Some(0) {
                break;
            }
            let job = gateway.job(trial.emulated.job(&pending, retry).await.expect("dispatched"));
            let started = trial.start_job(job, DEADLINE).await;
            trial.end_run(started).await;
        }
        trial.judge(&pending).await;
        readable(&label, &trial.emulated.task(&pending).await);
    }
}

/// A task that failed says why, in a text for people.
fn readable(label: &str, task: &Value) {
    if task["status"] != "failed" {
        return;
    }
    let text = task["errors"][0]["description"].as_str().unwrap_or_default();
    assert!((20..1000).contains(&text.chars().count()), "{label}: {} characters", text.chars().count());
    assert!(!text.chars().any(char::is_control), "{label}: {text:?}");
}

fn write_evidence(runs: usize, answers: usize) {
    let (all, some, memory) = (STEPS.len(), MORE_STEPS.len(), MEMORY / 1024);
    let section = format!(
        "\
## Hostile answers

Each server that a job talks to answers with 100 MB, with headers or 1xx answers without end, a byte a second, JSON 100 000 deep or of a million keys, a gzip \
bomb, no UTF-8, no HTTP. The real binary must end by its deadline with at most {memory} MB more memory than a normal run. Then Code Engine starts it again, \
undisturbed, as often as its exit code asks for, and the promise is judged. A task that failed has a text for people.

| Answers | Calls that meet all | Calls that meet some | Runs that meet them | Beyond deadline or memory | Broken lines of the promise |
|--:|--:|--:|--:|--:|--:|
| {answers} | {all} | {some} | {runs} | 0 | 0 |
"
    );
    evidence::write("40-hostile", &section);
}
