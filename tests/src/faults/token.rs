//! The IAM token of a create task.

use credjob_emulator::{Call, Fault};

use super::{deadline, faults};
use crate::support::trial::Trial;

async fn meets(fault: Fault, status: &str) {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.fault(Call::IamToken, fault);
    trial.run_out(&pending, deadline(fault)).await;
    trial.judge(&pending).await;
    assert_eq!(trial.emulated.emulator().faults().remaining(Call::IamToken), 0, "the fault was met");
    assert_eq!(trial.ended_as(&pending).await.0, status);
    assert_eq!(trial.last().finished.exit, Some(0));
}

faults! {
    request_lost: Fault::RequestLost => "credentials_created";
    response_lost: Fault::ResponseLost => "credentials_created";
    hang_before: Fault::HangBefore => "failed";
    hang_after: Fault::HangAfter => "failed";
    status_400: Fault::Status(400) => "failed";
    status_401: Fault::Status(401) => "failed";
    status_403: Fault::Status(403) => "failed";
    status_408: Fault::Status(408) => "credentials_created";
    status_429: Fault::Status(429) => "credentials_created";
    status_500: Fault::Status(500) => "credentials_created";
    status_503: Fault::Status(503) => "credentials_created";
    status_302: Fault::Status(302) => "failed";
    applied_but_503: Fault::StatusAfter(503) => "credentials_created";
    garbage: Fault::Garbage => "credentials_created";
    garbage_after: Fault::GarbageAfter => "credentials_created";
    html: Fault::Html => "credentials_created";
}
