//! What really goes over the wire: paths, headers and bodies, checked by mockito.

use std::sync::Arc;
use std::time::Duration;

use credjob_client::{SecretsManager, TaskUpdate, UpdateOutcome};
use credjob_contract::{Auth, CredentialsId, Secret};
use credjob_http::{ReqwestTransport, Roots};
use mockito::{Matcher, Mock, Server, ServerGuard};

use crate::support::{api_key, client};

const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const TOKEN: &str = r#"{"access_token":"over-http-token","expires_in":3600}"#;

fn service(server: &ServerGuard, auth: Auth) -> SecretsManager {
    client(Arc::new(ReqwestTransport::new(Roots::default())), &server.url(), auth)
}

fn path(rest: &str) -> String {
    format!("/api/v2/secrets/{SECRET}{rest}")
}

fn form(name: &str, value: &str) -> Matcher {
    Matcher::UrlEncoded(name.to_owned(), value.to_owned())
}

async fn token_mock(server: &mut ServerGuard) -> Mock {
    server.mock("POST", "/identity/token").with_body(TOKEN).expect(1).create_async().await
}

#[tokio::test]
async fn a_token_by_api_key_is_asked_for_as_the_sdks_do() {
    let mut server = Server::new_async().await;
    let mock = server
        .mock("POST", "/identity/token")
        .match_header("content-type", "application/x-www-form-urlencoded")
        .match_header("accept", "application/json")
        .match_body(Matcher::AllOf(vec![
            form("grant_type", "urn:ibm:params:oauth:grant-type:apikey"),
            form("apikey", "support+api/key"),
            form("response_type", "cloud_iam"),
        ]))
        .with_body(TOKEN)
        .expect(1)
        .create_async()
        .await;
    let token = service(&server, api_key()).tokens().token().await.unwrap();
    assert_eq!(token.expose(), "over-http-token");
    mock.assert_async().await;
}

#[tokio::test]
async fn a_token_by_trusted_profile_is_asked_for_as_the_sdks_do() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "over-http-cr-token\n").unwrap();
    let mut server = Server::new_async().await;
    let body = "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Acr-token&cr_token=over-http-cr-token&profile_id=Profile-1&profile_name=job";
    let mock = server.mock("POST", "/identity/token").match_body(body).with_body(TOKEN).expect(1).create_async().await;
    let auth = Auth::TrustedProfile {
        id: Some(String::from("Profile-1")),
        name: Some(String::from("job")),
        cr_token_file: Some(file.path().to_owned()),
    };
    service(&server, auth).tokens().token().await.unwrap();
    mock.assert_async().await;
}

#[tokio::test]
async fn an_iam_url_with_the_token_path_is_understood() {
    let mut server = Server::new_async().await;
    let mock = token_mock(&mut server).await;
    let service = service(&server, api_key());
    let tokens =
        credjob_client::Tokens::new(service.http().clone(), format!("{}/identity/token/", server.url()), api_key());
    tokens.token().await.unwrap();
    mock.assert_async().await;
}

#[tokio::test]
async fn a_publish_is_put_on_the_task() {
    let mut server = Server::new_async().await;
    let mock = server
        .mock("PUT", path(&format!("/tasks/{TASK}")).as_str())
        .match_header("authorization", "Bearer over-http-bearer")
        .match_header("content-type", "application/json")
        .match_body(Matcher::JsonString(String::from(
            r#"{"status":"credentials_created","credentials":{"id":"tok-000193","payload":{"token":"over-http-secret"}}}"#,
        )))
        .with_body(format!(r#"{{"id":"{TASK}","status":"credentials_created"}}"#))
        .expect(1)
        .create_async()
        .await;
    let id = CredentialsId::new("tok-000193").unwrap();
    let update = TaskUpdate::Created { id: &id, payload: r#"{"token":"over-http-secret"}"# };
    let outcome = service(&server, api_key())
        .task_update_once(
            &Secret::from("over-http-bearer"),
            &SECRET.parse().unwrap(),
            &TASK.parse().unwrap(),
            &update,
            Duration::from_secs(10),
        )
        .await;
    assert!(matches!(outcome, UpdateOutcome::Applied(_)), "{outcome:?}");
    mock.assert_async().await;
}

#[tokio::test]
async fn a_secret_is_read_with_the_token() {
    let mut server = Server::new_async().await;
    let token = token_mock(&mut server).await;
    let mock = server
        .mock("GET", path("").as_str())
        .match_header("authorization", "Bearer over-http-token")
        .with_body(format!(r#"{{"id":"{SECRET}","secret_type":"arbitrary","payload":"over-http-payload"}}"#))
        .expect(1)
        .create_async()
        .await;
    let secret = service(&server, api_key()).secret(&SECRET.parse().unwrap()).await.unwrap();
    assert_eq!(secret.pointer("/payload").unwrap().expose(), "over-http-payload");
    token.assert_async().await;
    mock.assert_async().await;
}

#[tokio::test]
async fn each_call_has_its_path() {
    let mut server = Server::new_async().await;
    let task_path = path(&format!("/tasks/{TASK}"));
    let task = format!(r#"{{"id":"{TASK}","status":"processing"}}"#);
    let mocks = [
        token_mock(&mut server).await,
        server.mock("GET", task_path.as_str()).with_body(&task).expect(1).create_async().await,
        server.mock("DELETE", task_path.as_str()).with_status(204).expect(1).create_async().await,
        server.mock("GET", path("/tasks").as_str()).with_body(r#"{"tasks":[]}"#).expect(1).create_async().await,
        server.mock("GET", path("/versions").as_str()).with_body(r#"{"versions":[]}"#).expect(1).create_async().await,
    ];
    let service = service(&server, api_key());
    let (secret, task) = (SECRET.parse().unwrap(), TASK.parse().unwrap());
    service.task(&secret, &task).await.unwrap();
    service.tasks(&secret).await.unwrap();
    service.versions(&secret).await.unwrap();
    service.delete_task(&secret, &task).await.unwrap();
    for mock in mocks {
        mock.assert_async().await;
    }
    let operations: Vec<_> = service.http().ledger().snapshot().into_keys().collect();
    assert_eq!(operations, ["iam_token", "task_delete", "task_read", "tasks_list", "versions_list"]);
}
