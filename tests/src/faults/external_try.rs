//! The request that tries the new credential before it is published.

use std::time::Duration;

use credjob_emulator::Fault;

use super::faults;
use crate::support::jfrog::TRY;
use crate::support::trial::{DEADLINE, Trial};

/// Trying without an answer ends after half of this; undoing then has 25/120 of it.
const SHORT: Duration = Duration::from_secs(4);

async fn meets(fault: Fault, status: &str) {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.platform_fault(TRY, fault);
    trial.run_out(&pending, if fault == Fault::HangBefore { SHORT } else { DEADLINE }).await;
    trial.judge(&pending).await;
    assert_eq!(trial.target.server.faults_left(), 0, "the fault was met");
    assert_eq!(trial.ended_as(&pending).await.0, status);
    assert_eq!(trial.live().await, usize::from(status == "credentials_created"));
    assert_eq!(trial.runs.len(), 1, "no re-run is needed");
}

faults! {
    request_lost: Fault::RequestLost => "credentials_created";
    response_lost: Fault::ResponseLost => "credentials_created";
    hang: Fault::HangBefore => "failed";
    status_400: Fault::Status(400) => "failed";
    status_401_of_a_replica_that_does_not_know_it_yet: Fault::Status(401) => "credentials_created";
    status_403: Fault::Status(403) => "credentials_created";
    status_429: Fault::Status(429) => "credentials_created";
    status_503: Fault::Status(503) => "credentials_created";
}
