//! Locks: the rules of PROTOCOL 4.5 and 6.1.

use std::time::Duration;

use serde_json::{Value, json};

use crate::raw_client::RawClient;
use crate::shape::{assert_like, fixture};
use crate::world::{World, id, refusal};

const DAY: Duration = Duration::from_secs(86_400);

fn locks(names: &[&str]) -> Value {
    json!({ "locks": names.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>() })
}

async fn lock(world: &World, secret: &str, names: &[&str]) -> Value {
    world.post(&format!("/secrets/{secret}/locks_bulk"), locks(names)).await
}

async fn lock_version(world: &World, secret: &str, version: &str, names: &[&str]) -> Value {
    world.post(&format!("/secrets/{secret}/versions/{version}/locks_bulk"), locks(names)).await
}

/// Names of all locks, in the order of the list.
async fn names(world: &World, path: &str) -> Vec<String> {
    let list = world.get(path).await;
    let names = list["locks"].as_array().expect("an array").iter();
    names.map(|lock| lock["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn locks_are_answered_and_listed_as_documented() {
    let world = World::new().await;
    let group = world.post("/secret_groups", json!({ "name": "crm-team" })).await;
    let secret = world.create_active("crm-token", json!({ "secret_group_id": group["id"] })).await;
    let prototype = fixture(include_str!("../fixtures/lock_prototype.json"));
    let answer = world.post(&format!("/secrets/{secret}/locks_bulk?mode=remove_previous"), prototype).await;
    assert_like(&fixture(include_str!("../fixtures/locks_bulk.json")), &answer);
    let list = world.get(&format!("/secrets/{secret}/locks?limit=25&sort=-created_at")).await;
    assert_like(&fixture(include_str!("../fixtures/locks.json")), &list);
    assert_eq!(world.get(&format!("/secrets/{secret}/versions/current/locks")).await["locks"], list["locks"]);
    assert_eq!(world.secret(&secret).await["locks_total"], 1);
    let all = world.get("/secrets_locks").await;
    assert_like(&fixture(include_str!("../fixtures/locks_bulk.json")), &all["secrets_locks"][0]);
}

#[tokio::test]
async fn a_locked_change_is_answered_as_documented() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    lock(&world, &secret, &["app-1"]).await;
    let path = format!("/api/v2/secrets/{secret}/versions/current/secret_data");
    let (status, body) = world.emulator.call("DELETE", &path, None).await;
    assert_eq!(status, 412);
    assert_like(&fixture(include_str!("../fixtures/error_locked.json")), &body);
    assert_eq!(world.tasks(&secret).await.len(), 1, "no deletion was queued");
}

#[tokio::test]
async fn a_locked_secret_is_not_deleted_even_by_force() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    lock(&world, &secret, &["app-1"]).await;
    world.expect(412, "DELETE", &format!("/secrets/{secret}"), None).await;
    world.expect(412, "DELETE", &format!("/secrets/{secret}?force_delete=true"), None).await;
    world.expect(200, "DELETE", &format!("/secrets/{secret}/locks_bulk"), None).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}?force_delete=true"), None).await;
}

#[tokio::test]
async fn a_locked_secret_can_be_read_and_its_metadata_changed() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    lock(&world, &secret, &["app-1"]).await;
    assert_eq!(world.get(&format!("/secrets/{secret}")).await["credentials_content"]["token"], "t0k3n");
    world.expect(200, "PATCH", &format!("/secrets/{secret}/metadata"), Some(json!({ "labels": ["in-use"] }))).await;
}

#[tokio::test]
async fn a_rotation_takes_the_locks_along_and_a_second_one_is_refused() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    lock(&world, &secret, &["app-1"]).await;
    world.rotate(&secret, "tok-2").await;
    assert_eq!(names(&world, &format!("/secrets/{secret}/versions/previous/locks")).await, ["app-1"]);
    assert!(names(&world, &format!("/secrets/{secret}/versions/current/locks")).await.is_empty());
    let versions = format!("/secrets/{secret}/versions");
    refusal(412, world.emulator.call("POST", &format!("/api/v2{versions}"), Some(json!({}))).await);
    world.expect(200, "DELETE", &format!("{versions}/previous/locks_bulk?name=app-1"), None).await;
    world.rotate(&secret, "tok-3").await;
}

#[tokio::test]
async fn an_automatic_rotation_waits_for_the_lock_on_previous() {
    let world = World::new().await;
    let policy = json!({ "rotation": { "auto_rotate": true, "interval": 1, "unit": "day" } });
    let secret = world.create_active("a1", policy).await;
    world.rotate(&secret, "tok-2").await;
    lock_version(&world, &secret, "previous", &["app-1"]).await;
    world.emulator.clock().advance(DAY * 3);
    assert_eq!(world.tasks(&secret).await.len(), 2, "nothing rotates");
    world.expect(200, "DELETE", &format!("/secrets/{secret}/locks_bulk"), None).await;
    assert_eq!(world.newest(&secret).await["trigger"], "automatic_secret_rotation");
}

#[tokio::test]
async fn a_locked_version_outlives_its_expiry_until_the_last_lock_goes() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({ "ttl": "1d" })).await;
    lock(&world, &secret, &["app-1", "app-2"]).await;
    world.emulator.clock().advance(DAY * 2);
    assert_eq!(world.secret(&secret).await["state_description"], "active");
    let bulk = format!("/secrets/{secret}/locks_bulk");
    world.expect(200, "DELETE", &format!("{bulk}?name=app-1"), None).await;
    assert_eq!(world.secret(&secret).await["state_description"], "active");
    world.expect(200, "DELETE", &format!("{bulk}?name=app-2"), None).await;
    assert_eq!(world.secret(&secret).await["state_description"], "destroyed");
    assert_eq!(world.newest(&secret).await["trigger"], "secret_version_expiration");
}

#[tokio::test]
async fn locking_needs_finished_tasks_and_data() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let bulk = format!("/secrets/{}/locks_bulk", made.secret);
    world.expect(409, "POST", &bulk, Some(locks(&["app-1"]))).await;
    world.fail(&made.secret, &made.task).await;
    world.expect(409, "POST", &bulk, Some(locks(&["app-1"]))).await;
    let secret = world.create_active("a2", json!({})).await;
    world.expect(404, "POST", &format!("/secrets/{secret}/versions/previous/locks_bulk"), Some(locks(&["ab"]))).await;
    world.post(&format!("/secrets/{secret}/versions"), json!({})).await;
    world.expect(409, "POST", &format!("/secrets/{secret}/locks_bulk"), Some(locks(&["app-1"]))).await;
}

#[tokio::test]
async fn remove_previous_clears_the_same_names_only() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    lock(&world, &secret, &["app-1", "app-2"]).await;
    world.rotate(&secret, "tok-2").await;
    let answer =
        world.post(&format!("/secrets/{secret}/locks_bulk?mode=remove_previous"), locks(&["app-1", "app-3"])).await;
    let versions = answer["versions"].as_array().expect("an array");
    assert_eq!(versions[0]["locks"], json!(["app-1", "app-3"]));
    assert_eq!((&versions[1]["version_alias"], &versions[1]["locks"]), (&json!("previous"), &json!(["app-2"])));
}

#[tokio::test]
async fn the_mode_that_deletes_data_is_not_for_custom_credentials() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    for mode in ["remove_previous_and_delete", "other"] {
        let path = format!("/api/v2/secrets/{secret}/locks_bulk?mode={mode}");
        let message = refusal(400, world.emulator.call("POST", &path, Some(locks(&["app-1"]))).await);
        assert!(message.contains("mode"), "{message}");
    }
    assert_eq!(world.secret(&secret).await["locks_total"], 0);
}

#[tokio::test]
async fn wrong_locks_are_refused_as_a_whole() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    let bulk = format!("/secrets/{secret}/locks_bulk");
    let too_many: Vec<Value> = (0..1001).map(|number| json!({ "name": format!("app-{number}") })).collect();
    for wrong in [
        json!({}),
        json!({ "locks": "app-1" }),
        json!({ "locks": ["app-1"] }),
        json!({ "locks": [{ "name": "app-1" }, { "name": "1app" }] }),
        json!({ "locks": [{ "name": "a" }] }),
        json!({ "locks": [{ "name": "app-1", "attributes": "x" }] }),
        json!({ "locks": too_many }),
    ] {
        world.expect(400, "POST", &bulk, Some(wrong)).await;
    }
    assert_eq!(world.secret(&secret).await["locks_total"], 0);
}

#[tokio::test]
async fn a_secret_has_at_most_a_thousand_locks() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    let bulk = format!("/secrets/{secret}/locks_bulk");
    let thousand: Vec<Value> = (0..1000).map(|number| json!({ "name": format!("app-{number}") })).collect();
    world.post(&bulk, json!({ "locks": thousand })).await;
    world.expect(400, "POST", &bulk, Some(locks(&["one-more"]))).await;
    world.post(&bulk, locks(&["app-7"])).await;
    assert_eq!(world.secret(&secret).await["locks_total"], 1000);
}

#[tokio::test]
async fn a_lock_of_the_same_name_is_replaced() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    lock(&world, &secret, &["app-1"]).await;
    let described = json!({ "locks": [{ "name": "app-1", "description": "now described" }] });
    world.post(&format!("/secrets/{secret}/locks_bulk"), described).await;
    let list = world.get(&format!("/secrets/{secret}/locks")).await;
    assert_eq!((&list["total_count"], &list["locks"][0]["description"]), (&json!(1), &json!("now described")));
}

#[tokio::test]
async fn the_names_to_delete_have_three_forms() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    let bulk = format!("/secrets/{secret}/locks_bulk");
    lock(&world, &secret, &["aa", "bb", "cc", "dd", "ee"]).await;
    world.expect(200, "DELETE", &format!("{bulk}?name=aa,unknown"), None).await;
    world.expect(200, "DELETE", &format!("{bulk}?name=%5B%22bb%22%5D"), None).await;
    world.expect(200, "DELETE", &format!("{bulk}?name=dd"), Some(json!({ "locks": ["cc"] }))).await;
    assert_eq!(names(&world, &format!("/secrets/{secret}/locks")).await, ["dd", "ee"], "the body wins");
    world.expect(400, "DELETE", &format!("{bulk}?name=1"), None).await;
    world.expect(200, "DELETE", &bulk, Some(json!({ "locks": ["*"] }))).await;
    assert_eq!(world.secret(&secret).await["locks_total"], 0);
}

#[tokio::test]
async fn a_secret_level_deletion_takes_names_of_current_or_everything() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    lock(&world, &secret, &["app-1"]).await;
    world.rotate(&secret, "tok-2").await;
    lock(&world, &secret, &["app-1"]).await;
    let bulk = format!("/secrets/{secret}/locks_bulk");
    let left = world.expect(200, "DELETE", &format!("{bulk}?name=app-1"), None).await;
    assert_eq!(left["versions"][0]["version_alias"], "previous");
    let left = world.expect(200, "DELETE", &bulk, None).await;
    assert_eq!(left["versions"], json!([]));
}

#[tokio::test]
async fn lists_of_locks_have_pages_filters_and_an_order() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    lock(&world, &secret, &["web-b", "web-a", "job-c"]).await;
    let path = format!("/secrets/{secret}/locks");
    assert_eq!(names(&world, &format!("{path}?sort=-name&limit=2")).await, ["web-b", "web-a"]);
    assert_eq!(names(&world, &format!("{path}?search=JOB")).await, ["job-c"]);
    assert_eq!(world.get("/secrets_locks?search=job").await["total_count"], 1);
    assert_eq!(world.get("/secrets_locks?search=none").await["total_count"], 0);
    for wrong in ["limit=101", "offset=1001", "sort=id", "search=x"] {
        world.expect(400, "GET", &format!("{path}?{wrong}"), None).await;
    }
}

#[tokio::test]
async fn other_types_can_lose_the_data_of_previous_with_a_lock() {
    let world = World::new().await;
    let secret = id(&world.post("/secrets", json!({ "secret_type": "arbitrary", "name": "a1", "payload": "p" })).await);
    world.post(&format!("/secrets/{secret}/versions"), json!({ "payload": "q" })).await;
    world.post(&format!("/secrets/{secret}/locks_bulk?mode=remove_previous_and_delete"), locks(&["app-1"])).await;
    assert_eq!(world.versions(&secret).await[0]["payload_available"], false);
}

#[tokio::test]
async fn a_locked_iam_credentials_secret_cannot_be_read_unless_its_key_is_reused() {
    let world = World::new().await;
    for (name, reuse, status) in [("i1", false, 412), ("i2", true, 200)] {
        let prototype = json!({ "secret_type": "iam_credentials", "name": name, "ttl": "90d", "reuse_api_key": reuse,
            "access_groups": ["AccessGroupId-x"] });
        let secret = id(&world.post("/secrets", prototype).await);
        lock(&world, &secret, &["app-1"]).await;
        world.expect(status, "GET", &format!("/secrets/{secret}"), None).await;
    }
}

#[tokio::test]
async fn the_clock_moves_over_http_only_when_that_is_allowed() {
    let closed = World::new().await;
    let head = "POST /emulator/clock?advance=2d HTTP/1.1";
    let answer = RawClient::new(&closed.emulator).exchange(head, "").await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    let options = credjob_emulator::Options { time_travel: true, ..Default::default() };
    let open = World::with(options).await;
    let before = open.emulator.clock().now();
    let client = RawClient::new(&open.emulator);
    let answer = client.exchange(head, "").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"now\""), "{answer}");
    assert!(open.emulator.clock().now() >= before + DAY * 2);
    let answer = client.exchange(&format!("{head}\r\nOrigin: https://evil.example"), "").await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    let answer = client.exchange("POST /emulator/clock?advance=soon HTTP/1.1", "").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}
