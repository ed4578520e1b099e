//! The emulator's time: the real time plus what was skipped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::changes::Changes;

/// Enough for every limit of the service, and every date stays one that RFC 3339 can write.
const LONGEST_SKIP: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A clock that runs with the real one and can be moved forward. Clones are the same clock.
///
/// Everything the emulator dates or waits for uses it: token lifetimes, task timeouts, expiry, automatic rotation, the
/// daily retry of a failed deletion. Two things run on real time: the grace between SIGTERM and SIGKILL, and the jobs
/// themselves.
#[derive(Clone, Debug)]
pub struct EmulatorClock {
    shared: Arc<ClockState>,
    changes: Changes,
}

#[derive(Debug)]
struct ClockState {
    started: Instant,
    started_at: SystemTime,
    skipped: Mutex<Duration>,
}

impl EmulatorClock {
    pub(crate) fn new(changes: Changes) -> Self {
        let shared =
            ClockState { started: Instant::now(), started_at: SystemTime::now(), skipped: Mutex::new(Duration::ZERO) };
        Self { shared: Arc::new(shared), changes }
    }

    /// The emulator's date and time.
    pub fn now(&self) -> SystemTime {
        self.shared.started_at + self.shared.started.elapsed() + *self.skipped()
    }

    /// Jumps forward. Everything that falls due in the skipped time happens once, in the order of its due dates, before
    /// the next look at the emulator's state; the jobs it starts begin after the jump.
    ///
    /// A jump over several rotations makes one of them: advance step by step, and wait for the tasks, to see each. All
    /// jumps together skip at most 100 years.
    pub fn advance(&self, by: Duration) {
        {
            let mut skipped = self.skipped();
            *skipped = skipped.saturating_add(by).min(LONGEST_SKIP);
        }
        self.changes.bump();
    }

    fn skipped(&self) -> MutexGuard<'_, Duration> {
        self.shared.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_can_be_moved_but_not_out_of_the_calendar() {
        let clock = EmulatorClock::new(Changes::new());
        let before = clock.now();
        clock.advance(Duration::from_secs(60));
        assert!(clock.now() >= before + Duration::from_secs(60));
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(clock.now() < before + LONGEST_SKIP + Duration::from_secs(60));
    }
}
