//! The time of day, derived from tokio's clock.

use std::time::SystemTime;

use tokio::time::Instant;

/// A wall clock that follows tokio's clock from a fixed start, so `tokio::time::pause` and `advance` move it too.
///
/// There is no clock trait: durations and deadlines are tokio's own, and only `Retry-After` dates and expiry times need
/// the time of day.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
    wall: SystemTime,
}

impl Clock {
    /// The machine's time of day.
    pub fn system() -> Self {
        Self::at(SystemTime::now())
    }

    /// A clock that shows `wall` now.
    pub fn at(wall: SystemTime) -> Self {
        Self { start: Instant::now(), wall }
    }

    /// The time of day.
    pub fn wall(&self) -> SystemTime {
        self.wall + self.start.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_wall_clock_follows_virtual_time() {
        let clock = Clock::at(SystemTime::UNIX_EPOCH);
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(clock.wall(), SystemTime::UNIX_EPOCH + Duration::from_secs(90));
    }

    #[test]
    fn the_system_clock_shows_the_time_of_day() {
        let before = SystemTime::now();
        assert!(Clock::system().wall() >= before);
    }
}
