//! The request that creates the credential: never sent twice for one marker.

use credjob_emulator::Fault;

use super::{deadline, faults};
use crate::support::jfrog::CREATE;
use crate::support::trial::Trial;

async fn meets(fault: Fault, status: &str) {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.platform_fault(CREATE, fault);
    trial.run_out(&pending, deadline(fault)).await;
    trial.judge(&pending).await;
    assert_eq!(trial.target.server.faults_left(), 0, "the fault was met");
    assert_eq!(trial.ended_as(&pending).await.0, status);
    assert_eq!(trial.live().await, usize::from(status == "credentials_created"));
    assert_eq!(trial.last().finished.exit, Some(0));
}

faults! {
    request_lost: Fault::RequestLost => "credentials_created";
    response_lost: Fault::ResponseLost => "credentials_created";
    hang_before_then_a_re_run: Fault::HangBefore => "failed";
    hang_after_then_a_re_run: Fault::HangAfter => "failed";
    status_302: Fault::Status(302) => "credentials_created";
    status_400: Fault::Status(400) => "failed";
    status_401: Fault::Status(401) => "failed";
    status_403: Fault::Status(403) => "failed";
    status_404: Fault::Status(404) => "failed";
    status_408: Fault::Status(408) => "credentials_created";
    status_429: Fault::Status(429) => "credentials_created";
    status_500: Fault::Status(500) => "credentials_created";
    status_503: Fault::Status(503) => "credentials_created";
    applied_but_500: Fault::StatusAfter(500) => "credentials_created";
    applied_but_503: Fault::StatusAfter(503) => "credentials_created";
    garbage: Fault::Garbage => "credentials_created";
    garbage_after: Fault::GarbageAfter => "credentials_created";
    html: Fault::Html => "credentials_created";
}
