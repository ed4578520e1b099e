//! What was sent so far, per operation, and whether anything may have been created.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::Outcome;

/// Counts every attempt of a run. Clones share the counts.
///
/// An attempt counts as unknown from the moment it begins until its ending is known. So an attempt whose future is
/// dropped (SIGTERM, deadline) stays unknown, which is the truth.
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Mutex<Book>>);

/// Attempts by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Attempts that did their work.
    pub applied: u32,
    /// Attempts that reached nobody, or were answered 429.
    pub not_sent: u32,
    /// Attempts the server refused.
    pub refused: u32,
    /// Attempts nobody can tell about, among them those still under way.
    pub unknown: u32,
}

/// The creating requests since the last [`Ledger::reset_creating`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Creating {
    /// Attempts by outcome. A request that the host guard or the deadline stopped counts as not sent.
    pub counts: Counts,
}

/// An attempt under way. Dropped without [`InFlight::end`], it stays unknown.
#[derive(Debug)]
#[must_use = "the attempt stays unknown until `end` is called"]
pub struct InFlight {
    ledger: Ledger,
    operation: &'static str,
    creating: Option<u64>,
}

#[derive(Debug, Default)]
struct Book {
    operations: BTreeMap<&'static str, Counts>,
    creating: Counts,
    /// Raised by each reset, so that an attempt begun before it no longer counts.
    generation: u64,
}

impl Ledger {
    /// An empty ledger.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that an attempt begins.
    pub fn begin(&self, operation: &'static str, creating: bool) -> InFlight {
        let mut book = self.book();
        book.operations.entry(operation).or_default().unknown += 1;
        let creating = creating.then(|| {
            book.creating.unknown += 1;
            book.generation
        });
        drop(book);
        InFlight { ledger: self.clone(), operation, creating }
    }

    /// Notes a creating request that was stopped before any attempt (host guard, bad URL, no time left). It is not an
    /// attempt of its operation, but it proves that it created nothing.
    pub fn stopped(&self, creating: bool) {
        if creating {
            self.book().creating.not_sent += 1;
        }
    }

    /// Attempts per operation, in the order of their names.
    pub fn snapshot(&self) -> BTreeMap<&'static str, Counts> {
        self.book().operations.clone()
    }

    /// The creating requests since the last reset.
    pub fn creating(&self) -> Creating {
        Creating { counts: self.book().creating }
    }

    /// Forgets the creating requests, before `create` is called once more. Attempts still under way are forgotten too.
    pub fn reset_creating(&self) {
        let mut book = self.book();
        book.creating = Counts::default();
        book.generation += 1;
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Every change is one addition, so a panic elsewhere leaves the book whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InFlight {
    /// Notes how the attempt ended.
    pub fn end(self, outcome: Outcome) {
        let mut book = self.ledger.book();
        book.operations.entry(self.operation).or_default().settle(outcome);
        if self.creating == Some(book.generation) {
            book.creating.settle(outcome);
        }
    }
}

impl Counts {
    /// All attempts.
    pub fn total(&self) -> u32 {
        self.applied + self.not_sent + self.refused + self.unknown
    }

    fn settle(&mut self, outcome: Outcome) {
        self.unknown = self.unknown.saturating_sub(1);
        match outcome {
            Outcome::Applied => self.applied += 1,
            Outcome::NotSent => self.not_sent += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Unknown => self.unknown += 1,
        }
    }
}

impl Creating {
    /// How many were noted.
    pub fn sent(&self) -> u32 {
        self.counts.total()
    }

    /// At least one was noted, and each was not sent or refused: so nothing was created through this client
    /// (DESIGN section 6, creation outcome).
    pub fn all_not_sent_or_refused(&self) -> bool {
        self.sent() > 0 && self.counts.applied == 0 && self.counts.unknown == 0
    }

    /// Nobody can tell about at least one.
    pub fn any_unknown(&self) -> bool {
        self.counts.unknown > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_counted_per_operation_and_outcome() {
        let ledger = Ledger::new();
        ledger.begin("read", false).end(Outcome::NotSent);
        ledger.begin("read", false).end(Outcome::Applied);
        ledger.begin("write", false).end(Outcome::Refused);
        let counts = ledger.snapshot();
        let read = Counts { applied: 1, not_sent: 1, ..Counts::default() };
        let write = Counts { refused: 1, ..Counts::default() };
        assert_eq!(counts, BTreeMap::from([("read", read), ("write", write)]));
    }

    #[test]
    fn an_attempt_under_way_is_unknown() {
        let ledger = Ledger::new();
        let attempt = ledger.begin("mint", true);
        assert!(ledger.creating().any_unknown());
        attempt.end(Outcome::Refused);
        assert!(ledger.creating().all_not_sent_or_refused());
    }

    #[test]
    fn a_dropped_attempt_stays_unknown() {
        let ledger = Ledger::new();
        drop(ledger.begin("mint", true));
        assert!(ledger.creating().any_unknown());
        assert_eq!(ledger.snapshot()["mint"].unknown, 1);
    }

    #[test]
    fn without_a_creating_request_nothing_is_proved() {
        let ledger = Ledger::new();
        ledger.begin("read", false).end(Outcome::Refused);
        assert_eq!(ledger.creating().sent(), 0);
        assert!(!ledger.creating().all_not_sent_or_refused());
    }

    #[test]
    fn an_applied_creating_request_may_have_created() {
        let ledger = Ledger::new();
        ledger.begin("mint", true).end(Outcome::Refused);
        ledger.begin("mint", true).end(Outcome::Applied);
        assert!(!ledger.creating().all_not_sent_or_refused());
        assert!(!ledger.creating().any_unknown());
    }

    #[test]
    fn a_stopped_creating_request_proves_that_it_created_nothing() {
        let ledger = Ledger::new();
        ledger.stopped(true);
        ledger.stopped(false);
        assert_eq!(ledger.creating().sent(), 1);
        assert!(ledger.creating().all_not_sent_or_refused());
        assert!(ledger.snapshot().is_empty());
    }

    #[test]
    fn a_reset_forgets_creating_requests_only() {
        let ledger = Ledger::new();
        ledger.begin("mint", true).end(Outcome::Unknown);
        ledger.reset_creating();
        assert_eq!(ledger.creating(), Creating::default());
        assert_eq!(ledger.snapshot()["mint"].unknown, 1);
    }

    #[test]
    fn an_attempt_begun_before_a_reset_does_not_count_after_it() {
        let ledger = Ledger::new();
        let old = ledger.begin("mint", true);
        ledger.reset_creating();
        let _new = ledger.begin("mint", true);
        old.end(Outcome::Refused);
        assert!(ledger.creating().any_unknown());
        assert_eq!(ledger.creating().sent(), 1);
    }
}
