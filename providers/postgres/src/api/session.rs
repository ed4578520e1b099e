//! One connection to the server: opened with patience, bounded in every wait, gone when it is dropped.

use std::sync::Arc;
use std::time::Duration;

use credjob::http::{Backoff, Random};
use credjob::prelude::*;
use credjob_sql::Fingerprint;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Row, config::SslMode};

use super::reasons::{NoConnection, Trouble};
use super::tls::VerifyFull;
use crate::login::Login;
use crate::server_name::ServerName;
use crate::{PostgresFailure, PostgresParams};

/// How long one attempt to connect may take: TCP, TLS and login.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// How long a server that starts, or is full, is waited for.
const PATIENCE: Duration = Duration::from_secs(45);
/// How long an answer is waited for. The server itself gives up sooner.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
/// How long a clean-up may take: it touches everything that hangs on a role.
const CLEAN_UP_LIMIT: Duration = Duration::from_secs(180);
/// How long a goodbye may take.
const GOODBYE_LIMIT: Duration = Duration::from_millis(500);

/// What every session asks of the server: nothing of ours resolves to an object that somebody put into a schema (CVE-2018-1058),
/// nothing waits long for locks, and the server gives up before we do.
const OPTIONS: &str = "-c search_path=pg_catalog,pg_temp -c lock_timeout=5000 -c statement_timeout=15000";
const CLEAN_UP_OPTIONS: &str = "-c search_path=pg_catalog,pg_temp -c lock_timeout=20000 -c statement_timeout=150000";

/// The server, and when the current step is cut.
pub(crate) struct Server {
    name: ServerName,
    text: String,
    tls: VerifyFull,
    random: Arc<dyn Random>,
    deadline: Instant,
}

/// Where to log in, and as whom.
pub(crate) struct Place<'a> {
    pub(crate) database: &'a str,
    pub(crate) user: &'a str,
    pub(crate) password: &'a Secret<String>,
    /// Shown by the server beside the session. The task's marker: what a cut attempt left is found by it.
    pub(crate) application: &'a str,
}

/// How long the statements of a session may take.
#[derive(Clone, Copy)]
pub(crate) enum Limits {
    Quick,
    CleanUp,
}

/// The task that carries a connection's bytes. Dropped, the connection is cut: what was not sent by then is never sent.
struct Driver(JoinHandle<()>);

/// A connection; cut when it is dropped.
pub(crate) struct Session {
    client: Client,
    driver: Driver,
    server: String,
    deadline: Instant,
    answer_limit: Duration,
}

impl Server {
    pub(crate) fn new(job: &Job<PostgresParams>, login: &Login) -> Result<Self, PostgresFailure> {
        let name = login.server().clone();
        let tls = VerifyFull::new(&login.certificate_pem)?;
        Ok(Self {
            text: name.to_string(),
            name,
            tls,
            random: Arc::clone(job.http().random()),
            deadline: job.deadline(),
        })
    }

    /// `host:port`, for texts.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What goes into the names of its roles.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.name.fingerprint()
    }

    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    pub(crate) fn backoff(&self) -> Backoff {
        Backoff::new(Arc::clone(&self.random))
    }

    /// Logs in; waits for a server that starts, is full, or cannot be reached for a moment.
    pub(crate) async fn connect(&self, place: &Place<'_>, limits: Limits) -> Result<Session, NoConnection> {
        let until = self.deadline.min(Instant::now() + PATIENCE);
        let mut backoff = self.backoff();
        loop {
            match self.connect_once(place, limits).await {
                Err(problem) if problem.is_passing() => {
                    let wait = backoff.next();
                    // The last reason is worth more than a cut.
                    if Instant::now() + wait + Duration::from_secs(1) >= until {
                        return Err(problem);
                    }
                    tokio::time::sleep(wait).await;
                }
                ended => return ended,
            }
        }
    }

    /// Logs in, or says at once why not.
    pub(crate) async fn connect_once(&self, place: &Place<'_>, limits: Limits) -> Result<Session, NoConnection> {
        let (options, answer_limit) = match limits {
            Limits::Quick => (OPTIONS, ANSWER_LIMIT),
            Limits::CleanUp => (CLEAN_UP_OPTIONS, CLEAN_UP_LIMIT),
        };
        let mut config = Config::new();
        config
            .host(self.name.host())
            .port(self.name.port())
            .user(place.user)
            .password(place.password.expose())
            .dbname(place.database)
            .application_name(place.application)
            .options(options)
            .ssl_mode(SslMode::Require);
        let until = self.deadline.min(Instant::now() + CONNECT_LIMIT);
        // Boxed, like the other large futures: a debug build keeps several copies of them on the stack.
        let connected = timeout_at(until, Box::pin(config.connect(self.tls.clone()))).await;
        let (client, connection) = connected
            .map_err(|_| {
                NoConnection::Failed(PostgresFailure::Unreachable {
                    server: self.text.clone(),
                    why: "no answer in time",
                })
            })?
            .map_err(|error| NoConnection::of(&error, &self.text))?;
        // Its errors reach the client's requests.
        let driver = Driver(tokio::spawn(async move { drop(connection.await) }));
        Ok(Session { client, driver, server: self.text.clone(), deadline: self.deadline, answer_limit })
    }
}

impl Session {
    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// Runs statements in one round trip.
    pub(crate) async fn run(&self, statements: &str) -> Result<(), Trouble> {
        self.answered(self.client.batch_execute(statements)).await
    }

    /// Asks one question in one round trip.
    pub(crate) async fn ask(
        &self,
        question: &str,
        values: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, Trouble> {
        self.answered(self.client.query_typed(question, values)).await
    }

    /// Asks a question that has exactly one answer.
    pub(crate) async fn ask_one(&self, question: &str, values: &[(&(dyn ToSql + Sync), Type)]) -> Result<Row, Trouble> {
        self.ask(question, values).await?.into_iter().next().ok_or(Trouble::Lost)
    }

    /// Says goodbye, so that the server's log has no line about a lost client.
    pub(crate) async fn close(self) {
        let Self { client, mut driver, .. } = self;
        drop(client);
        drop(timeout_at(Instant::now() + GOODBYE_LIMIT, &mut driver.0).await);
    }

    async fn answered<T>(&self, request: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, Trouble> {
        let until = self.deadline.min(Instant::now() + self.answer_limit);
        match timeout_at(until, request).await {
            Ok(answer) => answer.map_err(|error| Trouble::of(&error)),
            Err(_) => Err(Trouble::Lost),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}
