//! An application's database on the private server, and the login that the job uses.

use serde_json::{Value, json};

use super::server::Server;
use super::sql;

/// The job's login: no superuser. It may make roles, owns the application's database through no right but membership in the
/// owner, and may end sessions of the roles that it has joined.
pub(crate) const LOGIN: &str = "credjob_login";
pub(crate) const LOGIN_PASSWORD: &str = "canary-password-of-the-login";

/// What an operator sets up. The same statements stand in the README.
const SET_UP: &str = "
CREATE ROLE app_owner NOLOGIN;
CREATE ROLE credjob_login LOGIN CREATEROLE PASSWORD 'canary-password-of-the-login';
GRANT app_owner TO credjob_login;
CREATE ROLE app_read NOLOGIN;
GRANT app_read TO credjob_login WITH ADMIN OPTION;
";

const SCHEMA: &str = "
CREATE SCHEMA app AUTHORIZATION app_owner;
SET ROLE app_owner;
CREATE TABLE app.orders (id serial PRIMARY KEY, note text);
INSERT INTO app.orders (note) VALUES ('first');
CREATE VIEW app.notes AS SELECT note FROM app.orders;
GRANT USAGE ON SCHEMA app TO app_read;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO app_read;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO app_read;
";

/// A server with the application's database.
pub(crate) async fn server() -> Server {
    set_up(Server::start()).await
}

pub(crate) async fn set_up(server: Server) -> Server {
    sql::admin_in(&server, "postgres", SET_UP).await;
    sql::admin_in(&server, "postgres", "CREATE DATABASE app OWNER app_owner").await;
    sql::admin_in(&server, "postgres", "CREATE DATABASE logs").await;
    sql::admin(&server, SCHEMA).await;
    server
}

/// The login secret as IBM Cloud's service credentials have it.
pub(crate) fn credentials(server: &Server) -> Value {
    credentials_at(server, "127.0.0.1", server.port)
}

pub(crate) fn credentials_at(server: &Server, host: &str, port: u16) -> Value {
    json!({ "connection": { "postgres": {
        "certificate": { "certificate_base64": base64(server) },
        "composed": [format!("postgres://{LOGIN}:{LOGIN_PASSWORD}@{host}:{port}/app?sslmode=verify-full")],
    }}})
}

/// The authority's certificate as login secrets hold it.
pub(crate) fn base64(server: &Server) -> String {
    encoded(&server.certificates.authority)
}

pub(crate) fn encoded(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// Roles of the provider that exist.
pub(crate) async fn roles(server: &Server) -> Vec<String> {
    sql::admin(server, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'sm-%' ORDER BY 1").await
}
