//! What must hold for **any** input: one property per parser or text that meets data from outside.
//!
//! - `fuzz/` is the package that cargo-fuzz builds: one line per target, outside of the workspace, since it needs nightly.
//!   `cargo xtask fuzz` runs it for a bounded time.
//! - `corpus/<target>/` holds the inputs that are worth keeping: examples, hand-made nasty ones, and what fuzzing found.
//! - `tests/replay.rs` checks every one of them with the stable compiler. That is all that CI does.
//!
//! An input is text wherever that is possible, so that a person can read and write one; each target says how it reads it.

mod input;
mod judge;
mod service;
mod targets;

use std::sync::{Mutex, PoisonError};

use credjob::contract::redact;

pub use targets::TARGETS;

/// One property.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name: of its corpus folder, of its module and of its cargo-fuzz target.
    pub name: &'static str,
    /// What holds for any input, in words.
    pub property: &'static str,
    check: fn(&[u8]),
}

/// The redactor belongs to the process, and a target starts with an empty one.
static TURN: Mutex<()> = Mutex::new(());

impl Target {
    /// Checks the property for one input. Targets take turns, since they share the process's redactor.
    ///
    /// # Panics
    /// If the property does not hold.
    pub fn check(&self, data: &[u8]) {
        // A property that failed leaves nothing behind that `wipe` does not remove.
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        redact::wipe();
        (self.check)(data);
        redact::wipe();
    }
}

/// Checks one input of a target by its name, for the targets of cargo-fuzz.
///
/// # Panics
/// If the property does not hold, or there is no such target.
pub fn check(name: &str, data: &[u8]) {
    match TARGETS.iter().find(|target| target.name == name) {
        Some(target) => target.check(data),
        None => panic!("there is no target `{name}`"),
    }
}
