//! Publishing a new credential.

use std::time::Duration;

use credjob_emulator::{Call, Fault};

use super::faults;
use crate::support::trial::{DEADLINE, Trial};

/// An update without an answer is given up after half of the time that is left, so that another one has room.
const ROOM_FOR_TWO_UPDATES: Duration = Duration::from_secs(6);

async fn meets(fault: Fault, status: &str) {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.fault(Call::TaskUpdate, fault);
    let hangs = matches!(fault, Fault::HangBefore | Fault::HangAfter);
    trial.run_out(&pending, if hangs { ROOM_FOR_TWO_UPDATES } else { DEADLINE }).await;
    trial.judge(&pending).await;
    assert_eq!(trial.ended_as(&pending).await.0, status);
    assert_eq!(trial.runs.len(), 1, "no re-run is needed");
    assert_eq!(trial.live().await, usize::from(status == "credentials_created"));
}

faults! {
    request_lost: Fault::RequestLost => "credentials_created";
    response_lost: Fault::ResponseLost => "credentials_created";
    hang_before: Fault::HangBefore => "credentials_created";
    hang_after: Fault::HangAfter => "credentials_created";
    status_302: Fault::Status(302) => "credentials_created";
    status_400: Fault::Status(400) => "processing";
    status_401: Fault::Status(401) => "credentials_created";
    status_403: Fault::Status(403) => "failed";
    status_404: Fault::Status(404) => "processing";
    status_408: Fault::Status(408) => "credentials_created";
    status_409: Fault::Status(409) => "failed";
    status_429: Fault::Status(429) => "credentials_created";
    status_500: Fault::Status(500) => "credentials_created";
    status_503: Fault::Status(503) => "credentials_created";
    applied_but_400: Fault::StatusAfter(400) => "credentials_created";
    applied_but_403: Fault::StatusAfter(403) => "credentials_created";
    applied_but_404: Fault::StatusAfter(404) => "credentials_created";
    applied_but_503: Fault::StatusAfter(503) => "credentials_created";
    garbage: Fault::Garbage => "credentials_created";
    garbage_after: Fault::GarbageAfter => "credentials_created";
    html: Fault::Html => "credentials_created";
}
