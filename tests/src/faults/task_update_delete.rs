//! Reporting a deletion.

use std::time::Duration;

use credjob_emulator::{Call, Fault};

use super::faults;
use crate::support::trial::{DEADLINE, Trial};

/// An update without an answer is given up after half of the time that is left.
const ROOM_FOR_TWO_UPDATES: Duration = Duration::from_secs(4);

async fn meets(fault: Fault, status: &str) {
    let mut trial = Trial::start().await;
    let pending = trial.delete_task().await;
    trial.fault(Call::TaskUpdate, fault);
    let hangs = matches!(fault, Fault::HangBefore | Fault::HangAfter);
    trial.run_out(&pending, if hangs { ROOM_FOR_TWO_UPDATES } else { DEADLINE }).await;
    trial.judge(&pending).await;
    assert_eq!(trial.ended_as(&pending).await.0, status);
    assert_eq!(trial.last().finished.exit, Some(0));
    assert_eq!(trial.live().await, 0);
}

faults! {
    request_lost: Fault::RequestLost => "credentials_deleted";
    response_lost: Fault::ResponseLost => "credentials_deleted";
    hang_before: Fault::HangBefore => "credentials_deleted";
    hang_after: Fault::HangAfter => "credentials_deleted";
    status_400: Fault::Status(400) => "processing";
    status_401: Fault::Status(401) => "credentials_deleted";
    status_403_then_a_re_run: Fault::Status(403) => "credentials_deleted";
    status_404: Fault::Status(404) => "processing";
    status_429: Fault::Status(429) => "credentials_deleted";
    status_500: Fault::Status(500) => "credentials_deleted";
    status_503: Fault::Status(503) => "credentials_deleted";
    applied_but_400: Fault::StatusAfter(400) => "credentials_deleted";
    applied_but_503: Fault::StatusAfter(503) => "credentials_deleted";
    garbage: Fault::Garbage => "credentials_deleted";
    garbage_after: Fault::GarbageAfter => "credentials_deleted";
    html: Fault::Html => "credentials_deleted";
}
