//! IAM and Secrets Manager restart, fail over, or stay away, at every call of a run.

use super::blow::Blow;
use super::case::{Case, Ended};
use super::scenario::Scenario;
use super::tally::Tally;
use crate::support::certificate::CertificateTarget;
use crate::support::evidence;
use crate::support::jfrog::JfrogTarget;
use crate::support::release::Released;

#[tokio::test]
async fn a_service_that_restarts_at_any_call_keeps_the_promise() {
    let (jfrog, certificate) = tokio::join!(restarted::<JfrogTarget>(), restarted::<CertificateTarget>());
    let table = Tally::of("Provider | Run | The service is", jfrog.into_iter().chain(certificate)).table();
    println!("{table}");
    evidence::write("20d-processes-restarted", &format!("{TEXT}\n{table}"));
}

const TEXT: &str = "\
## Real processes, and a service that restarts

Each call is held in turn, before and after it is applied, and the emulator, which is IAM and Secrets Manager, drops every \
connection there; the platform drops its own. Either the emulator is back at once, or it refuses connections for a second, \
until the run has ended, or until the last re-run has ended, so that nobody can report and the task times out. State is kept.

The orphan is the credential of a publish that got no answer, and of a service that never came back to be asked: exit code 5.
";

async fn restarted<T: Released>() -> Vec<(String, Ended)> {
    let mut cases = Case::all::<T>(&Scenario::USUAL, &[Blow::Restart, Blow::FailOver]).await;
    // A re-run may come to its last call late, and these runs are short.
    let first_runs = [Scenario::CREATE, Scenario::DELETE];
    cases.extend(Case::all::<T>(&first_runs, &[Blow::AwayForTheRun, Blow::AwayForGood]).await);
    let row = |case: &Case| format!("{} | {} | {}", case.provider, case.scenario, case.blow);
    Case::play_all(cases, row, Case::play::<T>).await
}
