//! The documented examples (PROTOCOL 3.1, 4 and 5), matched key by key.

use std::time::Duration;

use credjob_emulator::{Emulator, Options};
use serde_json::{Value, json};

use crate::raw_client::RawClient;
use crate::shape::{assert_like, fixture};
use crate::world::{World, id};

const DAY: Duration = Duration::from_secs(86_400);

async fn documented_secret(world: &World) -> Value {
    let group = world.post("/secret_groups", json!({ "name": "crm-team" })).await;
    let mut prototype = fixture(include_str!("../fixtures/secret_prototype.json"));
    prototype["secret_group_id"] = group["id"].clone();
    world.post("/secrets", prototype).await
}

#[tokio::test]
async fn a_new_secret_is_answered_as_documented() {
    let world = World::new().await;
    let secret = documented_secret(&world).await;
    assert_like(&fixture(include_str!("../fixtures/secret_created.json")), &secret);
    assert!(secret["retrieved_at"].as_str().expect("a date").starts_with("1970-01-01T00:00:00"));
}

#[tokio::test]
async fn a_task_update_and_the_active_secret_are_answered_as_documented() {
    let world = World::new().await;
    let secret = documented_secret(&world).await;
    let (secret_id, task) = (id(&secret), secret["processing_task_id"].as_str().expect("a task").to_owned());
    let body = fixture(include_str!("../fixtures/task_update_created.json"));
    let (status, task) = world.report(&secret_id, &task, body).await;
    assert_eq!(status, 200);
    assert_like(&fixture(include_str!("../fixtures/task_created.json")), &task);
    let example = fixture(include_str!("../fixtures/secret_active.json"));
    let secret = world.get(&format!("/secrets/{secret_id}")).await;
    assert_like(&example, &secret);
    let mut metadata = example;
    metadata.as_object_mut().expect("an object").remove("credentials_content");
    assert_like(&metadata, &world.secret(&secret_id).await);
}

#[tokio::test]
async fn a_failed_deletion_is_listed_as_documented() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}/versions/current/secret_data"), None).await;
    let task = id(&world.newest(&secret).await);
    let errors = json!({ "status": "failed", "errors": [{ "code": "ERR20011", "description": "Upstream refused the revocation." }] });
    world.report(&secret, &task, errors).await;
    assert_like(&fixture(include_str!("../fixtures/task_failed.json")), &world.newest(&secret).await);
}

#[tokio::test]
async fn a_manual_rotation_answers_with_the_documented_placeholder() {
    let world = World::new().await;
    let secret = world.create_active("crm-token", json!({})).await;
    let mut example = fixture(include_str!("../fixtures/version_placeholder.json"));
    example["secret_group_id"] = json!("default");
    let answer = world.post(&format!("/secrets/{secret}/versions"), json!({})).await;
    assert_like(&example, &answer);
}

#[tokio::test]
async fn an_automatic_rotation_makes_the_documented_version() {
    let world = World::new().await;
    let secret = id(&documented_secret(&world).await);
    world.publish(&secret, &id(&world.newest(&secret).await), "tok-000193").await;
    world.emulator.clock().advance(DAY * 20);
    let task = world.newest(&secret).await;
    assert_eq!(task["trigger"], "automatic_secret_rotation");
    let mut body = fixture(include_str!("../fixtures/task_update_created.json"));
    body["credentials"]["id"] = json!("tok-000194");
    body["credentials"]["payload"]["token"] = json!("s3cr3t-demo-2");
    world.report(&secret, &id(&task), body).await;
    let example = fixture(include_str!("../fixtures/version_current.json"));
    assert_like(&example, &world.get(&format!("/secrets/{secret}/versions/current")).await);
    let mut metadata = example;
    metadata.as_object_mut().expect("an object").remove("credentials_content");
    let versions = world.versions(&secret).await;
    assert_like(&metadata, &versions[1]);
    assert_eq!((&versions[0]["alias"], &versions[0]["credentials_id"]), (&json!("previous"), &json!("tok-000193")));
}

#[tokio::test]
async fn a_configuration_is_answered_as_documented() {
    let emulator = Emulator::start(Options::default()).await.expect("a free port");
    let declarations = r#"{ "job_env_variables": [
        { "name": "SMIN_TENANT", "value": "type:string, required:true" },
        { "name": "SMIN_LIFETIME_HOURS", "value": "type:integer, required:false" },
        { "name": "SMOUT_TOKEN", "value": "type:string, required:true" } ] }"#;
    emulator.register_job_by_hand("crm-job", declarations).expect("the declarations are right");
    let access = json!({ "secret_type": "iam_credentials", "name": "access", "ttl": "90d", "reuse_api_key": true, "access_groups": ["AccessGroupId-1"] });
    let (_, access) = emulator.call("POST", "/api/v2/secrets", Some(access)).await;
    let mut prototype = fixture(include_str!("../fixtures/configuration_prototype.json"));
    prototype["api_key_ref"] = access["id"].clone();
    let (status, configuration) = emulator.call("POST", "/api/v2/configurations", Some(prototype)).await;
    assert_eq!(status, 201, "{configuration:#}");
    let example = fixture(include_str!("../fixtures/configuration.json"));
    assert_like(&example, &configuration);
    let patch = Some(json!({ "task_timeout": "30m" }));
    let (_, patched) = emulator.call("PATCH", "/api/v2/configurations/crm-provider", patch).await;
    assert_eq!(patched["task_timeout"], "30m");
    let (_, list) = emulator.call("GET", "/api/v2/configurations", None).await;
    assert_eq!(list["configurations"][0], patched);
}

#[tokio::test]
async fn a_refusal_is_answered_as_documented() {
    let world = World::new().await;
    let (_, body) = world.emulator.call("POST", "/api/v2/secret_groups", Some(json!({}))).await;
    assert_like(&fixture(include_str!("../fixtures/error.json")), &body);
}

#[tokio::test]
async fn iam_answers_as_documented() {
    let world = World::new().await;
    let client = RawClient::new(&world.emulator);
    let mut example = fixture(include_str!("../fixtures/iam_token.json"));
    let (status, token) = client.log_in(world.emulator.api_key()).await;
    assert_eq!(status, 200);
    example["expiration"] = token["expiration"].clone();
    assert_like(&example, &token);
    let (status, refusal) = client.log_in("unknown-key").await;
    assert_eq!(status, 400);
    let mut example = fixture(include_str!("../fixtures/iam_error.json"));
    example["context"]["requestId"] = refusal["context"]["requestId"].clone();
    assert_like(&example, &refusal);
}
