//! The provider's whole life against a real PostgreSQL server.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]
#![expect(clippy::doc_markdown, reason = "PostgreSQL is a name, not code")]

#[path = "conformance/creating.rs"]
mod creating;
#[path = "conformance/deleting.rs"]
mod deleting;
#[path = "conformance/faults.rs"]
mod faults;
#[path = "conformance/kit.rs"]
mod kit;
#[path = "support/life.rs"]
mod life;
#[path = "conformance/logins.rs"]
mod logins;
#[path = "conformance/provocations.rs"]
mod provocations;
#[path = "support/proxy.rs"]
mod proxy;
#[path = "conformance/quoting.rs"]
mod quoting;
#[path = "conformance/refusals.rs"]
mod refusals;
mod support;

use credjob::Exit;
use life::Life;
use serde_json::Value;
use support::server::Server;
use support::{app, sql};

/// A job that creates a role in the schema `app`.
fn creation(server: &Server) -> Life {
    Life::with_credentials(&app::credentials(server))
}

/// Creates a role and returns its credentials id and its payload.
async fn created(life: &Life) -> (String, Value) {
    let ending = life.live().await;
    let published = life.published();
    assert_eq!(ending.exit, Exit::Done);
    published
}

/// The name of the role in a payload.
fn name(payload: &Value) -> &str {
    payload["username"].as_str().expect("a name")
}

/// What a role gets for a statement: the first column, or the SQLSTATE.
async fn as_role(server: &Server, payload: &Value, statement: &str) -> Result<Vec<String>, String> {
    let [user, password] = ["username", "password"].map(|key| payload[key].as_str().expect("a text"));
    let code = |error: tokio_postgres::Error| error.code().map_or("none".to_owned(), |code| code.code().to_owned());
    let client = sql::connect(server, "app", user, password).await.map_err(code)?;
    client.simple_query(statement).await.map(|answer| sql::first_column(&answer)).map_err(code)
}

/// Rows of one text each.
#[expect(clippy::unnecessary_wraps, reason = "to be compared with an answer")]
fn rows(texts: &[&str]) -> Result<Vec<String>, String> {
    Ok(texts.iter().map(ToString::to_string).collect())
}
