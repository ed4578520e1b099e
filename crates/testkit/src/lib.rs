//! What tests of a credentials provider need: real processes, systems that misbehave on demand, and a search for secrets.
//!
//! - [`leak`] looks for canary secrets in whatever leaves a process;
//! - [`process`] runs a job binary with exactly the environment that a test gives it, and signals it;
//! - [`target`] is the external system that the provider makes credentials in;
//! - [`server`] serves a stand-in for such a system, with scripted faults;
//! - [`conformance`](mod@conformance) is what every provider must do, as tests that are the same for all;
//! - [`emulated`] puts a provider into a local Secrets Manager, and runs its tasks.
//!
//! Everything starts on random ports of this machine and ends with the value that stands for it.

pub mod conformance;
pub mod emulated;
mod events;
pub mod evidence;
pub mod explore;
pub mod leak;
pub mod process;
pub mod server;
pub mod target;

/// The guide on testing: its blocks compile here.
#[cfg(doctest)]
#[doc = include_str!("../../core/src/guide/testing.md")]
mod guide {}
