//! One call of provider code: a panic is an error of that step, also a panic while a cut step is dropped.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use credjob_contract::{Failure, codes};

/// Polls `step`; a panic in it becomes a [`Failure`]. What the panic said is logged by the panic hook, redacted.
pub(crate) async fn caught<T>(step: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut step = Caught(Some(Box::pin(step)));
    poll_fn(move |context| step.poll(context)).await
}

/// The failure that stands for a panic.
pub(crate) fn panicked() -> Failure {
    Failure::new(
        codes::PANIC,
        "the provider stopped on a programming error; the job's log says where: tell the provider's developers",
    )
}

struct Caught<F>(Option<Pin<Box<F>>>);

impl<T, F: Future<Output = Result<T, Failure>>> Caught<F> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<T, Failure>> {
        let Some(step) = &mut self.0 else { return Poll::Ready(Err(panicked())) };
        catch_unwind(AssertUnwindSafe(|| step.as_mut().poll(context))).unwrap_or_else(|_| Poll::Ready(Err(panicked())))
    }
}

impl<F> Drop for Caught<F> {
    fn drop(&mut self) {
        let step = self.0.take();
        // Nobody is left to tell but the log, which the panic hook has told.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(step)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct PanicsWhenDropped;

    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn panic_of_a_cut_step_is_caught() {
        let step = caught(async {
            let _guard = PanicsWhenDropped;
            std::future::pending::<Result<(), Failure>>().await
        });
        assert!(tokio::time::timeout(std::time::Duration::from_secs(1), step).await.is_err());
    }

    #[tokio::test]
    async fn panic_is_a_failure_of_the_step() {
        let ended = caught(async { if true { panic!("now") } else { Ok(()) } }).await;
        assert_eq!(ended.unwrap_err().code(), codes::PANIC);
    }
}
