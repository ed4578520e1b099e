//! Accounts in an SQL server, for providers: everything about them that needs no connection.
//!
//! - [`Identifier`] and [`literal`]: the one place where a text becomes a part of a statement.
//! - [`PasswordPolicy`]: passwords without bias and without characters that break URLs or `.pgpass`.
//! - [`scram`]: the verifier that a PostgreSQL server stores, so that no password is ever sent to it.
//! - [`AccountName`]: an account named by its marker and the [`Fingerprint`] of its server, so that a lost account is found by
//!   its task, and none is looked for on another server.
//! - [`saga`]: the order in which an account is taken away, as data.
//!
//! Quoting is that of standard SQL, as PostgreSQL speaks it; the property tests that show it against a real server are
//! those of `providers/postgres`.

#![expect(clippy::doc_markdown, reason = "PostgreSQL is a name, not code")]

mod account_name;
mod fingerprint;
mod password;
mod quote;
pub mod saga;
pub mod scram;

pub use account_name::{AccountName, NoAccountName};
pub use fingerprint::Fingerprint;
pub use password::{PasswordError, PasswordPolicy};
pub use quote::{Identifier, IdentifierError, literal};
