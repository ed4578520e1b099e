//! Reading the task, in the re-run after a run that was killed between creating and publishing.

use credjob_emulator::{Call, Fault};

use super::faults;
use crate::support::trial::{DEADLINE, Trial};

async fn meets(fault: Fault, status: &str) {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.fault(Call::TaskUpdate, Fault::HangBefore);
    let started = trial.start_run(&pending, 0, DEADLINE).await;
    trial.faults_taken(Call::TaskUpdate).await;
    started.process.kill().expect("it runs");
    trial.end_run(started).await;
    assert_eq!(trial.live().await, 1, "the killed run left a credential");

    trial.fault(Call::TaskRead, fault);
    trial.re_run_out(&pending, 1, DEADLINE).await;
    trial.judge(&pending).await;
    assert_eq!(trial.emulated.emulator().faults().remaining(Call::TaskRead), 0, "the fault was met");
    assert_eq!(trial.ended_as(&pending).await, (status.to_owned(), vec!["CREDJOB_INTERRUPTED".to_owned()]));
    assert_eq!(trial.live().await, 0);
    assert_eq!(trial.last().finished.exit, Some(0));
}

faults! {
    request_lost: Fault::RequestLost => "failed";
    response_lost: Fault::ResponseLost => "failed";
    hang_before: Fault::HangBefore => "failed";
    status_400: Fault::Status(400) => "failed";
    status_401: Fault::Status(401) => "failed";
    status_403: Fault::Status(403) => "failed";
    status_404_then_another_re_run: Fault::Status(404) => "failed";
    status_429: Fault::Status(429) => "failed";
    status_503: Fault::Status(503) => "failed";
    garbage: Fault::Garbage => "failed";
    html: Fault::Html => "failed";
}
