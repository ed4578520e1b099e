//! A task that is deleted or times out under a running job, and a clock that jumps, at every call.

use super::blow::Blow;
use super::case::{Case, Ended};
use super::scenario::Scenario;
use super::tally::Tally;
use crate::support::certificate::CertificateTarget;
use crate::support::evidence;
use crate::support::jfrog::JfrogTarget;
use crate::support::release::Released;
use crate::support::trial::Trial;

/// Those after which the run goes on and finds out itself.
const UNTOLD: [Blow; 4] = [Blow::TaskDeleted, Blow::TaskTimedOut, Blow::ClockJumps, Blow::TokenExpires];

#[tokio::test]
async fn a_task_that_ends_under_a_run_at_any_call_keeps_the_promise() {
    let (jfrog, certificate) = tokio::join!(cancelled::<JfrogTarget>(), cancelled::<CertificateTarget>());
    let table = Tally::of("Provider | Run | At each call", jfrog.into_iter().chain(certificate)).table();
    println!("{table}");
    evidence::write("20c-processes-cancelled", &format!("{TEXT}\n{table}"));
}

const TEXT: &str = "\
## Real processes, cancelled tasks and clocks that jump

Each call is held in turn, before and after it is applied. Meanwhile the task is deleted, or the emulator's clock jumps over \
the task timeout, over the life of the run's IAM token, or over nothing. Then the connections are dropped, and the run, which \
nobody tells, goes on. In the last rows of each provider the emulator's own job runner started the run and stops it, with \
SIGTERM, as soon as its task has ended.

The orphans are what a run keeps that cannot tell whether a version owns it: its publish got no answer, or it is a re-run, and \
the task is gone. The last run ends with exit code 5 then, and its log has the credentials id or the marker.
";

async fn cancelled<T: Released>() -> Vec<(String, Ended)> {
    let cases = Case::all::<T>(&Scenario::USUAL, &UNTOLD).await;
    let row = |case: &Case| format!("{} | {} | {}", case.provider, case.scenario, case.blow);
    let mut ended = Case::play_all(cases, row, Case::play::<T>).await;
    let cases = Case::all::<T>(&[Scenario::CREATE, Scenario::DELETE], &[Blow::TaskDeleted, Blow::TaskTimedOut]).await;
    let stopped = |case: &Case| format!("{}, and the job is stopped", row(case));
    ended.extend(Case::play_all(cases, stopped, under_a_runner::<T>).await);
    ended
}

async fn under_a_runner<T: Released>(case: Case) -> Ended {
    let mut trial = Trial::<T>::with_runner(T::binary()).await;
    let Case { scenario, step, hold, blow, .. } = case;
    let created = scenario.begin_under_a_runner(&trial).await;
    let first_request = trial.emulated.emulator().requests().len();
    step.hold(&trial, hold);
    let pending = scenario.start_under_a_runner(&trial, created).await;
    step.is_held(&trial).await;
    blow.befall(&trial, &pending).await;
    trial.runner_ends(&pending, first_request, blow.skips()).await;
    trial.judge(&pending).await;
    trial.ended(&pending).await
}
