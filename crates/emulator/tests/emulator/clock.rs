//! What time does: timeouts, expiry, automatic rotation, retries of deletions.

use std::time::Duration;

use serde_json::json;

use crate::world::{World, id};

const DAY: Duration = Duration::from_secs(86_400);
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_task_fails_when_its_timeout_elapses() {
    let world = World::new().await;
    let made = world.create("a1").await;
    world.emulator.clock().advance(MINUTE * 14);
    assert_eq!(world.newest(&made.secret).await["status"], "processing");
    world.emulator.clock().advance(MINUTE);
    let task = world.emulator.wait_task(&made.secret, &made.task).await;
    assert_eq!((&task["status"], &task["errors"][0]["code"]), (&json!("failed"), &json!("task_timeout")));
    let late = json!({ "status": "credentials_created", "credentials": { "id": "x", "payload": { "token": "t" } } });
    assert_eq!(world.report(&made.secret, &made.task, late).await.0, 400);
}

#[tokio::test]
async fn expiry_destroys_the_data_and_deletes_the_credentials() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({ "ttl": "10d" })).await;
    world.emulator.clock().advance(DAY * 10);
    let task = world.newest(&secret).await;
    assert_eq!((&task["type"], &task["trigger"]), (&json!("delete_credentials"), &json!("secret_version_expiration")));
    assert_eq!(world.secret(&secret).await["state_description"], "destroyed");
    let environment = world.emulator.job_environment(&id(&task));
    assert!(environment.contains(&("SM_CREDENTIALS_ID".to_owned(), "tok-1".to_owned())));
}

#[tokio::test]
async fn expiry_of_the_previous_version_leaves_the_secret_active() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({ "ttl": "10d" })).await;
    world.emulator.clock().advance(DAY * 5);
    world.rotate(&secret, "tok-2").await;
    world.emulator.clock().advance(DAY * 5);
    let versions = world.versions(&secret).await;
    assert_eq!((&versions[0]["payload_available"], &versions[1]["payload_available"]), (&json!(false), &json!(true)));
    assert_eq!(world.secret(&secret).await["state"], 1);
    assert_eq!(world.newest(&secret).await["secret_version_id"], versions[0]["id"]);
}

#[tokio::test]
async fn rotation_is_automatic_and_its_failure_waits_for_the_next_interval() {
    let world = World::new().await;
    let rotation = json!({ "rotation": { "auto_rotate": true, "interval": 12, "unit": "hour" } });
    let secret = world.create_active("a1", rotation).await;
    world.emulator.clock().advance(DAY / 2);
    let task = world.newest(&secret).await;
    assert_eq!((&task["trigger"], &task["status"]), (&json!("automatic_secret_rotation"), &json!("processing")));
    world.fail(&secret, &id(&task)).await;
    assert_eq!(world.secret(&secret).await["last_rotation_failed"], true);
    assert_eq!(world.tasks(&secret).await.len(), 2);
    world.emulator.clock().advance(DAY / 2);
    let task = world.newest(&secret).await;
    world.publish(&secret, &id(&task), "tok-2").await;
    let versions = world.versions(&secret).await;
    assert_eq!((versions.len(), &versions[1]["auto_rotated"]), (2, &json!(true)));
}

#[tokio::test]
async fn a_failed_deletion_is_tried_again_daily_for_ten_days() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}/versions/current/secret_data"), None).await;
    let first = world.newest(&secret).await;
    world.fail(&secret, &id(&first)).await;
    for day in 1..=10 {
        world.emulator.clock().advance(DAY);
        let task = world.newest(&secret).await;
        assert_eq!(world.tasks(&secret).await.len(), 2 + day, "day {day}");
        assert_ne!(task["id"], first["id"]);
        assert_eq!((&task["trigger"], &task["secret_version_id"]), (&first["trigger"], &first["secret_version_id"]));
        world.fail(&secret, &id(&task)).await;
    }
    world.emulator.clock().advance(DAY * 5);
    assert_eq!(world.tasks(&secret).await.len(), 12);
}

#[tokio::test]
async fn a_deletion_that_timed_out_is_tried_again() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}/versions/current/secret_data"), None).await;
    world.emulator.clock().advance(MINUTE * 15);
    assert_eq!(world.newest(&secret).await["status"], "failed");
    world.emulator.clock().advance(DAY);
    let task = world.newest(&secret).await;
    assert_eq!(task["status"], "processing");
    world.deleted(&secret, &id(&task)).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}"), None).await;
}

#[tokio::test]
async fn a_retry_goes_on_after_the_secret_was_deleted_by_force() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}/versions/current/secret_data"), None).await;
    let task = id(&world.newest(&secret).await);
    world.fail(&secret, &task).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}?force_delete=true"), None).await;
    world.emulator.clock().advance(DAY);
    let tasks = world.emulator.tasks();
    let retry = tasks.last().expect("a task");
    assert_eq!((&retry["status"], &retry["secret_id"]), (&json!("processing"), &json!(secret)));
    world.deleted(&secret, &id(retry)).await;
}

#[tokio::test]
async fn a_waiter_wakes_when_the_clock_is_moved() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let emulator = world.emulator.clone();
    let waiter = tokio::spawn(async move { emulator.wait_task(&made.secret, &made.task).await });
    tokio::task::yield_now().await;
    world.emulator.clock().advance(MINUTE * 15);
    let task = tokio::time::timeout(Duration::from_secs(5), waiter).await.expect("it wakes").expect("it ends");
    assert_eq!(task["status"], "failed");
}
