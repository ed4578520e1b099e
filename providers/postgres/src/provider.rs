//! The job: what Secrets Manager asks for.

use std::time::Duration;

use credjob::prelude::*;
use credjob_sql::Identifier;
use tokio::time::Instant;

use crate::api::{Place, Server, leftovers, make, remove, try_role};
use crate::login::{Login, login};
use crate::role_id::RoleId;
use crate::{PostgresFailure, PostgresParams, PostgresRole};

/// How often a deletion is started again after a passing failure. Every step of it may be repeated.
const DELETE_ATTEMPTS: u32 = 4;
/// Less time than this is not worth another attempt.
const DELETE_NEEDS: Duration = Duration::from_secs(3);

/// Makes and removes PostgreSQL roles.
#[derive(Debug, Clone, Copy)]
pub struct PostgresProvider;

impl CredentialsProvider for PostgresProvider {
    type Params = PostgresParams;
    type Credentials = PostgresRole;
    type Codes = PostgresFailure;

    async fn create(&self, job: &Job<PostgresParams>) -> Result<Created<PostgresRole>, Failure> {
        let (login, server, task) = server(job).await?;
        let (role, password) = Box::pin(make(job, &server, &place(&login, &task))).await?;
        let id = CredentialsId::new(role.as_str())?;
        let role = PostgresRole {
            composed: login.composed.for_user(role.as_str(), &password),
            certificate_base64: login.certificate_base64,
            password,
            username: role.as_str().to_owned(),
        };
        Ok(Created::new(id, role))
    }

    async fn delete(&self, job: &Job<PostgresParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        let id: RoleId = id.as_str().parse()?;
        let (login, server, task) = server(job).await?;
        // Before anything is asked: another server would say that the role is gone.
        let key = id.key_on(login.server())?;
        let heir = job.params().object_owner.as_ref().or(job.params().grant_role.as_ref());
        let (place, mut backoff, mut attempts) = (place(&login, &task), server.backoff(), 1);
        loop {
            let failure = match Box::pin(remove(&server, &place, key.clone(), heir)).await {
                Ok(deletion) => return Ok(deletion),
                Err(failure) => Failure::from(failure),
            };
            let may_wait = server.deadline().saturating_duration_since(Instant::now()) > DELETE_NEEDS;
            if !failure.is_transient() || attempts >= DELETE_ATTEMPTS || !may_wait {
                return Err(failure);
            }
            tracing::warn!(
                event = "delete_again",
                code = failure.code(),
                attempts,
                "a passing failure; deleting again"
            );
            tokio::time::sleep(backoff.next()).await;
            attempts += 1;
        }
    }

    /// Logs in as the new role and reads from the schema.
    async fn verify(&self, job: &Job<PostgresParams>, created: &Created<PostgresRole>) -> Result<(), Failure> {
        let (login, server, task) = server(job).await?;
        let PostgresRole { username, password, .. } = &created.credentials;
        let place = Place { user: username, password, ..place(&login, &task) };
        let schema = job.params().schema_name.parse::<Identifier>().map_err(|_| PostgresFailure::NoSchema)?;
        Ok(Box::pin(try_role(&server, &place, &schema)).await?)
    }

    async fn leftovers(&self, job: &Job<PostgresParams>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        let (login, server, application) = server(job).await?;
        let found = Box::pin(leftovers(&server, &place(&login, &application), task)).await?;
        Ok(Leftovers::Found(found))
    }
}

/// The login, the server that it is for, and the name that the sessions of this task bear.
async fn server(job: &Job<PostgresParams>) -> Result<(Login, Server, String), Failure> {
    let login = login(job).await?;
    let server = Server::new(job, &login)?;
    Ok((login, server, job.task_marker().as_str().to_owned()))
}

/// The login's own place on the server.
fn place<'a>(login: &'a Login, application: &'a str) -> Place<'a> {
    let composed = &login.composed;
    Place { database: &composed.database, user: &composed.user, password: &composed.password, application }
}
