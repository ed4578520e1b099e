//! The login secret in all its forms.

use serde_json::{Value, json};

use crate::life::Life;
use crate::support::app::{self, LOGIN, LOGIN_PASSWORD};
use crate::support::server::Server;
use crate::{as_role, created, rows};

async fn works(server: &Server, life: &Life) {
    let (_, payload) = created(life).await;
    assert_eq!(as_role(server, &payload, "SELECT note FROM app.orders").await, rows(&["first"]));
    assert!(payload["composed"].as_str().is_some_and(|url| url.ends_with("/app?sslmode=verify-full")), "a full URL");
}

fn place(server: &Server) -> Value {
    json!({ "host": "localhost", "port": server.port, "database": "app", "certificate_base64": app::base64(server) })
}

#[tokio::test]
async fn a_key_value_secret_may_hold_service_credentials_as_ibms_provider_reads_them() {
    let server = app::server().await;
    works(&server, &Life::new(&json!({ "secret_type": "kv", "data": app::credentials(&server) }))).await;
}

#[tokio::test]
async fn a_key_value_secret_may_hold_the_parts_of_a_login() {
    let server = app::server().await;
    let mut data = place(&server);
    data["username"] = json!(LOGIN);
    data["password"] = json!(LOGIN_PASSWORD);
    works(&server, &Life::new(&json!({ "secret_type": "kv", "data": data }))).await;
}

#[tokio::test]
async fn a_key_value_secret_may_hold_a_url_and_a_certificate() {
    let server = app::server().await;
    let url = format!("postgresql://{LOGIN}:{LOGIN_PASSWORD}@localhost:{}/app", server.port);
    let data = json!({ "composed": url, "certificate_base64": app::base64(&server) });
    works(&server, &Life::new(&json!({ "secret_type": "kv", "data": data }))).await;
}

fn user_credentials(server: &Server) -> Life {
    let login = json!({ "secret_type": "username_password", "username": LOGIN, "password": LOGIN_PASSWORD });
    Life::new(&login).with_server_secret(&json!({ "secret_type": "kv", "data": place(server) }))
}

#[tokio::test]
async fn user_credentials_go_with_a_key_value_secret_that_names_the_server() {
    let server = app::server().await;
    works(&server, &user_credentials(&server).with("CREDJOB_ALLOWED_HOSTS", "localhost")).await;
}

#[tokio::test]
async fn a_password_is_not_sent_to_a_host_that_another_secret_names_and_the_jobs_owner_did_not_allow() {
    let server = app::server().await;
    for allowed in ["", "example.com", "localhost:1"] {
        let life = user_credentials(&server).with("CREDJOB_ALLOWED_HOSTS", allowed);
        life.live().await;
        let (code, text) = life.failure();
        assert_eq!(code, "CREDJOB_HOST_NOT_ALLOWED", "{allowed}");
        assert!(text.contains("SERVER_SECRET_ID") && text.contains("CREDJOB_ALLOWED_HOSTS"), "{text}");
    }
    assert!(!server.log().contains("user=credjob_login"), "nobody came");
}

#[tokio::test]
async fn what_is_no_login_is_refused_before_anything_is_asked() {
    let server = app::server().await;
    let url = |query: &str| format!("postgres://{LOGIN}:{LOGIN_PASSWORD}@127.0.0.1:{}/app{query}", server.port);
    let kv = |data: Value| json!({ "secret_type": "kv", "data": data });
    let certificate = app::base64(&server);
    let cases = [
        (json!({ "secret_type": "arbitrary", "payload": "canary-some-text" }), "CREDJOB_SECRET_WRONG_TYPE"),
        (
            json!({ "secret_type": "username_password", "username": "u", "password": LOGIN_PASSWORD }),
            "POSTGRES_NO_SERVER",
        ),
        (kv(json!({ "composed": url("?sslmode=require"), "certificate_base64": certificate })), "POSTGRES_WEAK_TLS"),
        (kv(json!({ "composed": url("?sslmode=disable"), "certificate_base64": certificate })), "POSTGRES_WEAK_TLS"),
        (kv(json!({ "composed": url("") })), "CREDJOB_SECRET_FIELD_MISSING"),
        (kv(json!({ "composed": url(""), "certificate_base64": "bm8gUEVN" })), "POSTGRES_BAD_CERTIFICATE"),
        (kv(json!({ "composed": "postgres://a:1,b:2/x", "certificate_base64": certificate })), "POSTGRES_BAD_LOGIN"),
        (kv(json!({ "host": "localhost", "port": 70_000, "certificate_base64": certificate })), "POSTGRES_BAD_LOGIN"),
    ];
    for (login, expected) in cases {
        let life = Life::new(&login);
        life.live().await;
        let (code, text) = life.failure();
        assert_eq!(code, expected, "{text}");
        assert!(!text.contains("canary"), "{text}");
    }
    assert!(!server.log().contains("user=credjob_login"), "nobody came");
}
