//! A fixed list of calls and their answers.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Answer, Asked, StandIn};

/// Answers the calls it expects, in their order, and nothing else.
///
/// A call that was not expected is answered with status 501. [`Script::check`], at the end of the test, fails for it, and
/// for every call that was expected and never came.
#[derive(Debug, Default)]
pub struct Script(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    expected: VecDeque<(String, Answer)>,
    unexpected: Vec<String>,
}

impl Script {
    /// A script that expects nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects one more call, after those before it. `path` is compared without the query.
    pub fn expect(self, method: &str, path: &str, answer: Answer) -> Self {
        self.state().expected.push_back((format!("{method} {path}"), answer));
        self
    }

    /// Fails the test unless exactly the expected calls came, in their order.
    ///
    /// # Panics
    ///
    /// With the calls that are missing and those that nobody expected.
    pub fn check(&self) {
        let state = self.state();
        let missing: Vec<&str> = state.expected.iter().map(|(call, _)| call.as_str()).collect();
        assert!(
            missing.is_empty() && state.unexpected.is_empty(),
            "calls that did not come: [{}]; calls that nobody expected: [{}]",
            missing.join(", "),
            state.unexpected.join(", ")
        );
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StandIn for Script {
    fn answer(&self, asked: &Asked) -> Answer {
        let call = format!("{} {}", asked.method, asked.path);
        let mut state = self.state();
        match state.expected.front() {
            Some((expected, _)) if *expected == call => {
                state.expected.pop_front().map_or_else(|| Answer::empty(501), |(_, answer)| answer)
            }
            _ => {
                state.unexpected.push(call);
                Answer::empty(501)
            }
        }
    }
}
