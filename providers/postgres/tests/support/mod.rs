//! What the tests and the target of `dry-run` share: a private PostgreSQL server.

pub(crate) mod app;
pub(crate) mod certificates;
pub(crate) mod install;
pub(crate) mod server;
pub(crate) mod sql;
