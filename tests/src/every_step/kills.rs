//! SIGTERM and SIGKILL: at every call of every kind of run, and at any moment between.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::blow::Blow;
use super::case::{Case, Ended};
use super::scenario::Scenario;
use super::tally::Tally;
use super::together::together;
use crate::support::certificate::CertificateTarget;
use crate::support::evidence;
use crate::support::jfrog::JfrogTarget;
use crate::support::release::Released;
use crate::support::trial::{DEADLINE, Trial};

const BLOWS: [Blow; 2] = [Blow::Terminate, Blow::Kill];

/// At how many moments a run is killed, and the last of them at most: a release binary needs some 10 ms for all it does, a
/// machine that is very busy some more.
const MOMENTS: u32 = 32;
const LONGEST_RUN: Duration = Duration::from_millis(80);

#[tokio::test]
async fn a_run_that_is_killed_at_any_call_keeps_the_promise() {
    let (jfrog, certificate) = tokio::join!(at_calls::<JfrogTarget>(), at_calls::<CertificateTarget>());
    let tally = Tally::of("Provider | Run | Held at", jfrog.into_iter().chain(certificate));
    let table = tally.table();
    println!("{table}");
    evidence::write("20a-processes-killed", &format!("{AT_CALLS}\n{table}"));
    assert_eq!(tally.orphans(), 0, "a killed run is cleaned up after by its re-run");
}

const AT_CALLS: &str = "\
## Real processes, killed at every call

The release binaries, as real processes, against the emulator and a stand-in for the platform. Each call of each kind of \
run is held in turn, before and after it is applied, and the process gets SIGTERM or SIGKILL there; then it is started again \
as Code Engine would, at most twice. The promise is judged after the last run: no dangling version, no orphan that the last \
run does not name, no false delete, no task without a report, no secret in any output, no run beyond its deadline. A re-run \
is itself killed at every call; it follows a run that was killed before or after its report was applied.
";

async fn at_calls<T: Released>() -> Vec<(String, Ended)> {
    let cases = Case::all::<T>(&Scenario::ALL, &BLOWS).await;
    let row = |case: &Case| format!("{} | {} | {}", case.provider, case.scenario, case.calls);
    Case::play_all(cases, row, Case::play::<T>).await
}

#[tokio::test]
async fn a_run_that_is_killed_at_any_moment_keeps_the_promise() {
    let (jfrog, certificate) = tokio::join!(at_moments::<JfrogTarget>(), at_moments::<CertificateTarget>());
    let tally = Tally::of("Provider | Run | Signal", jfrog.into_iter().chain(certificate));
    println!("{}", tally.table());
    // What each run had come to is chance.
    evidence::write("20b-processes-killed-between", &format!("{AT_MOMENTS}\n{}", tally.table_of_tries()));
    assert_eq!(tally.orphans(), 0, "a killed run is cleaned up after by its re-run");
}

const AT_MOMENTS: &str = "\
## Real processes, killed between their calls

The same, but nothing is held: each run gets its signal a little later than the one before, from its start to well after its \
usual end, whatever the process does then. What becomes of the task is chance; the promise is judged all the same.
";

async fn at_moments<T: Released>() -> Vec<(String, Ended)> {
    let mut each = Vec::new();
    for scenario in [Scenario::CREATE, Scenario::DELETE] {
        let apart = LONGEST_RUN.min(2 * undisturbed::<T>(scenario).await) / MOMENTS;
        each.extend(BLOWS.iter().flat_map(|blow| (0..MOMENTS).map(move |number| (scenario, *blow, apart * number))));
    }
    let turn = Rc::new(Mutex::new(()));
    let play = |(scenario, blow, moment): (Scenario, Blow, Duration)| {
        let (row, turn) = (format!("{} | {scenario} | {blow}", T::NAME), Rc::clone(&turn));
        (format!("{row} after {moment:?}"), async move { (row, at_moment::<T>(scenario, blow, moment, &turn).await) })
    };
    together(each.into_iter().map(play)).await
}

/// How long such a run takes.
async fn undisturbed<T: Released>(scenario: Scenario) -> Duration {
    let mut trial = Trial::<T>::with(T::binary()).await;
    let (pending, retry) = scenario.begin(&mut trial).await;
    trial.run(&pending, retry, DEADLINE).await.finished.took
}

/// `turn`: one run at a time, so that the others do not keep it from going on.
async fn at_moment<T: Released>(scenario: Scenario, blow: Blow, moment: Duration, turn: &Mutex<()>) -> Ended {
    let mut trial = Trial::<T>::with(T::binary()).await;
    let (pending, retry) = scenario.begin(&mut trial).await;
    let mine = turn.lock().await;
    let started = trial.start_run(&pending, retry, DEADLINE).await;
    // Tokio's own timer counts whole milliseconds.
    tokio::task::spawn_blocking(move || std::thread::sleep(moment)).await.expect("a sleep");
    blow.strike(&trial, &pending, &started).await;
    drop(mine);
    trial.end_run(started).await;
    trial.re_run_out(&pending, retry + 1, DEADLINE).await;
    trial.judge(&pending).await;
    trial.ended(&pending).await
}
