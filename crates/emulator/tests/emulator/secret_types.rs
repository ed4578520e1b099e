//! The secret types without tasks (PROTOCOL 4.9).

use serde_json::{Value, json};

use crate::raw_client::RawClient;
use crate::world::{World, id};

async fn read_back(world: &World, prototype: Value) -> Value {
    let secret = world.post("/secrets", prototype).await;
    let metadata = world.secret(&id(&secret)).await;
    assert_eq!((&metadata["state"], &metadata["versions_total"]), (&json!(1), &json!(1)));
    world.get(&format!("/secrets/{}", id(&secret))).await
}

#[tokio::test]
async fn arbitrary_text_and_key_values_are_read_back() {
    let world = World::new().await;
    let secret = read_back(&world, json!({ "secret_type": "arbitrary", "name": "s1", "payload": "text" })).await;
    assert_eq!((&secret["payload"], &secret["downloaded"]), (&json!("text"), &json!(true)));
    let data = json!({ "a": { "b": [1, 2] } });
    let secret = read_back(&world, json!({ "secret_type": "kv", "name": "s2", "data": data })).await;
    assert_eq!(secret["data"], data);
}

#[tokio::test]
async fn metadata_holds_no_data() {
    let world = World::new().await;
    let secret =
        world.post("/secrets", json!({ "secret_type": "username_password", "name": "s1", "username": "me" })).await;
    assert_eq!(secret["password"].as_str().map(str::len), Some(32));
    let metadata = world.secret(&id(&secret)).await;
    assert!(metadata.get("password").is_none() && metadata.get("username").is_none());
}

#[tokio::test]
async fn the_key_of_an_iam_secret_works() {
    let world = World::new().await;
    let prototype = json!({ "secret_type": "iam_credentials", "name": "s1", "ttl": "1h", "reuse_api_key": true,
        "service_id": "ServiceId-0d9f1c3e-52ab-4c6f-9e8d-7b6a5c4d3e2f" });
    let secret = read_back(&world, prototype).await;
    assert_eq!((&secret["service_id_is_static"], &secret["ttl"]), (&json!(true), &json!("3600")));
    let client = RawClient::new(&world.emulator);
    let token = client.token(secret["api_key"].as_str().expect("a key")).await;
    let answer = client.send("GET", "/api/v2/secrets", &token, "").await.expect("an answer");
    assert_eq!(answer.0, 200);
}

#[tokio::test]
async fn service_credentials_may_be_brought_along() {
    let world = World::new().await;
    let credentials = json!({ "connection": { "postgres": { "composed": ["postgres://u:p@h"] } } });
    let prototype = json!({ "secret_type": "service_credentials", "name": "s1", "credentials": credentials,
        "source_service": { "instance": { "crn": "crn:v1:bluemix:public:databases:us-south:a/1:2::" } } });
    let secret = read_back(&world, prototype).await;
    assert_eq!(secret["credentials"], credentials);
    assert_eq!(secret["source_service"]["instance"]["crn"], "crn:v1:bluemix:public:databases:us-south:a/1:2::");
}

#[tokio::test]
async fn certificates_are_read_back_and_issued_ones_are_placeholders() {
    let world = World::new().await;
    let pem = "x".repeat(60);
    let secret = read_back(
        &world,
        json!({ "secret_type": "imported_cert", "name": "s1", "certificate": pem, "private_key": pem }),
    )
    .await;
    assert_eq!((&secret["certificate"], &secret["private_key"]), (&json!(pem), &json!(pem)));
    let secret =
        read_back(&world, json!({ "secret_type": "public_cert", "name": "s2", "ca": "le", "dns": "cis" })).await;
    assert!(secret["certificate"].as_str().expect("a text").contains("BEGIN CERTIFICATE"));
    let prototype =
        json!({ "secret_type": "private_cert", "name": "s3", "certificate_template": "tpl", "common_name": "a.b" });
    let secret = read_back(&world, prototype).await;
    assert!(secret["ca_chain"].is_array() && secret["issuing_ca"].is_string() && secret["private_key"].is_string());
}

#[tokio::test]
async fn missing_fields_are_named() {
    let world = World::new().await;
    for (secret_type, field) in [
        ("arbitrary", "payload"),
        ("username_password", "username"),
        ("kv", "data"),
        ("iam_credentials", "ttl"),
        ("service_credentials", "source_service"),
        ("imported_cert", "certificate"),
        ("public_cert", "ca"),
        ("private_cert", "certificate_template"),
    ] {
        let answer =
            world.expect(400, "POST", "/secrets", Some(json!({ "secret_type": secret_type, "name": "s1" }))).await;
        let message = answer["errors"][0]["message"].as_str().expect("a message");
        assert!(message.contains(&format!("required.{field}:")), "{message}");
    }
}

#[tokio::test]
async fn a_new_version_replaces_the_data_and_two_are_kept() {
    let world = World::new().await;
    let secret = id(&world.post("/secrets", json!({ "secret_type": "arbitrary", "name": "s1", "payload": "1" })).await);
    let versions = format!("/secrets/{secret}/versions");
    for payload in ["2", "3"] {
        let version = world.post(&versions, json!({ "payload": payload })).await;
        assert_eq!((&version["payload"], &version["alias"]), (&json!(payload), &json!("current")));
    }
    assert_eq!(world.get(&format!("{versions}/previous")).await["payload"], "2");
    let oldest = id(&world.versions(&secret).await[0]);
    world.expect(410, "GET", &format!("{versions}/{oldest}"), None).await;
    world.expect(400, "DELETE", &format!("{versions}/current/secret_data"), None).await;
}
