//! How many requests a second the service takes.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// The length of time that the limit counts in.
const WINDOW: Duration = Duration::from_secs(1);

/// Takes no more than `limit` requests in any second, whoever sends them. Refused requests do not count.
#[derive(Debug)]
pub(crate) struct RateLimit {
    /// `None` takes all.
    limit: Option<usize>,
    /// When the requests of the last second were taken, oldest first.
    taken: Mutex<VecDeque<SystemTime>>,
}

impl RateLimit {
    pub(crate) fn new(limit: Option<usize>) -> Self {
        Self { limit, taken: Mutex::default() }
    }

    /// Whether one more request is taken now.
    pub(crate) fn takes_one(&self, now: SystemTime) -> bool {
        let Some(limit) = self.limit else { return true };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while taken.front().is_some_and(|at| *at + WINDOW <= now) {
            taken.pop_front();
        }
        let has_room = taken.len() < limit;
        if has_room {
            taken.push_back(now);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
    }

    #[test]
    fn no_second_has_more_than_the_limit() {
        let limit = RateLimit::new(Some(2));
        let taken: Vec<u64> = [0, 400, 500, 999, 1_000, 1_399, 1_400, 9_000]
            .into_iter()
            .filter(|millis| limit.takes_one(at(*millis)))
            .collect();
        assert_eq!(taken, [0, 400, 1_000, 1_400, 9_000]);
    }

    #[test]
    fn without_a_limit_all_are_taken() {
        let limit = RateLimit::new(None);
        assert!((0..1_000).all(|_| limit.takes_one(at(0))));
    }
}
