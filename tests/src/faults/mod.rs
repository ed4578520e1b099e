//! One fault of each kind per call, and the promise judged after it: a run per test, and re-runs while they are asked for.

mod external_create;
mod external_delete;
mod external_list;
mod external_try;
mod secret_read;
mod task_read;
mod task_update_create;
mod task_update_delete;
mod token;

use std::time::Duration;

use credjob_emulator::Fault;

use crate::support::trial::{DEADLINE, SHORT_DEADLINE};

/// A test per fault: its name, the fault, and how the task must end.
macro_rules! faults {
    ($($name:ident: $fault:expr => $status:literal;)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                meets($fault, $status).await;
            }
        )+
    };
}
use faults;

/// The deadline of the run that meets a fault: a call without an answer holds it to the end.
fn deadline(fault: Fault) -> Duration {
    match fault {
        Fault::HangBefore | Fault::HangAfter => SHORT_DEADLINE,
        _ => DEADLINE,
    }
}
