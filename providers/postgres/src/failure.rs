//! What can go wrong, in words for the person who owns the secret.

use std::fmt;

use credjob::contract::redact::excerpt;
use credjob::prelude::*;

/// Failures of the PostgreSQL provider.
#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "POSTGRES")]
#[non_exhaustive]
pub enum PostgresFailure {
    /// The login secret does not hold what is needed to log in. Correct the secret; the README lists its fields.
    #[error("SM_LOGIN_SECRET_ID_VALUE: {why}; the provider's README says which fields the login secret needs")]
    #[failure(nothing_created)]
    BadLogin {
        /// What is wrong.
        why: &'static str,
    },
    /// A login of the type user credentials does not say where the server is. Set `server_secret_id`.
    #[error(
        "SM_SERVER_SECRET_ID_VALUE: the login secret holds a user name and a password only; set server_secret_id to a \
         key-value secret with host, port, database and certificate_base64"
    )]
    #[failure(nothing_created)]
    NoServer,
    /// The login secret asks for less than TLS with a checked certificate and host. Set `sslmode=verify-full` in it.
    #[error(
        "SM_LOGIN_SECRET_ID_VALUE: its sslmode is weaker than verify-full; connections are always encrypted and the \
         server's certificate and host always checked: set sslmode=verify-full"
    )]
    #[failure(nothing_created)]
    WeakTls,
    /// The certificate in the login secret is not one or more PEM certificates in base64. Correct it.
    #[error(
        "SM_LOGIN_SECRET_ID_VALUE: certificate_base64 is not the base64 of PEM certificates; store the certificate of the \
         authority that signed the server's"
    )]
    #[failure(nothing_created)]
    BadCertificate,
    /// A parameter asks for something that is not possible. Correct it.
    #[error("SM_{parameter}_VALUE: {why}")]
    #[failure(nothing_created)]
    BadParameter {
        /// The input.
        parameter: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The server could not be reached. Check host, port and the network access of the job.
    #[error("{server} cannot be reached ({why}); check host, port and that the job may reach it")]
    #[failure(transient)]
    Unreachable {
        /// The server.
        server: String,
        /// What happened.
        why: &'static str,
    },
    /// The server's certificate is not signed by the login secret's authority, or is for another host. Correct the
    /// certificate or the host; nothing was sent to the server.
    #[error(
        "{server} is not trusted: {why}; check the host and the certificate in the login secret (no password was sent)"
    )]
    #[failure(nothing_created)]
    UntrustedServer {
        /// The server.
        server: String,
        /// What is wrong with the certificate.
        why: &'static str,
        /// What the TLS library said.
        #[source]
        detail: Detail,
    },
    /// The server does not speak TLS. Switch it on: `ssl = on`.
    #[error("{server} does not offer TLS; switch it on (ssl = on): nothing is sent unencrypted")]
    #[failure(nothing_created)]
    NoTls {
        /// The server.
        server: String,
    },
    /// The server does not accept the login. Put a valid login into the login secret, and check `pg_hba.conf`.
    #[error("{server} rejected the login ({sqlstate}); put a valid login into the login secret and check pg_hba.conf")]
    LoginRejected {
        /// The server.
        server: String,
        /// The server's code.
        sqlstate: String,
        /// What it said.
        #[source]
        detail: Detail,
    },
    /// The server has no such database. Correct the login secret.
    #[error(
        "{server} has no database of the name that the login secret gives, or the login may not connect to it; correct the name \
         or allow the login to CONNECT"
    )]
    NoDatabase {
        /// The server.
        server: String,
        /// What it said.
        #[source]
        detail: Detail,
    },
    /// The server has no free connection. Raise `max_connections`, or end idle sessions.
    #[error("{server} has no free connection (53300); end idle sessions or raise its limit")]
    #[failure(transient)]
    TooManyConnections {
        /// The server.
        server: String,
        /// What it said.
        #[source]
        detail: Detail,
    },
    /// The server could not do it now: it starts, stops, is overloaded, or others hold locks. Try again.
    #[error("{server} could not {doing} now ({sqlstate}); try again")]
    #[failure(transient)]
    Busy {
        /// The server.
        server: String,
        /// What was asked for.
        doing: &'static str,
        /// The server's code.
        sqlstate: String,
        /// What it said.
        #[source]
        detail: Detail,
    },
    /// The server is a read-only replica. Use the address of the primary in the login secret.
    #[error("{server} is read-only (25006), probably a replica; the login secret must name the primary")]
    ReadOnlyServer {
        /// The server.
        server: String,
        /// What it said.
        #[source]
        detail: Detail,
    },
    /// The login may not make roles. `ALTER ROLE ... CREATEROLE` for it.
    #[error("the login may not make roles on {server}; an administrator can allow it: ALTER ROLE <login> CREATEROLE")]
    #[failure(nothing_created)]
    MayNotCreateRoles {
        /// The server.
        server: String,
    },
    /// There is no such schema in the database. Correct `schema_name`.
    #[error(
        "SM_SCHEMA_NAME_VALUE: the database has no such schema; correct schema_name or the database in the login secret"
    )]
    #[failure(nothing_created)]
    NoSchema,
    /// The group role does not exist, is a superuser or the login itself, or the login has no ADMIN OPTION on it.
    #[error("SM_GRANT_ROLE_VALUE: {why}")]
    #[failure(nothing_created)]
    BadGroup {
        /// What is wrong.
        why: &'static str,
    },
    /// The login may not grant access to everything in the schema. Make it a member of the owner, or use `grant_role`.
    #[error(
        "the login may not grant access to everything in the schema{list}; make it a member of the owner of these \
         objects, or set grant_role"
    )]
    MayNotGrant {
        /// Some of the objects, with a colon before.
        list: String,
        /// What the server said.
        #[source]
        detail: Detail,
    },
    /// The login lacks a permission. The README lists the permissions that it needs, as SQL.
    #[error("{server} does not allow the login to {doing} (42501); the provider's README lists what it needs, as SQL")]
    NotPermitted {
        /// The server.
        server: String,
        /// What was asked for.
        doing: &'static str,
        /// What it said.
        #[source]
        detail: Detail,
    },
    /// A role of the new name exists already; it was not altered. Try again: names are random.
    #[error("{server} has a role of the new name already; it was not touched: try again")]
    #[failure(nothing_created)]
    NameTaken {
        /// The server.
        server: String,
    },
    /// The connection was lost while the server worked, and it could not be asked what came of it. What may have been
    /// created is looked for and deleted.
    #[error("the connection to {server} was lost while it was to {doing}; try again once the server is up")]
    #[failure(transient)]
    ConnectionLost {
        /// The server.
        server: String,
        /// What was asked for.
        doing: &'static str,
    },
    /// The server answered with an error that this job has no advice for. Its text is in the job's log.
    #[error("{server} could not {doing}: error {sqlstate}; the server's text is in the job's log")]
    ServerError {
        /// The server.
        server: String,
        /// What was asked for.
        doing: &'static str,
        /// The server's code.
        sqlstate: String,
        /// What it said.
        #[source]
        detail: Detail,
    },
    /// The new role cannot log in. Its role is deleted; check `pg_hba.conf` and the CONNECT privilege on the database.
    #[error(
        "{server} does not let the new role log in ({sqlstate}), so it was not published; check pg_hba.conf and who may \
         CONNECT to the database"
    )]
    NewRoleRejected {
        /// The server.
        server: String,
        /// The server's code.
        sqlstate: String,
        /// What it said.
        #[source]
        detail: Detail,
    },
    /// The new role can log in but not read in the schema. It is deleted; grant USAGE on the schema and SELECT on its tables to
    /// `grant_role`, or correct `schema_name`.
    #[error(
        "the new role cannot read in the schema, so it was not published; give the schema's USAGE and SELECT on its tables \
         to the role that grant_role names, or correct schema_name"
    )]
    NotReadable,
    /// The credentials id to delete does not name a role of this provider, so nothing was sent. Drop the role by hand if there
    /// is one.
    #[error(
        "SM_CREDENTIALS_ID is neither the name of a role that this job made nor the OID of a role; nothing was sent: drop the \
         role of this secret version by hand"
    )]
    #[failure(nothing_created)]
    BadCredentialsId,
    /// The role to delete was made on another server than the one that the login secret names now, so nothing was sent. Set
    /// `login_secret_id`, `server_secret_id` or the server in that secret back; rotate, then change it.
    #[error(
        "the role was not made on {configured}, the server that the login names now (the same server under another host name or \
         port counts as another); nothing was sent: set login_secret_id, server_secret_id or the server in that secret back to \
         what it was when the role was made, rotate, then change it"
    )]
    #[failure(nothing_created)]
    OtherServer {
        /// The server that the login names.
        configured: String,
    },
    /// The OID to delete names a role that IBM's provider did not make, so it was not touched. Drop the right role by hand.
    #[error(
        "the role with this OID does not bear the prefix secrets_manager_, so it is not one of IBM's provider and was not \
         touched; if its own role was renamed, drop it by hand"
    )]
    ForeignRole,
    /// Sessions of the role go on, so it was not dropped; it can log in no more. Let the login end them: README.
    #[error(
        "{count} sessions of the role are still open on {server}; it can log in no more, and is dropped once they have \
         ended: the login needs pg_signal_backend, or membership in the role"
    )]
    SessionsRemain {
        /// The server.
        server: String,
        /// How many.
        count: i64,
    },
    /// Something hangs on the role, so it could not be dropped; it can log in no more and its sessions are ended. Take away
    /// what the text lists, or set `object_owner`.
    #[error("the role can log in no more but cannot be dropped: {held}{hint}")]
    RoleInUse {
        /// What hangs on it.
        held: String,
        /// What to do.
        hint: String,
    },
    /// The operating system gave no random bytes for a password. Try again.
    #[error("no random bytes for a password; try again")]
    #[failure(nothing_created)]
    NoRandomness,
}

/// The longest text of a server that goes to the log, in characters.
const MAX_DETAIL: usize = 300;

/// What a library or the server said, for the log only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail(String);

impl Detail {
    /// Keeps the beginning of a text, without control characters.
    pub(crate) fn new(text: &str) -> Self {
        Self(excerpt(text, MAX_DETAIL))
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Detail {}

/// How many names go into a text for the user, and how long each may be.
const MAX_NAMES: usize = 5;
const MAX_NAME: usize = 100;

/// Names for a text, bounded in number and length.
pub(crate) fn listed(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(MAX_NAMES).map(|name| excerpt(name, MAX_NAME)).collect();
    if names.len() > MAX_NAMES {
        shown.push("and more".to_owned());
    }
    shown.join(", ")
}
