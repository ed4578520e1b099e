//! One call of provider code: a panic is an error of that step, and its time is measured.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use credjob_contract::{Failure, codes};

/// Polls `step`; a panic in it becomes a [`Failure`]. What the panic said is logged by the panic hook, redacted.
pub(crate) async fn caught<T>(step: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut step = pin!(step);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| step.as_mut().poll(context))) {
        Ok(polled) => polled,
        Err(_) => Poll::Ready(Err(panicked())),
    })
    .await
}

/// The failure that stands for a panic.
pub(crate) fn panicked() -> Failure {
    Failure::new(
        codes::PANIC,
        "the provider stopped on a programming error; the job's log says where: tell the provider's developers",
    )
}
