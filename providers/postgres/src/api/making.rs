//! Making a role: one question, one transaction, and if its answer is lost, one more question.

use credjob::prelude::*;
use credjob_sql::{AccountName, Identifier, PasswordPolicy, scram};
use tokio::time::Instant;

use super::facts::{Facts, check, facts};
use super::grants::{Grants, schema};
use super::leftovers::{end_own_sessions, exists};
use super::reasons::Trouble;
use super::session::{Limits, Place, Server, Session};
use crate::failure::{Detail, listed};
use crate::{PostgresFailure, PostgresParams};

/// How often a transaction is tried that collides with another (GRANTs of other jobs on the same schema), or whose connection
/// is lost and which is known not to have been applied.
const ATTEMPTS: u32 = 6;

/// Makes a role and answers its name and its password.
pub(crate) async fn make(
    job: &Job<PostgresParams>,
    server: &Server,
    place: &Place<'_>,
) -> Result<(AccountName, Secret<String>), Failure> {
    let params = job.params();
    let schema = schema(params)?;
    if params.grant_role.is_some() && params.privileges.is_some() {
        let why = "it cannot be set together with grant_role, which brings the privileges of the group".to_owned();
        return Err(PostgresFailure::BadParameter { parameter: "PRIVILEGES", why }.into());
    }
    let password = async { job.compute(password).await };
    let asked = async { Ok(open(server, place, params, &schema).await?) };
    let ((password, verifier), (session, facts)) = tokio::try_join!(password, asked)?;
    check(&facts, params, session.server())?;
    let grants = Grants { params, schema: &schema, facts: &facts };
    let role = AccountName::of(&job.marker(), server.fingerprint());
    let statements = Secret::new(grants.statements(&role, &verifier)?);
    Box::pin(commit(server, place, session, &role, &statements, &facts)).await?;
    Ok((role, password))
}

/// A password and what the server gets of it.
fn password() -> Result<(Secret<String>, Secret<String>), Failure> {
    let password = PasswordPolicy::STRONG.generate(getrandom::fill).map_err(|_| PostgresFailure::NoRandomness)?;
    let mut salt = [0; scram::SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|_| PostgresFailure::NoRandomness)?;
    let verifier = scram::verifier(&password, &salt);
    Ok((password, verifier))
}

/// Logs in and asks what the transaction depends on. Nothing is made yet, so all of it may be repeated.
async fn open(
    server: &Server,
    place: &Place<'_>,
    params: &PostgresParams,
    schema: &Identifier,
) -> Result<(Session, Facts), PostgresFailure> {
    let (mut backoff, mut attempts) = (server.backoff(), 1);
    loop {
        let session = server.connect(place, Limits::Quick).await.map_err(|error| error.into_failure(server.text()))?;
        match facts(&session, params, schema).await {
            Err(PostgresFailure::ConnectionLost { .. } | PostgresFailure::Busy { .. }) if attempts < ATTEMPTS => {
                tokio::time::sleep(backoff.next()).await;
                attempts += 1;
            }
            asked => return Ok((session, asked?)),
        }
    }
}

/// Runs the transaction until its outcome is known.
async fn commit(
    server: &Server,
    place: &Place<'_>,
    mut session: Session,
    role: &AccountName,
    statements: &Secret<String>,
    facts: &Facts,
) -> Result<(), Failure> {
    let mut backoff = server.backoff();
    let mut attempts = 1;
    loop {
        match session.run(statements.expose()).await {
            Ok(()) => {
                session.close().await;
                return Ok(());
            }
            // Refused: all of it is undone, by this word of ours or by the end of the connection.
            Err(Trouble::Refused(refusal)) if refusal.is_collision() && attempts < ATTEMPTS => {
                if session.run("ROLLBACK").await.is_ok() {
                    tokio::time::sleep(backoff.next()).await;
                    attempts += 1;
                    continue;
                }
            }
            Err(Trouble::Refused(refusal)) => {
                return Err(not_made(match refusal.sqlstate.as_str() {
                    // Only a transaction of ours can have made it: somebody else's name would be another.
                    "42710" if attempts > 1 => return Err(lost(server)),
                    "42710" => PostgresFailure::NameTaken { server: server.text().to_owned() },
                    "42501" if !facts.ungrantable.is_empty() => may_not_grant(facts, refusal.detail),
                    _ => refusal.into_failure(server.text(), DOING),
                }));
            }
            Err(Trouble::Lost) => {}
        }
        // The connection is gone, and with it maybe the answer.
        drop(session);
        let (again, made) = Box::pin(settle(server, place, role)).await?;
        if made {
            again.close().await;
            return Ok(());
        }
        if attempts >= ATTEMPTS {
            return Err(not_made(Trouble::Lost.into_failure(server.text(), DOING)));
        }
        session = again;
        attempts += 1;
    }
}

const DOING: &str = "make the role";

/// Asks the server what came of a transaction whose answer was lost. Its session is ended first: afterwards the answer is final.
async fn settle(server: &Server, place: &Place<'_>, role: &AccountName) -> Result<(Session, bool), Failure> {
    tracing::warn!(
        event = "answer_lost",
        "the answer to making the role was lost; asking the server whether it exists"
    );
    let started = Instant::now();
    let asked = async {
        let session = server.connect(place, Limits::Quick).await.map_err(|error| error.into_failure(server.text()))?;
        end_own_sessions(&session, place.application).await?;
        let made = exists(&session, role).await?;
        Ok::<_, PostgresFailure>((session, made))
    };
    // Whatever keeps us from asking says nothing about what was made.
    let unknown = |failure: PostgresFailure| lost(server).with_source(failure);
    let (session, made) = asked.await.map_err(unknown)?;
    tracing::info!(
        event = "answer_found",
        made,
        milliseconds = started.elapsed().as_millis(),
        "the server has been asked"
    );
    Ok((session, made))
}

/// Nobody knows what came of the transaction: the runtime looks for the marker.
fn lost(server: &Server) -> Failure {
    Failure::from(Trouble::Lost.into_failure(server.text(), DOING)).outcome_unknown()
}

fn not_made(failure: PostgresFailure) -> Failure {
    Failure::from(failure).nothing_created()
}

fn may_not_grant(facts: &Facts, detail: Detail) -> PostgresFailure {
    PostgresFailure::MayNotGrant { list: format!(": {}", listed(&facts.ungrantable)), detail }
}
