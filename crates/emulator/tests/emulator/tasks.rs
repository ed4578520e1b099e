//! The state machine of tasks (PROTOCOL 2.2, 4.2) and what it refuses.

use std::time::Duration;

use credjob_emulator::Options;
use serde_json::{Value, json};

use crate::world::{World, id, refusal};

fn created(payload: &Value) -> Value {
    json!({ "status": "credentials_created", "credentials": { "id": "tok-1", "payload": payload } })
}

#[tokio::test]
async fn a_queued_task_takes_no_update() {
    let world = World::with(Options { dispatch_delay: Duration::from_secs(60), ..Options::default() }).await;
    let made = world.create("a1").await;
    assert_eq!(world.newest(&made.secret).await["status"], "queued");
    assert_eq!(world.secret(&made.secret).await["queued_task_count"], 1);
    // No run yet, so nobody may speak for the job.
    assert_eq!(world.report(&made.secret, &made.task, created(&json!({ "token": "t" }))).await.0, 401);
    world.emulator.clock().advance(Duration::from_secs(60));
    assert_eq!(world.newest(&made.secret).await["status"], "processing");
    world.publish(&made.secret, &made.task, "tok-1").await;
}

#[tokio::test]
async fn a_final_task_takes_no_update_and_keeps_its_result() {
    let world = World::new().await;
    let made = world.create("a1").await;
    world.publish(&made.secret, &made.task, "tok-1").await;
    let before = world.newest(&made.secret).await;
    for body in [
        created(&json!({ "token": "t0k3n" })),
        json!({ "status": "failed", "errors": [{ "code": "E", "description": "late" }] }),
        json!({ "status": "credentials_deleted" }),
    ] {
        refusal(400, world.report(&made.secret, &made.task, body).await);
    }
    assert_eq!(world.newest(&made.secret).await, before);
}

#[tokio::test]
async fn wrong_reports_change_nothing() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let error = json!({ "code": "E1", "description": "text" });
    let wrong = [
        json!({}),
        json!({ "status": "succeeded" }),
        json!({ "status": "credentials_deleted" }),
        json!({ "status": "credentials_created" }),
        json!({ "status": "credentials_created", "credentials": { "payload": { "token": "t" } } }),
        json!({ "status": "credentials_created", "credentials": { "id": "", "payload": { "token": "t" } } }),
        json!({ "status": "credentials_created", "credentials": { "id": "x" } }),
        created(&json!({})),
        created(&json!({ "token": "" })),
        created(&json!({ "token": 5 })),
        created(&json!({ "token": "t", "max_calls": "5" })),
        created(&json!({ "token": "t", "renewable": "yes" })),
        created(&json!({ "token": "t", "undeclared": "x" })),
        created(&json!({ "token": "x".repeat(100_001) })),
        json!({ "status": "failed" }),
        json!({ "status": "failed", "errors": [] }),
        json!({ "status": "failed", "errors": [{ "code": "E1" }] }),
        json!({ "status": "failed", "errors": [{ "code": "", "description": "text" }] }),
        json!({ "status": "failed", "errors": vec![error; 11] }),
    ];
    for body in wrong {
        let text: String = body.to_string().chars().take(120).collect();
        let (status, _) = world.report(&made.secret, &made.task, body).await;
        assert_eq!(status, 400, "{text}");
    }
    assert_eq!(world.newest(&made.secret).await["status"], "processing");
    world.publish(&made.secret, &made.task, "tok-1").await;
}

#[tokio::test]
async fn a_deletion_cannot_be_reported_as_created() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}/versions/current/secret_data"), None).await;
    let task = id(&world.newest(&secret).await);
    refusal(400, world.report(&secret, &task, created(&json!({ "token": "t" }))).await);
    world.deleted(&secret, &task).await;
}

#[tokio::test]
async fn unknown_tasks_and_secrets_are_not_found() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let other = "sm-task-00000000-0000-4000-8000-000000000001";
    let body = json!({ "status": "credentials_deleted" });
    let path = format!("/api/v2/secrets/{}/tasks/{other}", made.secret);
    refusal(404, world.emulator.call_as_job(&made.task, "PUT", &path, Some(body.clone())).await);
    let path = format!("/api/v2/secrets/00000000-0000-4000-8000-000000000002/tasks/{}", made.task);
    refusal(404, world.emulator.call_as_job(&made.task, "PUT", &path, Some(body)).await);
    refusal(400, world.emulator.call("GET", &format!("/api/v2/secrets/{}/tasks/sm-task-1", made.secret), None).await);
}

#[tokio::test]
async fn post_on_task_paths_is_not_allowed() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let list = format!("/api/v2/secrets/{}/tasks", made.secret);
    refusal(405, world.emulator.call("POST", &list, Some(json!({}))).await);
    refusal(405, world.emulator.call("POST", &format!("{list}/{}", made.task), Some(json!({}))).await);
}

#[tokio::test]
async fn unknown_routes_are_not_found_in_the_shape_of_the_service() {
    let world = World::new().await;
    let message = refusal(404, world.emulator.call("GET", "/api/v2/nothing", None).await);
    assert!(message.contains("/api/v2/nothing"), "{message}");
    refusal(404, world.emulator.call("GET", "/", None).await);
    refusal(501, world.emulator.call("GET", "/api/v2/notifications/registration", None).await);
}

#[tokio::test]
async fn a_failed_creation_deactivates_the_secret() {
    let world = World::new().await;
    let made = world.create("a1").await;
    world.fail(&made.secret, &made.task).await;
    let secret = world.secret(&made.secret).await;
    assert_eq!((&secret["state"], &secret["state_description"]), (&json!(3), &json!("deactivated")));
    assert_eq!(secret["last_failed_task_id"], json!(made.task));
    assert_eq!(world.newest(&made.secret).await["errors"][0]["code"], "ERR20004");
    world.expect(409, "POST", &format!("/secrets/{}/versions", made.secret), Some(json!({}))).await;
    world.expect(204, "DELETE", &format!("/secrets/{}", made.secret), None).await;
}

#[tokio::test]
async fn a_failed_rotation_leaves_the_current_version() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    world.post(&format!("/secrets/{secret}/versions"), json!({})).await;
    let task = id(&world.newest(&secret).await);
    world.fail(&secret, &task).await;
    let metadata = world.secret(&secret).await;
    assert_eq!((&metadata["state"], &metadata["last_rotation_failed"]), (&json!(1), &json!(true)));
    assert_eq!(metadata["last_failed_task_id"], json!(task));
    assert_eq!(world.versions(&secret).await.len(), 1);
    world.rotate(&secret, "tok-2").await;
    assert_eq!(world.secret(&secret).await["last_rotation_failed"], false);
}

#[tokio::test]
async fn a_cancelled_creation_deactivates_and_its_late_report_is_not_found() {
    let world = World::new().await;
    let made = world.create("a1").await;
    world.expect(204, "DELETE", &format!("/secrets/{}/tasks/{}", made.secret, made.task), None).await;
    assert_eq!(world.secret(&made.secret).await["state"], 3);
    refusal(404, world.report(&made.secret, &made.task, created(&json!({ "token": "t" }))).await);
}

#[tokio::test]
async fn a_cancelled_rotation_counts_as_failed() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    world.post(&format!("/secrets/{secret}/versions"), json!({})).await;
    let task = id(&world.newest(&secret).await);
    world.expect(204, "DELETE", &format!("/secrets/{secret}/tasks/{task}"), None).await;
    assert_eq!(world.secret(&secret).await["last_rotation_failed"], true);
}

#[tokio::test]
async fn a_cancelled_deletion_is_not_tried_again_until_asked_for() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    let data = format!("/secrets/{secret}/versions/current/secret_data");
    world.expect(204, "DELETE", &data, None).await;
    let task = id(&world.newest(&secret).await);
    world.expect(204, "DELETE", &format!("/secrets/{secret}/tasks/{task}"), None).await;
    world.emulator.clock().advance(Duration::from_secs(3 * 86_400));
    assert_eq!(world.tasks(&secret).await.len(), 1);
    world.expect(409, "DELETE", &format!("/secrets/{secret}"), None).await;
    world.expect(204, "DELETE", &data, None).await;
    let task = id(&world.newest(&secret).await);
    world.deleted(&secret, &task).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}"), None).await;
}

#[tokio::test]
async fn a_secret_has_one_running_task_and_the_others_wait_in_order() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    world.rotate(&secret, "tok-2").await;
    for alias in ["previous", "current"] {
        world.expect(204, "DELETE", &format!("/secrets/{secret}/versions/{alias}/secret_data"), None).await;
    }
    let tasks = world.tasks(&secret).await;
    assert_eq!((&tasks[0]["status"], &tasks[1]["status"]), (&json!("queued"), &json!("processing")));
    let metadata = world.secret(&secret).await;
    assert_eq!((&metadata["queued_task_count"], &metadata["task_count"]), (&json!(1), &json!(4)));
    assert_eq!(metadata["processing_task_id"], tasks[1]["id"]);
    world.deleted(&secret, &id(&tasks[1])).await;
    assert_eq!(world.newest(&secret).await["status"], "processing");
}

#[tokio::test]
async fn the_instance_runs_only_so_many_tasks_at_a_time() {
    let world = World::with(Options { task_concurrency: 1, ..Options::default() }).await;
    let first = world.create("a1").await;
    let second = world.create("a2").await;
    assert_eq!(world.newest(&second.secret).await["status"], "queued");
    world.publish(&first.secret, &first.task, "tok-1").await;
    assert_eq!(world.newest(&second.secret).await["status"], "processing");
}

#[tokio::test]
async fn a_hundred_tasks_are_kept() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    for _ in 0..105 {
        world.post(&format!("/secrets/{secret}/versions"), json!({})).await;
        let task = id(&world.newest(&secret).await);
        world.fail(&secret, &task).await;
    }
    assert_eq!(world.tasks(&secret).await.len(), 100);
    assert_eq!(world.secret(&secret).await["task_count"], 106);
}

#[tokio::test]
async fn only_custom_credentials_have_tasks() {
    let world = World::new().await;
    let secret = world.post("/secrets", json!({ "secret_type": "arbitrary", "name": "login", "payload": "p" })).await;
    world.expect(400, "GET", &format!("/secrets/{}/tasks", id(&secret)), None).await;
}
