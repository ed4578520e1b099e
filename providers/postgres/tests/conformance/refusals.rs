//! What is refused, by whom, and what the task then says.

use credjob::Exit;

use crate::life::Life;
use crate::support::server::Server;
use crate::support::{app, sql};
use crate::{created, creation};

/// Lives a job that must fail without leaving anything; returns its code and its text.
async fn failure(server: &Server, life: &Life) -> (String, String) {
    let ending = life.live().await;
    let (code, text) = life.failure();
    assert_eq!(ending.exit, Exit::Done, "{code}: {text}");
    assert!(!text.contains("canary"), "{text}");
    assert_eq!(app::roles(server).await, [""; 0], "{code}");
    (code, text)
}

#[tokio::test]
async fn a_login_that_lacks_createrole_is_told_so() {
    let server = app::server().await;
    sql::admin(&server, "ALTER ROLE credjob_login NOCREATEROLE").await;
    let (code, text) = failure(&server, &creation(&server)).await;
    assert_eq!(code, "POSTGRES_MAY_NOT_CREATE_ROLES");
    assert!(text.contains("CREATEROLE"), "{text}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused_before_the_password_is_sent() {
    let server = app::set_up(Server::start_with(&["db.example.com"], &[])).await;
    let (code, text) = failure(&server, &creation(&server)).await;
    assert_eq!(code, "POSTGRES_UNTRUSTED_SERVER");
    assert!(text.contains("another host"), "{text}");
    assert!(!server.log().contains("user=credjob_login"), "it never logged in");
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let server = app::server().await;
    let other = crate::support::certificates::Certificates::for_hosts(&["127.0.0.1"]);
    let mut credentials = app::credentials(&server);
    credentials["connection"]["postgres"]["certificate"]["certificate_base64"] = app::encoded(&other.authority).into();
    let (code, text) = failure(&server, &Life::with_credentials(&credentials)).await;
    assert_eq!(code, "POSTGRES_UNTRUSTED_SERVER");
    assert!(text.contains("another authority"), "{text}");
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing() {
    let server = app::set_up(Server::start_with(&["127.0.0.1"], &["ssl=off"])).await;
    let (code, _) = failure(&server, &creation(&server)).await;
    assert_eq!(code, "POSTGRES_NO_TLS");
    assert!(!server.log().contains("user=credjob_login"), "it never logged in");
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_database_have_codes_of_their_own() {
    let server = app::server().await;
    for (wrong, expected) in [("wrong-password@", "POSTGRES_LOGIN_REJECTED"), ("", "POSTGRES_NO_DATABASE")] {
        let mut credentials = app::credentials(&server);
        let url = &mut credentials["connection"]["postgres"]["composed"][0];
        let text = url.as_str().expect("a URL");
        let text = if wrong.is_empty() {
            text.replace("/app?", "/nowhere?")
        } else {
            text.replace(&format!("{}@", app::LOGIN_PASSWORD), wrong)
        };
        *url = text.into();
        assert_eq!(failure(&server, &Life::with_credentials(&credentials)).await.0, expected);
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_unreachable() {
    let mut server = app::server().await;
    let life = creation(&server).with("CREDJOB_DEADLINE", "8s");
    server.kill();
    let ending = life.live().await;
    assert_eq!((ending.exit, life.failure().0.as_str()), (Exit::Done, "POSTGRES_UNREACHABLE"));
}

#[tokio::test]
async fn a_full_server_is_waited_for_and_then_reported() {
    let server =
        app::set_up(Server::start_with(&["127.0.0.1"], &["max_connections=5", "superuser_reserved_connections=2"]))
            .await;
    sql::admin(&server, "CREATE ROLE crowd LOGIN PASSWORD 'canary-crowd'").await;
    let (mut crowd, mut refused) = (Vec::new(), 0);
    // A session that has ended holds its place for a moment longer.
    while refused < 5 {
        if let Ok(client) = sql::connect(&server, "app", "crowd", "canary-crowd").await {
            crowd.push(client);
            refused = 0;
        } else {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            refused += 1;
        }
    }
    let full = creation(&server).with("CREDJOB_DEADLINE", "8s");
    let (code, text) = failure(&server, &full).await;
    assert_eq!(code, "POSTGRES_TOO_MANY_CONNECTIONS", "{text}");
    let patient = creation(&server).task(2);
    let leaves = async {
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        crowd.clear();
    };
    tokio::join!(created(&patient), leaves);
}

#[tokio::test]
async fn parameters_that_name_what_is_not_there_are_refused() {
    let server = app::server().await;
    sql::admin(
        &server,
        "CREATE ROLE strong CREATEROLE; CREATE ROLE unrelated; GRANT strong TO credjob_login WITH ADMIN OPTION",
    )
    .await;
    let cases = [
        ("SM_SCHEMA_NAME_VALUE", "nowhere", "POSTGRES_NO_SCHEMA", "schema_name"),
        ("SM_SCHEMA_NAME_VALUE", "pg_catalog", "POSTGRES_BAD_PARAMETER", "SM_SCHEMA_NAME_VALUE"),
        ("SM_SCHEMA_NAME_VALUE", "information_schema", "POSTGRES_BAD_PARAMETER", "SM_SCHEMA_NAME_VALUE"),
        ("SM_GRANT_ROLE_VALUE", "nobody", "POSTGRES_BAD_GROUP", "no such role"),
        ("SM_GRANT_ROLE_VALUE", "unrelated", "POSTGRES_BAD_GROUP", "WITH ADMIN OPTION"),
        ("SM_GRANT_ROLE_VALUE", "credjob_login", "POSTGRES_BAD_GROUP", "login itself"),
        ("SM_GRANT_ROLE_VALUE", "strong", "POSTGRES_BAD_GROUP", "administrator"),
        ("SM_GRANT_ROLE_VALUE", "postgres", "POSTGRES_BAD_GROUP", "administrator"),
        ("SM_GRANT_ROLE_VALUE", "pg_read_server_files", "CREDJOB_BAD_PARAMETER", "GRANT_ROLE"),
        ("SM_CONNECTION_LIMIT_VALUE", "0", "CREDJOB_BAD_PARAMETER", "CONNECTION_LIMIT"),
        ("SM_PRIVILEGES_VALUE", "superuser", "CREDJOB_BAD_PARAMETER", "PRIVILEGES"),
    ];
    for (variable, value, expected, part) in cases {
        let (code, text) = failure(&server, &creation(&server).with(variable, value)).await;
        assert_eq!(code, expected, "{value}: {text}");
        assert!(text.contains(part), "{value}: {text}");
    }
    let both = creation(&server).with("SM_GRANT_ROLE_VALUE", "app_read").with("SM_PRIVILEGES_VALUE", "read_only");
    assert_eq!(failure(&server, &both).await.0, "POSTGRES_BAD_PARAMETER");
}

#[tokio::test]
async fn a_login_that_may_not_grant_is_told_on_what_and_nothing_is_left() {
    let server = app::server().await;
    sql::admin(&server, "CREATE TABLE app.foreign_facts (); GRANT USAGE ON SCHEMA app TO credjob_login").await;
    let (code, text) = failure(&server, &creation(&server)).await;
    assert_eq!(code, "POSTGRES_MAY_NOT_GRANT");
    assert!(text.contains("foreign_facts") && !text.contains("orders"), "{text}");
}

#[tokio::test]
async fn a_role_that_cannot_log_in_or_read_is_not_published() {
    let server = app::server().await;
    sql::admin(&server, "ALTER DATABASE app OWNER TO postgres; REVOKE CONNECT ON DATABASE app FROM PUBLIC; GRANT CONNECT ON DATABASE app TO credjob_login")
        .await;
    let (code, text) = failure(&server, &creation(&server)).await;
    assert_eq!(code, "POSTGRES_NEW_ROLE_REJECTED", "{text}");
    sql::admin(&server, "GRANT CONNECT ON DATABASE app TO credjob_login WITH GRANT OPTION").await;
    let (id, _) = created(&creation(&server).task(2)).await;
    let deletion = creation(&server).task(3).deleting(&id);
    deletion.live().await;
    assert_eq!(deletion.reported()["status"], "credentials_deleted");

    sql::admin(
        &server,
        "GRANT CONNECT ON DATABASE app TO PUBLIC; REVOKE SELECT ON ALL TABLES IN SCHEMA app FROM app_read",
    )
    .await;
    let (code, text) = failure(&server, &creation(&server).task(4).with("SM_GRANT_ROLE_VALUE", "app_read")).await;
    assert_eq!(code, "POSTGRES_NOT_READABLE", "{text}");
}
