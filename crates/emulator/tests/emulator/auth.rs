//! Who may do what: tokens, roles, scopes.

use std::time::Duration;

use credjob_emulator::{JobScope, Options, RequestCaller, Role};
use serde_json::json;

use crate::raw_client::{RawClient, job_key};
use crate::world::{World, refusal};

#[tokio::test]
async fn a_request_without_a_good_token_is_unauthorized() {
    let world = World::new().await;
    let client = RawClient::new(&world.emulator);
    let (status, body) = client.send("GET", "/api/v2/secrets", "nonsense", "").await.expect("an answer");
    assert_eq!(status, 401);
    assert!(body.contains("\"unauthorized\""), "{body}");
    let token = client.token(world.emulator.api_key()).await;
    assert_eq!(client.send("GET", "/api/v2/secrets", &token, "").await.expect("an answer").0, 200);
    world.emulator.clock().advance(Duration::from_secs(3600));
    assert_eq!(client.send("GET", "/api/v2/secrets", &token, "").await.expect("an answer").0, 401);
}

#[tokio::test]
async fn a_job_key_is_fresh_for_each_run_and_may_need_time() {
    let world = World::with(Options { fresh_key_delay: Duration::from_secs(2), ..Options::default() }).await;
    let first = world.create("a1").await;
    let second = world.create("a2").await;
    let key = job_key(&world.emulator, &first.task);
    assert_ne!(key, job_key(&world.emulator, &second.task));
    let client = RawClient::new(&world.emulator);
    let (status, body) = client.log_in(&key).await;
    assert_eq!((status, &body["errorCode"]), (400, &json!("BXNIM0415E")));
    world.emulator.clock().advance(Duration::from_secs(2));
    assert_eq!(client.log_in(&key).await.0, 200);
}

#[tokio::test]
async fn an_administrator_may_not_update_tasks() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let path = format!("/api/v2/secrets/{}/tasks/{}", made.secret, made.task);
    refusal(403, world.emulator.call("PUT", &path, Some(json!({ "status": "credentials_deleted" }))).await);
}

#[tokio::test]
async fn a_job_reads_its_group_and_no_other() {
    let world = World::new().await;
    let group = world.post("/secret_groups", json!({ "name": "team" })).await;
    let arbitrary =
        |name: &str| json!({ "secret_type": "arbitrary", "name": name, "payload": "p", "secret_group_id": "default" });
    let near = world.post("/secrets", arbitrary("near")).await;
    let mut far = arbitrary("far");
    far["secret_group_id"] = group["id"].clone();
    let far = world.post("/secrets", far).await;
    let made = world.create("a1").await;
    let read = |id: &serde_json::Value| format!("/api/v2/secrets/{}", id.as_str().expect("an id"));
    let job = async |method, path: String, body| world.emulator.call_as_job(&made.task, method, &path, body).await;
    assert_eq!(job("GET", read(&near["id"]), None).await.0, 200);
    refusal(403, job("GET", read(&far["id"]), None).await);
    refusal(404, job("GET", read(&json!("00000000-0000-4000-8000-000000000001")), None).await);
    refusal(403, job("DELETE", read(&near["id"]), None).await);
    refusal(403, job("GET", "/api/v2/configurations".to_owned(), None).await);
    let (_, list) = job("GET", "/api/v2/secrets?search=ar".to_owned(), None).await;
    let names: Vec<_> =
        list["secrets"].as_array().expect("items").iter().map(|secret| secret["name"].clone()).collect();
    assert!(names.contains(&json!("near")) && !names.contains(&json!("far")), "{names:?}");
}

#[tokio::test]
async fn a_job_that_only_updates_tasks_cannot_read_them() {
    let world = World::with(Options { job_roles: vec![Role::SecretTaskUpdater], ..Options::default() }).await;
    let made = world.create("a1").await;
    let path = format!("/api/v2/secrets/{}/tasks/{}", made.secret, made.task);
    refusal(403, world.emulator.call_as_job(&made.task, "GET", &path, None).await);
    world.publish(&made.secret, &made.task, "tok-1").await;
}

#[tokio::test]
async fn a_reader_sees_tasks_and_versions_but_no_data() {
    let roles = vec![Role::SecretTaskUpdater, Role::Reader];
    let world = World::with(Options { job_roles: roles, job_scope: JobScope::Instance, ..Options::default() }).await;
    let made = world.create("a1").await;
    let base = format!("/api/v2/secrets/{}", made.secret);
    for path in [format!("{base}/tasks/{}", made.task), format!("{base}/versions"), format!("{base}/metadata")] {
        assert_eq!(world.emulator.call_as_job(&made.task, "GET", &path, None).await.0, 200, "{path}");
    }
    refusal(403, world.emulator.call_as_job(&made.task, "GET", &base, None).await);
}

#[tokio::test]
async fn a_configuration_without_a_key_gives_none_and_the_trusted_profile_logs_in() {
    let world = World::new().await;
    world.emulator.register_job_by_hand("other-job", crate::world::CRM_JOB).expect("the declarations are right");
    let code_engine = json!({ "job_name": "other-job", "project_id": "p", "region": "us-south" });
    world
        .post(
            "/configurations",
            json!({ "config_type": "custom_credentials_configuration", "name": "other", "code_engine": code_engine }),
        )
        .await;
    let made = world.create_with("a1", json!({ "configuration": "other" })).await;
    assert!(world.emulator.job_environment(&made.task).iter().all(|(name, _)| name != "SM_ACCESS_APIKEY"));
    let form = format!(
        "grant_type=urn:ibm:params:oauth:grant-type:cr-token&cr_token={}&profile_id={}",
        world.emulator.cr_token(),
        world.emulator.trusted_profile_id()
    );
    let head = "POST /identity/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
    let answer = RawClient::new(&world.emulator).exchange(head, &form).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let last = world.emulator.requests().pop().expect("a request");
    assert_eq!(last.caller, RequestCaller::Job { task: None });
}
