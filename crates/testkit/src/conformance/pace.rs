//! How time passes during a check.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};

use crate::target::Time;

/// The real time from one tick of scaled time to the next.
const TICK: Duration = Duration::from_millis(5);

/// The pace of a check. Starts when the target has started.
pub(super) struct Pace {
    /// For a moment, time passes as it does.
    real: Arc<AtomicBool>,
    ticking: Option<JoinHandle<()>>,
}

impl Pace {
    pub(super) fn start(time: Time) -> Self {
        let real = Arc::<AtomicBool>::default();
        tokio::time::pause();
        let ticking = match time {
            Time::Virtual => None,
            Time::Scaled(factor) => Some(tokio::spawn(tick(factor.max(1), Arc::clone(&real)))),
        };
        Self { real, ticking }
    }

    /// Asks the target in real time: its own clients may have timeouts.
    pub(super) async fn outside<R>(&self, asked: impl Future<Output = R>) -> R {
        self.real.store(true, Ordering::Relaxed);
        tokio::time::resume();
        let answer = asked.await;
        tokio::time::pause();
        self.real.store(false, Ordering::Relaxed);
        answer
    }
}

impl Drop for Pace {
    fn drop(&mut self) {
        if let Some(ticking) = &self.ticking {
            ticking.abort();
        }
    }
}

/// Time moves with every tick, and never by itself: tokio does not advance a paused clock while a blocking task runs.
async fn tick(factor: u32, real: Arc<AtomicBool>) {
    loop {
        // It cannot fail: the task neither panics nor is it aborted.
        let _ = spawn_blocking(|| std::thread::sleep(TICK)).await;
        if !real.load(Ordering::Relaxed) {
            tokio::time::advance(TICK * factor).await;
        }
    }
}
