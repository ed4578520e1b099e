//! The emulator as its users see it: in process, over sockets, and with real job processes.
#![expect(clippy::expect_used, reason = "helpers of tests may panic")]

mod auth;
mod clock;
mod examples;
mod faults;
mod locks;
mod outage;
mod raw_client;
mod runner;
mod secret_types;
mod secrets;
mod shape;
mod tasks;
mod world;
