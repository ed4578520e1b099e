//! How long to wait between two attempts.

use std::{fmt, sync::Arc, time::Duration};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::Random;

/// Upper bound of the first wait. About one restart of a connection plus a round trip between regions.
pub const BACKOFF_MIN: Duration = Duration::from_millis(200);
/// Each upper bound is this many times the one before.
pub const BACKOFF_FACTOR: f32 = 2.0;
/// No wait is longer: the shortest slice that repeats anything for minutes is the job itself (5 min at least), and the
/// close slice of 20 s still gets several attempts.
pub const BACKOFF_MAX: Duration = Duration::from_secs(10);

/// An endless exponential schedule with full jitter: each wait is random between zero and the schedule's delay.
///
/// The schedule is backon's, without its jitter (which lies between one and two delays, beyond the maximum). Many jobs
/// start at the same second when secrets rotate, so spreading them over the whole delay matters more than its length.
pub struct Backoff {
    schedule: ExponentialBackoff,
    random: Arc<dyn Random>,
}

impl Backoff {
    /// The schedule from its start.
    pub fn new(random: Arc<dyn Random>) -> Self {
        let schedule = ExponentialBuilder::new()
            .with_min_delay(BACKOFF_MIN)
            .with_factor(BACKOFF_FACTOR)
            .with_max_delay(BACKOFF_MAX)
            .without_max_times()
            .build();
        Self { schedule, random }
    }

    /// The next wait, from zero to [`BACKOFF_MAX`].
    #[expect(clippy::should_implement_trait, reason = "the schedule never ends, so an Option would be noise")]
    pub fn next(&mut self) -> Duration {
        let delay = self.schedule.next().unwrap_or(BACKOFF_MAX);
        let wait = delay.mul_f64(self.random.unit().clamp(0.0, 1.0));
        // Whole milliseconds, as tokio's timer counts.
        Duration::from_secs(wait.as_secs()) + Duration::from_millis(wait.subsec_millis().into())
    }
}

impl fmt::Debug for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backoff").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Unit(f64);

    impl Random for Unit {
        fn bytes(&self, target: &mut [u8]) {
            target.fill(0);
        }

        fn unit(&self) -> f64 {
            self.0
        }
    }

    fn delays(unit: f64, count: usize) -> Vec<u128> {
        let mut backoff = Backoff::new(Arc::new(Unit(unit)));
        (0..count).map(|_| backoff.next().as_millis()).collect()
    }

    #[test]
    fn the_bounds_double_up_to_the_maximum() {
        assert_eq!(delays(1.0, 9), [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
    }

    #[test]
    fn jitter_reaches_down_to_zero() {
        assert_eq!(delays(0.0, 3), [0, 0, 0]);
        assert_eq!(delays(0.5, 3), [100, 200, 400]);
    }

    #[test]
    fn the_schedule_never_ends() {
        let mut backoff = Backoff::new(Arc::new(Unit(1.0)));
        assert_eq!((0..10_000).map(|_| backoff.next()).last(), Some(BACKOFF_MAX));
    }
}
