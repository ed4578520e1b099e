//! Whole-program tests: the real binaries as real processes, the emulator in process, IBM's Python SDK as a judge.
//!
//! Run them by `cargo xtask test`, which builds what they start. Every secret begins with `canary-`, so that the output of
//! the whole test run can be searched for secrets.

#![expect(clippy::expect_used, reason = "everything here is a test or the helper of one")]

mod bad_input;
mod clean_life;
mod crowd;
mod dry_run;
mod environment;
mod every_step;
mod faults;
mod hostile;
mod leaks;
mod sdk;
mod service;
mod signals;
mod static_binary;
mod support;
