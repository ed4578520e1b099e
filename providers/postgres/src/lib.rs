//! PostgreSQL roles for Secrets Manager; takes over from IBM's Go provider for IBM Cloud Databases.
//!
//! `create` makes a role whose name is the attempt's marker and the server's fingerprint, in one transaction and
//! without sending its password; `delete` takes away its login, its sessions and everything that hangs on it, then the role;
//! `leftovers` lists roles by the task's part of the marker. Facts about PostgreSQL: PROVIDERS section 15. See the README for inputs, outputs, failure codes, permissions and
//! limits.

#![expect(clippy::doc_markdown, reason = "PostgreSQL is a name, not code")]

mod api;
mod composed;
mod credentials;
mod failure;
mod login;
mod params;
mod provider;
mod role_id;
mod server_name;

pub use credentials::PostgresRole;
pub use failure::PostgresFailure;
pub use params::{PostgresParams, Privileges};
pub use provider::PostgresProvider;
