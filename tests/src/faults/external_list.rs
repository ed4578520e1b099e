//! Listing the leftovers of a creating request whose answer was lost.

use std::time::Duration;

use credjob_emulator::Fault;

use super::faults;
use crate::support::jfrog::{CREATE, LIST};
use crate::support::trial::{DEADLINE, Trial};

/// A listing without an answer is cut after an undo slice of 25/120 of this.
const SHORT: Duration = Duration::from_secs(4);

async fn meets(fault: Fault, status: &str) {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.platform_fault(CREATE, Fault::ResponseLost);
    trial.platform_fault(LIST, fault);
    trial.run_out(&pending, if fault == Fault::HangBefore { SHORT } else { DEADLINE }).await;
    trial.judge(&pending).await;
    assert_eq!(trial.target.server.faults_left(), 0, "the faults were met");
    assert_eq!(trial.ended_as(&pending).await.0, status);
    assert_eq!(trial.live().await, usize::from(status == "credentials_created"));
    assert_eq!(trial.last().finished.exit, Some(0));
}

faults! {
    request_lost: Fault::RequestLost => "credentials_created";
    response_lost: Fault::ResponseLost => "credentials_created";
    hang_then_a_re_run: Fault::HangBefore => "failed";
    status_401_then_a_re_run: Fault::Status(401) => "failed";
    status_403_then_a_re_run: Fault::Status(403) => "failed";
    status_404_then_a_re_run: Fault::Status(404) => "failed";
    status_429: Fault::Status(429) => "credentials_created";
    status_503: Fault::Status(503) => "credentials_created";
    garbage_then_a_re_run: Fault::Garbage => "failed";
    html_then_a_re_run: Fault::Html => "failed";
}
