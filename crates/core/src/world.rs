//! Everything outside the process that a run touches, so that a test can hand in its own.

use std::sync::Arc;

use credjob_http::{Clock, Random, Transport};
use tokio::sync::watch;

use crate::watchdog::Watchdog;

/// The transport, the clock, the randomness and the stop signal of one run.
///
/// [`run!`](crate::run) builds the real one. Tests build their own and call [`live`](crate::live) under
/// `tokio::time::pause`: then nothing sleeps and nothing leaves the process.
#[derive(Clone)]
pub struct World {
    /// Carries every HTTP request of the run.
    pub transport: Arc<dyn Transport>,
    /// The wall clock.
    pub clock: Clock,
    /// Random numbers for back-off and markers.
    pub random: Arc<dyn Random>,
    /// Turns on at SIGTERM or SIGINT.
    pub stop: StopSignal,
    pub(crate) watchdog: Watchdog,
}

impl World {
    /// A world without a watchdog thread.
    pub fn new(transport: Arc<dyn Transport>, clock: Clock, random: Arc<dyn Random>, stop: StopSignal) -> Self {
        Self { transport, clock, random, stop, watchdog: Watchdog::off() }
    }
}

/// A switch that is turned on once and stays on.
#[derive(Debug, Clone)]
pub struct StopSignal(watch::Receiver<bool>);

/// Turns the switch of its [`StopSignal`] on.
#[derive(Debug, Clone)]
pub struct Stopper(Arc<watch::Sender<bool>>);

impl StopSignal {
    /// A switch that is off, and what turns it on.
    pub fn new() -> (Stopper, Self) {
        let (sender, receiver) = watch::channel(false);
        (Stopper(Arc::new(sender)), Self(receiver))
    }

    /// A switch that nobody turns on.
    pub fn never() -> Self {
        Self::new().1
    }

    /// Whether it is on.
    pub fn is_on(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is on; for ever, if nobody can turn it on any more.
    pub async fn on(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|on| *on).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Stopper {
    /// Turns it on.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}
