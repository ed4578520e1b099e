//! One signal for "something may have changed": state, clock or a job process.

use std::sync::Arc;

use tokio::sync::watch;

/// A counter that anyone may bump and anyone may wait on. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Changes(Arc<watch::Sender<u64>>);

impl Changes {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    /// Wakes everyone who waits.
    pub(crate) fn bump(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// A receiver that has seen everything up to now: subscribe first, look at the state second, wait third.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
