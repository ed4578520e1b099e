//! What the server, the runner and the handle share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::changes::Changes;
use crate::clock::EmulatorClock;
use crate::faults::Faults;
use crate::rate_limit::RateLimit;
use crate::requests::Requests;
use crate::state::State;

/// The emulator without its tasks.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) clock: EmulatorClock,
    pub(crate) changes: Changes,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
    pub(crate) rate_limit: RateLimit,
}

impl Shared {
    pub(crate) fn new(state: State, clock: EmulatorClock, changes: Changes) -> Self {
        let rate_limit = RateLimit::new(state.settings.rate_limit);
        Self {
            state: Mutex::new(state),
            clock,
            changes,
            faults: Faults::default(),
            requests: Requests::default(),
            rate_limit,
        }
    }

    /// Changes the state. What the clock has made due happens before, so nobody ever sees a state that is late.
    pub(crate) fn with<R>(&self, change: impl FnOnce(&mut State, SystemTime) -> R) -> R {
        let result = {
            let mut state = self.lock();
            let now = self.clock.now();
            state.settle(now);
            let result = change(&mut state, now);
            state.settle(now);
            result
        };
        self.changes.bump();
        result
    }

    /// Looks at the state; wakes the others only if the clock has made something happen.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&mut State, SystemTime) -> R) -> R {
        let (result, happened) = {
            let mut state = self.lock();
            let now = self.clock.now();
            let happened = state.settle(now);
            (look(&mut state, now), happened)
        };
        if happened {
            self.changes.bump();
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
