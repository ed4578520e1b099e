//! What attempts of one task left on the server: roles, and sessions that may still make one.

use std::time::Duration;

use credjob::prelude::*;
use credjob_sql::AccountName;
use tokio::time::Instant;
use tokio_postgres::types::Type;

use super::session::{Limits, Place, Server, Session};
use crate::PostgresFailure;

/// How long the server may take to end a session of ours.
const END_LIMIT: Duration = Duration::from_secs(8);
const END_PAUSE: Duration = Duration::from_millis(50);

/// Roles whose names begin with the task's part of a marker, whatever server their names say: one that this server has under
/// another name must not be kept from the list. `delete` refuses it, so the run ends as not clean.
///
/// First every other session of the login that carries the task's name is ended. A statement that a cut attempt had sent is
/// thereby either done or will never be: no role can appear behind the list's back.
pub(crate) async fn leftovers(server: &Server, place: &Place<'_>, task: &TaskMarker) -> Result<Vec<Leftover>, Failure> {
    let session = server.connect(place, Limits::Quick).await.map_err(|error| error.into_failure(server.text()))?;
    end_own_sessions(&session, place.application).await?;
    let pattern = AccountName::pattern(task);
    let rows = session
        .ask("SELECT rolname::text FROM pg_roles WHERE rolname LIKE $1 ORDER BY 1", &[(&pattern, Type::TEXT)])
        .await
        .map_err(|trouble| trouble.into_failure(server.text(), "list roles"))?;
    session.close().await;
    let names = rows.iter().map(|row| row.get::<_, String>(0));
    let ours = names.filter_map(|name| name.parse::<AccountName>().ok());
    ours.map(|role| Ok(Leftover::new(CredentialsId::new(role.as_str())?, role.marker()))).collect()
}

/// Ends the other sessions of this login that carry `application`, and waits until they are gone.
pub(crate) async fn end_own_sessions(session: &Session, application: &str) -> Result<(), PostgresFailure> {
    const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = $1 AND usename = current_user AND pid <> pg_backend_pid()";
    let failed = |trouble: super::reasons::Trouble| trouble.into_failure(session.server(), "end a session of its own");
    let until = Instant::now() + END_LIMIT;
    loop {
        let ended = session.ask(END, &[(&application, Type::TEXT)]).await.map_err(failed)?.len();
        if ended == 0 {
            return Ok(());
        }
        if Instant::now() >= until {
            let count = i64::try_from(ended).unwrap_or(i64::MAX);
            return Err(PostgresFailure::SessionsRemain { server: session.server().to_owned(), count });
        }
        tokio::time::sleep(END_PAUSE).await;
    }
}

/// Whether there is such a role.
pub(crate) async fn exists(session: &Session, role: &AccountName) -> Result<bool, PostgresFailure> {
    let found = session.ask("SELECT 1 FROM pg_roles WHERE rolname = $1", &[(&role.as_str(), Type::TEXT)]).await;
    let found = found.map_err(|trouble| trouble.into_failure(session.server(), "look for the role"))?;
    Ok(!found.is_empty())
}
