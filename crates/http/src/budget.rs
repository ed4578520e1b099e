//! The time a piece of work has left.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

/// A deadline that its owner can move while others wait for it. Clones share the deadline.
///
/// Time is tokio's, so `tokio::time::pause` makes it virtual.
#[derive(Debug, Clone)]
pub struct Budget(Arc<watch::Sender<Instant>>);

impl Budget {
    /// Time until `deadline`.
    pub fn until(deadline: Instant) -> Self {
        Self(Arc::new(watch::Sender::new(deadline)))
    }

    /// Time from now on.
    pub fn lasting(time: Duration) -> Self {
        Self::until(Instant::now() + time)
    }

    /// Moves the deadline, forward or back. Whoever waits in [`Budget::expired`] notices at once.
    pub fn set(&self, deadline: Instant) {
        self.0.send_replace(deadline);
    }

    /// The deadline as it stands.
    pub fn deadline(&self) -> Instant {
        *self.0.borrow()
    }

    /// The time left; zero after the deadline.
    pub fn remaining(&self) -> Duration {
        self.deadline().saturating_duration_since(Instant::now())
    }

    /// Ends when the deadline is reached, also when it is moved meanwhile.
    pub async fn expired(&self) {
        let mut changes = self.0.subscribe();
        loop {
            let deadline = *changes.borrow_and_update();
            tokio::select! {
                // A deadline that is moved in the very moment it is reached is moved.
                biased;
                // The sender lives in `self`, so this never reports a closed channel.
                _ = changes.changed() => {}
                () = sleep_until(deadline) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_remains_shrinks_to_zero() {
        let budget = Budget::lasting(Duration::from_secs(3));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(budget.remaining(), Duration::from_secs(2));
        tokio::time::advance(Duration::from_secs(9)).await;
        assert_eq!(budget.remaining(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn expired_ends_at_the_deadline() {
        let start = Instant::now();
        Budget::lasting(Duration::from_secs(3)).expired().await;
        assert_eq!(start.elapsed(), Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn expired_follows_a_deadline_moved_forward() {
        let start = Instant::now();
        let budget = Budget::lasting(Duration::from_secs(100));
        let mover = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            budget.set(start + Duration::from_secs(5));
        };
        tokio::join!(budget.expired(), mover);
        assert_eq!(start.elapsed(), Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn expired_follows_a_deadline_moved_back() {
        let start = Instant::now();
        let budget = Budget::lasting(Duration::from_secs(2));
        let mover = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            budget.set(start + Duration::from_secs(9));
        };
        tokio::join!(budget.expired(), mover);
        assert_eq!(start.elapsed(), Duration::from_secs(9));
    }

    #[tokio::test(start_paused = true)]
    async fn clones_share_the_deadline() {
        let budget = Budget::lasting(Duration::from_secs(2));
        let deadline = Instant::now() + Duration::from_secs(7);
        budget.clone().set(deadline);
        assert_eq!(budget.deadline(), deadline);
    }
}
