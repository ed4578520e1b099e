//! Trying a new role as its user will.

use credjob_sql::Identifier;
use tokio_postgres::types::Type;

use super::reasons::{NoConnection, Trouble};
use super::session::{Limits, Place, Server, Session};
use crate::PostgresFailure;

/// Whether the schema may be used, how many tables are in it, and one that can be read without running anybody's code: views and
/// row security may do anything.
const QUESTION: &str = "
SELECT has_schema_privilege(n.oid, 'USAGE') AS usable, count(c.oid) AS tables,
  min(c.relname::text) FILTER (WHERE has_table_privilege(c.oid, 'SELECT') AND NOT c.relrowsecurity) AS readable,
  COALESCE(bool_or(has_table_privilege(c.oid, 'SELECT')), true) AS any_readable
FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'm')
WHERE n.nspname = $1 GROUP BY n.oid";

/// Logs in as the new role, over TLS, and reads from the schema.
pub(crate) async fn try_role(server: &Server, place: &Place<'_>, schema: &Identifier) -> Result<(), PostgresFailure> {
    // One attempt: the runtime repeats what is transient.
    let session = server.connect_once(place, Limits::Quick).await.map_err(|error| rejected(error, server.text()))?;
    read(&session, schema).await?;
    session.close().await;
    Ok(())
}

async fn read(session: &Session, schema: &Identifier) -> Result<(), PostgresFailure> {
    let failed = |trouble| match trouble {
        Trouble::Refused(refusal) if refusal.is("42501") => PostgresFailure::NotReadable,
        trouble => trouble.into_failure(session.server(), "read in the schema"),
    };
    let rows = session.ask(QUESTION, &[(&schema.as_str(), Type::TEXT)]).await.map_err(failed)?;
    let Some(row) = rows.first() else { return Err(PostgresFailure::NotReadable) };
    let (usable, any_readable): (bool, bool) = (row.get("usable"), row.get("any_readable"));
    if !usable || !any_readable {
        return Err(PostgresFailure::NotReadable);
    }
    let table: Option<Identifier> = row.get::<_, Option<String>>("readable").and_then(|name| name.parse().ok());
    match table {
        Some(table) => session.run(&format!("SELECT FROM {schema}.{table} LIMIT 1")).await.map_err(failed),
        // An empty schema: that it may be used is all there is to see.
        None => Ok(()),
    }
}

fn rejected(error: NoConnection, server: &str) -> PostgresFailure {
    match error {
        NoConnection::Refused(refusal) if refusal.sqlstate.starts_with("28") || refusal.is("42501") => {
            PostgresFailure::NewRoleRejected {
                server: server.to_owned(),
                sqlstate: refusal.sqlstate,
                detail: refusal.detail,
            }
        }
        error => error.into_failure(server),
    }
}
