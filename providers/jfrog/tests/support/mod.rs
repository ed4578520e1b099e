//! A stand-in for a JFrog platform, shared by the tests and `examples/target.rs`.

pub(crate) mod server;
pub(crate) mod stand_in;
