//! For systems that are not reached through `job.http()`: a line that a model's driver makes its calls on.

use std::time::Duration;

use credjob::http::BoxFuture;

use super::call::Call;
use super::gate::{Effect, Gate, Passed};
use super::system::View;

/// How one process reaches a system with a protocol of its own.
#[derive(Clone)]
pub struct Line {
    gate: Gate,
}

/// How a call on a [`Line`] failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// There is no connection: nothing was sent.
    #[error("no connection")]
    NotConnected,
    /// The system refuses, and has done nothing.
    #[error("refused")]
    Refused,
    /// The connection broke, or nothing came in time: nobody knows whether it was done.
    #[error("the connection broke")]
    Lost,
    /// It was done, but the answer cannot be read.
    #[error("the answer cannot be read")]
    Unreadable,
}

impl Line {
    pub(crate) fn new(gate: Gate) -> Self {
        Self { gate }
    }

    /// Makes a call. `work` is what the system does when the call arrives, perhaps later, perhaps twice.
    ///
    /// # Errors
    /// How the call failed. It never takes longer than `timeout`.
    ///
    /// # Panics
    /// If the schedule says so.
    pub async fn call<T, W>(&self, call: Call, timeout: Duration, work: W) -> Result<T, LineError>
    where
        T: Send,
        W: Fn(View) -> T + Clone + Send + Sync + 'static,
    {
        match self.gate.pass(call, timeout, &Work(work)).await {
            Passed::Answer(answer) => Ok(answer),
            Passed::NotSent => Err(LineError::NotConnected),
            Passed::Status(..) => Err(LineError::Refused),
            Passed::Lost => Err(LineError::Lost),
            Passed::Garbled | Passed::Page => Err(LineError::Unreadable),
        }
    }
}

struct Work<W>(W);

impl<T: Send, W: Fn(View) -> T + Clone + Send + Sync + 'static> Effect for Work<W> {
    type Answer = T;

    async fn apply(&self, view: View) -> T {
        (self.0)(view)
    }

    fn later(&self) -> BoxFuture<'static, ()> {
        let work = self.0.clone();
        Box::pin(async move { drop(work(View::Current)) })
    }

    fn status(_answer: &T) -> Option<u16> {
        None
    }
}
