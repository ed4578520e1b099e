//! The real binary over real sockets: what the tests in virtual time cannot show.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]
#![expect(clippy::doc_markdown, reason = "JFrog is a name, not code")]

#[path = "support/server.rs"]
mod server;
#[path = "support/stand_in.rs"]
#[expect(dead_code, reason = "the other tests use the rest of it")]
mod stand_in;

use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use mockito::{Matcher, Server, ServerGuard};
use serde_json::{Value, json};
use stand_in::StandIn;

const ADMIN: &str = "canary-admin-token-of-the-stand-in";
const API_KEY: &str = "canary-api-key-of-the-job";
const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
const LOGIN: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";

/// IAM and Secrets Manager, as far as one run needs them; the task update that comes is kept.
async fn service() -> (ServerGuard, Arc<Mutex<Value>>) {
    let mut server = Server::new_async().await;
    let token = json!({ "access_token": "canary-iam-token", "expires_in": 3600 });
    let login = json!({ "id": LOGIN, "secret_type": "arbitrary", "payload": ADMIN });
    server.mock("POST", "/identity/token").with_body(token.to_string()).create_async().await;
    let path = format!("/api/v2/secrets/{LOGIN}");
    server.mock("GET", path.as_str()).with_body(login.to_string()).create_async().await;
    let update = Arc::new(Mutex::new(Value::Null));
    let kept = Arc::clone(&update);
    server
        .mock("PUT", Matcher::Exact(format!("/api/v2/secrets/{SECRET}/tasks/{TASK}")))
        .match_header("authorization", "Bearer canary-iam-token")
        .with_body_from_request(move |request| {
            let body: Value = serde_json::from_slice(request.body().expect("a body")).expect("JSON");
            let task = json!({ "id": TASK, "status": body["status"], "secret_id": SECRET });
            *kept.lock().expect("no panic while it is held") = body;
            task.to_string().into_bytes()
        })
        .create_async()
        .await;
    (server, update)
}

/// Runs the job to its end.
async fn run(
    service_url: String,
    platform_url: String,
    more: &'static [(&'static str, &'static str)],
    id: String,
) -> Output {
    let run = move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jfrog"));
        command.env_clear().envs([
            ("SM_INSTANCE_URL", service_url.as_str()),
            ("CREDJOB_IAM_URL", service_url.as_str()),
            ("SM_SECRET_TASK_ID", TASK),
            ("SM_SECRET_ID", SECRET),
            ("SM_SECRET_NAME", "build-token"),
            ("SM_SECRET_GROUP_ID", "default"),
            ("SM_ACCESS_APIKEY", API_KEY),
            ("SM_CREDENTIALS_ID", id.as_str()),
            ("SM_LOGIN_SECRET_ID_VALUE", LOGIN),
            ("SM_JFROG_BASE_URL_VALUE", platform_url.as_str()),
            ("CREDJOB_ALLOWED_HOSTS", "127.0.0.1"),
        ]);
        command.envs(more.iter().copied()).output().expect("the job starts")
    };
    tokio::task::spawn_blocking(run).await.expect("no panic")
}

const CREATE: &[(&str, &str)] = &[("SM_ACTION", "create_credentials"), ("SM_TRIGGER", "secret_creation")];
const DELETE: &[(&str, &str)] = &[("SM_ACTION", "delete_credentials"), ("SM_TRIGGER", "secret_version_data_deletion")];
const RERUN: &[(&str, &str)] =
    &[("SM_ACTION", "create_credentials"), ("SM_TRIGGER", "secret_creation"), ("JOB_INDEX_RETRY_COUNT", "1")];

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_created_and_revoked_over_real_sockets_and_no_secret_is_logged() {
    let platform = StandIn::new(ADMIN);
    let address = server::serve(platform.clone()).await.expect("a port of this machine");
    let (service, update) = service().await;
    let url = format!("http://{address}/artifactory/");

    let created = run(service.url(), url.clone(), CREATE, String::new()).await;
    assert!(created.status.success(), "{}", text(&created));
    let report = update.lock().expect("no panic while it is held").clone();
    let id = report["credentials"]["id"].as_str().expect("a credentials id").to_owned();
    let token = report["credentials"]["payload"]["access_token"].as_str().expect("a token").to_owned();
    assert!(id.ends_with(&format!("@{address}")), "{id}");
    assert_eq!(platform.live(), 1);

    let deleted = run(service.url(), url, DELETE, id).await;
    assert!(deleted.status.success(), "{}", text(&deleted));
    assert_eq!(platform.live(), 0);

    for output in [created, deleted] {
        let log = text(&output);
        assert!(!log.contains("canary") && !log.contains(&token), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_by_description_survives_its_way_through_a_url() {
    let platform = StandIn::new(ADMIN);
    platform.strangers_token("sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-000000000001 of a killed run");
    platform.strangers_token("somebody else's");
    let address = server::serve(platform.clone()).await.expect("a port of this machine");
    let (mut service, _) = service().await;
    let task = json!({ "id": TASK, "status": "processing", "secret_id": SECRET });
    let path = format!("/api/v2/secrets/{SECRET}/tasks/{TASK}");
    service.mock("GET", path.as_str()).with_body(task.to_string()).create_async().await;

    let rerun = run(service.url(), format!("http://{address}"), RERUN, String::new()).await;
    assert!(rerun.status.success(), "{}", text(&rerun));
    assert_eq!(platform.live(), 1);
}
