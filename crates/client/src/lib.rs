//! IBM IAM tokens and the Secrets Manager calls that a job or a person needs.
//!
//! - [`Tokens`] fetches and keeps the IAM access token: by API key or by trusted profile, one fetch at a time.
//! - [`SecretsManager`] reads secrets, versions and secret tasks, reports the outcome of a task, and keeps locks.
//! - [`Connection`] is what a tool needs to get one; jobs build theirs from their environment.
//! - [`SecretValue`] is the data of a secret, typed by secret type, with JSON-pointer access.
//! - [`ServiceError`], [`IamError`] and [`ClientError`] say what the service answered and what to do about it.
//!
//! ```
//! # async fn example(service: &credjob_client::SecretsManager, id: &credjob_contract::SecretId) -> Result<(), credjob_contract::Failure> {
//! let login = service.secret(id).await?;
//! let host = login.text("/connection/postgres/hosts/0/hostname")?;
//! let port = login.integer("/connection/postgres/hosts/0/port")?;
//! let password = login.pointer("/connection/postgres/authentication/password")?; // a Secret<String>
//! # Ok(()) }
//! ```
//!
//! The wire types are private: the emulator has its own, so that a field name cannot look right because it is wrong twice.

mod answer;
mod client_error;
mod connect;
mod cr_token;
mod failures;
mod field;
mod iam;
mod iam_error;
mod leaves;
mod locks;
mod object;
mod secret_data;
mod secret_json;
mod secret_type;
mod secret_value;
mod secrets;
mod secrets_manager;
mod service_error;
mod task;
mod task_update;
mod tasks;
#[cfg(test)]
mod testing;
mod tokens;
mod versions;
mod wire;

pub use client_error::{ClientError, Subject};
pub use connect::Connection;
pub use field::{FieldMissing, FieldProblem, WrongType};
pub use iam_error::IamError;
pub use locks::{
    Lock, LockMode, LockPage, LockQuery, LockedVersion, NewLock, SecretLocks, VersionName, VersionNameError,
};
pub use secret_data::{CertificateData, SecretData};
pub use secret_json::SecretJson;
pub use secret_type::SecretType;
pub use secret_value::SecretValue;
pub use secrets_manager::SecretsManager;
pub use service_error::ServiceError;
pub use task::Task;
pub use task_update::{TaskUpdate, UpdateOutcome};
pub use tokens::Tokens;
pub use versions::{VersionAlias, VersionSummary};
