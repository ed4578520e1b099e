//! Inputs of the job: those of IBM's provider, and some of our own, all optional.

use credjob::prelude::*;
use credjob_sql::Identifier;

/// Inputs of the PostgreSQL job.
#[derive(Debug, Clone, Params)]
pub struct PostgresParams {
    /// The schema to give access to.
    #[param(default = "public", max_length = 63)]
    pub schema_name: String,
    /// The secret with the login that makes roles: service credentials, key-value, or user credentials (the README says which fields).
    pub login_secret_id: SecretId,
    /// Only for a login of the type user credentials: the key-value secret with `host`, `port`, `database` and `certificate_base64`.
    pub server_secret_id: Option<SecretId>,
    /// A role whose member the new role becomes, instead of grants of its own. The login needs ADMIN OPTION on it.
    pub grant_role: Option<GroupName>,
    /// What the new role may do in the schema: read (the default), or write too. Not together with `grant_role`.
    pub privileges: Option<Privileges>,
    /// Days until the password expires; by default it does not. Open sessions outlive it.
    #[param(min = 1, max = 3650)]
    pub valid_until_days: Option<i64>,
    /// How many sessions the role may have at a time; by default any number.
    #[param(min = 1, max = 10_000)]
    pub connection_limit: Option<i64>,
    /// The role that gets what the new role owns when it is deleted; by default `grant_role`. Nothing is ever dropped.
    pub object_owner: Option<GroupName>,
}

/// What a role may do in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ParamEnum)]
pub enum Privileges {
    /// Read tables, views and sequences.
    #[param(name = "read_only")]
    ReadOnly,
    /// Read and change their rows, and use the sequences.
    #[param(name = "read_write")]
    ReadWrite,
}

/// The name of a role of the operator's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupName(Identifier);

impl GroupName {
    /// The name, quoted when displayed.
    pub fn identifier(&self) -> &Identifier {
        &self.0
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// The text is no name of a role that may be named here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not the name of a role of yours (1 to 63 bytes, not beginning with pg_)")]
pub struct NoGroupName;

impl std::str::FromStr for GroupName {
    type Err = NoGroupName;

    fn from_str(text: &str) -> Result<Self, NoGroupName> {
        // Predefined roles read and write the server's files, end others' sessions, and more.
        if text.starts_with("pg_") {
            return Err(NoGroupName);
        }
        text.parse().map(Self).map_err(|_| NoGroupName)
    }
}
