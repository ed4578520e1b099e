//! Signals to a real process: SIGTERM closes and cleans up at once, SIGKILL leaves that to the re-run.

use std::time::Duration;

use credjob_emulator::{Call, Fault};
use credjob_testkit::emulated::Pending;

use crate::support::jfrog::{CREATE, REVOKE};
use crate::support::trial::{DEADLINE, Started, Trial};

/// Long: only the signal can end these runs soon.
const LONG: Duration = Duration::from_secs(300);

/// A signal leaves a run 25 s; Code Engine kills after 30 (DESIGN 6).
const AFTER_SIGNAL: Duration = Duration::from_secs(25);

/// A create task whose run waits for the platform, which has or has not made the token.
async fn creating(fault: Fault) -> (Trial, Pending, Started) {
    let trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.platform_fault(CREATE, fault);
    let started = trial.start_run(&pending, 0, LONG).await;
    trial.target.server.asked(CREATE.0, CREATE.1).await;
    (trial, pending, started)
}

/// A create task whose run waits for the answer to its publish, which is or is not applied.
async fn publishing(fault: Fault) -> (Trial, Pending, Started) {
    let trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.fault(Call::TaskUpdate, fault);
    let started = trial.start_run(&pending, 0, LONG).await;
    trial.faults_taken(Call::TaskUpdate).await;
    (trial, pending, started)
}

async fn terminated(trial: &mut Trial, pending: &Pending, started: Started) {
    started.process.terminate().expect("it runs");
    let run = trial.end_run(started).await;
    assert!(run.finished.took < AFTER_SIGNAL, "{:?}", run.finished);
    trial.judge(pending).await;
}

fn failed_with(code: &str) -> (String, Vec<String>) {
    ("failed".to_owned(), vec![code.to_owned()])
}

fn created() -> (String, Vec<String>) {
    ("credentials_created".to_owned(), Vec::new())
}

#[tokio::test]
async fn sigterm_while_a_create_hangs_that_made_a_token() {
    let (mut trial, pending, started) = creating(Fault::HangAfter).await;
    terminated(&mut trial, &pending, started).await;
    assert_eq!(trial.ended_as(&pending).await, failed_with("CREDJOB_TERMINATED"));
    assert_eq!((trial.live().await, trial.last().finished.exit), (0, Some(0)));
}

#[tokio::test]
async fn sigterm_while_a_create_hangs_that_may_still_land() {
    let (mut trial, pending, started) = creating(Fault::HangBefore).await;
    terminated(&mut trial, &pending, started).await;
    assert_eq!(trial.ended_as(&pending).await, failed_with("CREDJOB_TERMINATED"));
    // Nothing was found, but the request may be on its way: the run says so, and its re-run looks again.
    assert_eq!((trial.live().await, trial.last().finished.exit), (0, Some(4)));
    trial.re_run_out(&pending, 1, DEADLINE).await;
    trial.judge(&pending).await;
    assert_eq!(trial.last().finished.exit, Some(0));
}

#[tokio::test]
async fn sigint_is_treated_like_sigterm() {
    let (mut trial, pending, started) = creating(Fault::HangAfter).await;
    started.process.interrupt().expect("it runs");
    trial.end_run(started).await;
    trial.judge(&pending).await;
    assert_eq!(trial.ended_as(&pending).await, failed_with("CREDJOB_TERMINATED"));
    assert_eq!(trial.live().await, 0);
}

#[tokio::test]
async fn sigterm_while_a_publish_hangs_that_did_not_arrive() {
    let (mut trial, pending, started) = publishing(Fault::HangBefore).await;
    terminated(&mut trial, &pending, started).await;
    assert_eq!(trial.ended_as(&pending).await, failed_with("CREDJOB_TERMINATED"));
    assert_eq!((trial.live().await, trial.last().finished.exit), (0, Some(0)));
}

#[tokio::test]
async fn sigterm_while_a_publish_hangs_that_was_applied() {
    let (mut trial, pending, started) = publishing(Fault::HangAfter).await;
    terminated(&mut trial, &pending, started).await;
    assert_eq!(trial.ended_as(&pending).await, created());
    assert_eq!((trial.live().await, trial.last().finished.exit), (1, Some(0)));
}

#[tokio::test]
async fn sigterm_while_a_deletion_hangs() {
    let mut trial = Trial::start().await;
    let pending = trial.delete_task().await;
    trial.platform_fault(REVOKE, Fault::HangBefore);
    let started = trial.start_run(&pending, 0, LONG).await;
    trial.target.server.asked(REVOKE.0, REVOKE.1).await;
    terminated(&mut trial, &pending, started).await;
    assert_eq!(trial.ended_as(&pending).await, failed_with("CREDJOB_TERMINATED"));
    assert_eq!((trial.live().await, trial.last().finished.exit), (1, Some(0)));
}

/// Kills the run, sees what it left, and lets the re-run close the task.
async fn killed(trial: &mut Trial, pending: &Pending, started: Started, left: usize) {
    started.process.kill().expect("it runs");
    assert_eq!(trial.end_run(started).await.finished.signal, Some(9));
    assert_eq!(trial.live().await, left);
    trial.run(pending, 1, DEADLINE).await;
    trial.judge(pending).await;
    assert_eq!(trial.last().finished.exit, Some(0));
}

#[tokio::test]
async fn sigkill_before_the_token_exists() {
    let (mut trial, pending, started) = creating(Fault::HangBefore).await;
    killed(&mut trial, &pending, started, 0).await;
    assert_eq!(trial.ended_as(&pending).await, failed_with("CREDJOB_INTERRUPTED"));
}

#[tokio::test]
async fn sigkill_when_the_token_exists() {
    let (mut trial, pending, started) = creating(Fault::HangAfter).await;
    killed(&mut trial, &pending, started, 1).await;
    assert_eq!(trial.ended_as(&pending).await, failed_with("CREDJOB_INTERRUPTED"));
    assert_eq!(trial.live().await, 0);
}

#[tokio::test]
async fn sigkill_before_the_publish_arrives() {
    let (mut trial, pending, started) = publishing(Fault::HangBefore).await;
    killed(&mut trial, &pending, started, 1).await;
    assert_eq!(trial.ended_as(&pending).await, failed_with("CREDJOB_INTERRUPTED"));
    assert_eq!(trial.live().await, 0);
}

#[tokio::test]
async fn sigkill_after_the_publish_was_applied() {
    let (mut trial, pending, started) = publishing(Fault::HangAfter).await;
    killed(&mut trial, &pending, started, 1).await;
    assert_eq!(trial.ended_as(&pending).await, created());
    assert_eq!(trial.live().await, 1);
}

#[tokio::test]
async fn sigkill_in_a_delete_task() {
    let mut trial = Trial::start().await;
    let pending = trial.delete_task().await;
    trial.platform_fault(REVOKE, Fault::HangAfter);
    let started = trial.start_run(&pending, 0, LONG).await;
    trial.target.server.asked(REVOKE.0, REVOKE.1).await;
    killed(&mut trial, &pending, started, 0).await;
    assert_eq!(trial.ended_as(&pending).await.0, "credentials_deleted");
}

#[tokio::test]
async fn a_second_instance_of_an_array_job_does_nothing() {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    let job = trial.emulated.job(&pending, 0).await.expect("the task is dispatched");
    let second = job.env("JOB_INDEX", "1").env("JOB_ARRAY_SIZE", "2").run().await.expect("the run ends");
    assert_eq!(second.exit, Some(0));
    assert_eq!(second.summary().expect("one summary").outcome, "skipped");
    assert_eq!((trial.live().await, trial.ended_as(&pending).await.0.as_str()), (0, "processing"));
    trial.run(&pending, 0, DEADLINE).await;
    trial.judge(&pending).await;
    assert_eq!(trial.ended_as(&pending).await, created());
}
