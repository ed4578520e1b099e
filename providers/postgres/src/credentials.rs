//! Outputs of the job, as in IBM's provider.

use credjob::prelude::*;

/// A PostgreSQL role that can log in.
#[derive(Debug, Clone, Credentials)]
pub struct PostgresRole {
    /// The certificate of the authority that signed the server's, as base64 of PEM.
    pub certificate_base64: String,
    /// The connection URL with user name and password, always with `sslmode=verify-full`.
    pub composed: Secret<String>,
    /// The password.
    pub password: Secret<String>,
    /// The name of the role.
    pub username: String,
}
