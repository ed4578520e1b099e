//! The derives as an author uses them, and the errors they report (`tests/ui`).

#![expect(clippy::unwrap_used, reason = "a test fails by a panic, helpers too")]

mod credentials;
mod failure_code;
mod param_enum;
mod params;
mod ui;
