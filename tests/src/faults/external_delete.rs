//! The request that deletes the credential, in a delete task.
//!
//! An answer of status 200 that is not the platform's, but looks like it, cannot be told from a revocation: there is no test for it.

use credjob_emulator::Fault;

use super::{deadline, faults};
use crate::support::jfrog::REVOKE;
use crate::support::trial::Trial;

async fn meets(fault: Fault, status: &str) {
    let mut trial = Trial::start().await;
    let pending = trial.delete_task().await;
    trial.platform_fault(REVOKE, fault);
    trial.run_out(&pending, deadline(fault)).await;
    trial.judge(&pending).await;
    assert_eq!(trial.target.server.faults_left(), 0, "the fault was met");
    assert_eq!(trial.ended_as(&pending).await.0, status);
    assert_eq!(trial.runs.len(), 1, "no re-run is needed");
}

faults! {
    request_lost: Fault::RequestLost => "credentials_deleted";
    response_lost: Fault::ResponseLost => "credentials_deleted";
    hang_before: Fault::HangBefore => "failed";
    hang_after: Fault::HangAfter => "failed";
    status_302: Fault::Status(302) => "failed";
    status_400: Fault::Status(400) => "failed";
    status_401: Fault::Status(401) => "failed";
    status_403: Fault::Status(403) => "failed";
    status_404: Fault::Status(404) => "failed";
    status_408: Fault::Status(408) => "credentials_deleted";
    status_429: Fault::Status(429) => "credentials_deleted";
    status_500: Fault::Status(500) => "credentials_deleted";
    status_503: Fault::Status(503) => "credentials_deleted";
    applied_but_503: Fault::StatusAfter(503) => "credentials_deleted";
    html_of_a_proxy: Fault::Html => "failed";
    garbage_after: Fault::GarbageAfter => "credentials_deleted";
}
