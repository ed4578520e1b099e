//! The client against the examples of PROTOCOL, and over real HTTP.

#![expect(clippy::unwrap_used, reason = "a test")]

mod fixtures;
mod hostile;
mod over_http;
mod support;
