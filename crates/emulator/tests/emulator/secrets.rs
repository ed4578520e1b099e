//! Secrets, versions, groups and configurations: the rules of PROTOCOL 4.3 to 4.7 and 6.

use serde_json::{Value, json};

use crate::world::{CRM_JOB, World, id, refusal};

fn prototype(more: &Value) -> Value {
    let mut prototype = json!({
        "secret_type": "custom_credentials", "name": "a1", "configuration": "crm-provider", "parameters": { "tenant": "blue" },
    });
    prototype.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    prototype
}

#[tokio::test]
async fn wrong_prototypes_are_refused() {
    let world = World::new().await;
    let wrong = [
        json!({ "name": "a" }),
        json!({ "name": "-a1" }),
        json!({ "name": null }),
        json!({ "secret_type": "custom" }),
        json!({ "configuration": "nothing" }),
        json!({ "configuration": null }),
        json!({ "parameters": {} }),
        json!({ "parameters": { "tenant": 5 } }),
        json!({ "parameters": { "tenant": "blue", "colour": "red" } }),
        json!({ "secret_group_id": "6e0a4b52-8f0b-4c0a-8d2e-2f1f0c6d7a11" }),
        json!({ "ttl": "23h" }),
        json!({ "ttl": "91d" }),
        json!({ "rotation": { "auto_rotate": true, "interval": 5, "unit": "hour" } }),
        json!({ "ttl": "2d", "rotation": { "auto_rotate": true, "interval": 3, "unit": "day" } }),
        json!({ "labels": ["x"] }),
        json!({ "custom_metadata": { "big": "x".repeat(11_000) } }),
    ];
    for more in wrong {
        let (status, answer) = world.emulator.call("POST", "/api/v2/secrets", Some(prototype(&more))).await;
        assert_eq!(status, 400, "{more} {answer:#}");
    }
    assert_eq!(world.get("/secrets?secret_types=custom_credentials").await["total_count"], 0);
}

#[tokio::test]
async fn a_name_is_unique_per_type() {
    let world = World::new().await;
    world.create("a1").await;
    world.expect(409, "POST", "/secrets", Some(prototype(&json!({})))).await;
    world.post("/secrets", json!({ "secret_type": "arbitrary", "name": "a1", "payload": "p" })).await;
}

#[tokio::test]
async fn a_pending_secret_lists_one_version_without_data() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let versions = world.versions(&made.secret).await;
    assert_eq!((versions.len(), &versions[0]["payload_available"]), (1, &json!(false)));
    let secret = world.get(&format!("/secrets/{}", made.secret)).await;
    assert_eq!((&secret["downloaded"], secret.get("credentials_content")), (&json!(false), None));
    world.expect(200, "GET", &format!("/secrets/{}/versions/current", made.secret), None).await;
    world.expect(404, "GET", &format!("/secrets/{}/versions/previous", made.secret), None).await;
}

#[tokio::test]
async fn the_task_names_its_version_once_it_exists() {
    let world = World::new().await;
    let made = world.create("a1").await;
    assert_eq!(world.newest(&made.secret).await.get("secret_version_id"), None);
    world.publish(&made.secret, &made.task, "tok-1").await;
    assert_eq!(world.newest(&made.secret).await["secret_version_id"], world.versions(&made.secret).await[0]["id"]);
}

#[tokio::test]
async fn a_second_rotation_waits_for_the_first() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    let versions = format!("/secrets/{secret}/versions");
    world.post(&versions, json!({})).await;
    world.expect(409, "POST", &versions, Some(json!({}))).await;
    assert_eq!(world.versions(&secret).await.len(), 1, "the placeholder is not listed");
}

#[tokio::test]
async fn a_rotation_pushes_out_the_version_before_previous() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    world.rotate(&secret, "tok-2").await;
    assert_eq!(world.tasks(&secret).await.len(), 2);
    world.rotate(&secret, "tok-3").await;
    let versions = world.versions(&secret).await;
    let available: Vec<&Value> = versions.iter().map(|version| &version["payload_available"]).collect();
    assert_eq!(available, [&json!(false), &json!(true), &json!(true)]);
    let deletion = world.newest(&secret).await;
    assert_eq!(
        (&deletion["type"], &deletion["trigger"]),
        (&json!("delete_credentials"), &json!("manual_secret_rotation"))
    );
    assert_eq!(deletion["secret_version_id"], versions[0]["id"]);
    let environment = world.emulator.job_environment(&id(&deletion));
    assert!(environment.contains(&("SM_CREDENTIALS_ID".to_owned(), "tok-1".to_owned())));
    world.expect(410, "GET", &format!("/secrets/{secret}/versions/{}", id(&versions[0])), None).await;
    world.expect(200, "GET", &format!("/secrets/{secret}/versions/{}/metadata", id(&versions[0])), None).await;
}

#[tokio::test]
async fn deleting_the_current_data_destroys_the_secret() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    let data = format!("/secrets/{secret}/versions/current/secret_data");
    world.expect(204, "DELETE", &data, None).await;
    assert_eq!(world.newest(&secret).await["trigger"], "secret_version_data_deletion");
    let metadata = world.secret(&secret).await;
    assert_eq!((&metadata["state"], &metadata["state_description"]), (&json!(5), &json!("destroyed")));
    assert_eq!(world.get(&format!("/secrets/{secret}")).await.get("credentials_content"), None);
    world.expect(409, "DELETE", &data, None).await;
    world.expect(409, "POST", &format!("/secrets/{secret}/versions"), Some(json!({}))).await;
}

#[tokio::test]
async fn a_secret_goes_only_when_its_credentials_are_gone() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    let path = format!("/secrets/{secret}");
    world.expect(409, "DELETE", &path, None).await;
    world.expect(204, "DELETE", &format!("{path}/versions/current/secret_data"), None).await;
    world.expect(409, "DELETE", &path, None).await;
    world.deleted(&secret, &id(&world.newest(&secret).await)).await;
    world.expect(204, "DELETE", &path, None).await;
    world.expect(404, "GET", &path, None).await;
    assert_eq!(world.emulator.tasks().len(), 2, "the owner of the emulator still sees the tasks");
}

#[tokio::test]
async fn force_deletes_at_once_and_a_started_deletion_goes_on() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    let path = format!("/secrets/{secret}");
    world.expect(204, "DELETE", &format!("{path}/versions/current/secret_data"), None).await;
    let task = id(&world.newest(&secret).await);
    world.expect(204, "DELETE", &format!("{path}?force_delete=true"), None).await;
    world.expect(404, "GET", &path, None).await;
    world.expect(404, "GET", &format!("{path}/tasks"), None).await;
    world.deleted(&secret, &task).await;
}

#[tokio::test]
async fn force_cancels_a_creation() {
    let world = World::new().await;
    let made = world.create("a1").await;
    world.expect(204, "DELETE", &format!("/secrets/{}?force_delete=true", made.secret), None).await;
    let (status, _) = world.report(&made.secret, &made.task, json!({ "status": "credentials_deleted" })).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_patch_merges_parameters_and_counts_for_the_next_version() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({ "parameters": { "tenant": "blue", "lifetime_hours": 48 } })).await;
    let path = format!("/secrets/{secret}/metadata");
    let change = json!({ "ttl": "45d", "parameters": { "lifetime_hours": null, "dry": true }, "labels": ["crm", "eu"], "name": "a2" });
    let patched = world.expect(200, "PATCH", &path, Some(change)).await;
    assert_eq!((&patched["ttl"], &patched["name"]), (&json!("3888000"), &json!("a2")));
    assert_eq!(patched["parameters"], json!({ "tenant": "blue", "dry": true }));
    assert_eq!(patched.get("expiration_date"), None, "the version keeps its life");
    for wrong in [
        json!({ "parameters": { "tenant": null } }),
        json!({ "configuration": "other" }),
        json!({ "secret_group_id": "default" }),
        json!({ "ttl": "1h" }),
    ] {
        world.expect(400, "PATCH", &path, Some(wrong)).await;
    }
    assert_eq!(world.secret(&secret).await, patched);
}

#[tokio::test]
async fn a_policy_that_rotates_after_expiry_is_refused() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({ "ttl": "10d" })).await;
    let patch = json!({ "ttl": "60d", "rotation": { "auto_rotate": true, "interval": 20, "unit": "day" } });
    let (status, body) = world.emulator.call("PATCH", &format!("/api/v2/secrets/{secret}/metadata"), Some(patch)).await;
    assert_eq!((status, &body["errors"][0]["code"]), (400, &json!("Error02009")));
}

#[tokio::test]
async fn a_secret_can_be_read_by_name() {
    let world = World::new().await;
    let secret = world.create_active("a1", json!({})).await;
    let found = world.get("/secret_groups/default/secret_types/custom_credentials/secrets/a1").await;
    assert_eq!((id(&found), &found["credentials_content"]["token"]), (secret, &json!("t0k3n")));
    world.expect(404, "GET", "/secret_groups/default/secret_types/kv/secrets/a1", None).await;
}

#[tokio::test]
async fn lists_have_pages_filters_and_an_order() {
    let world = World::new().await;
    for name in ["s3", "s1", "s2"] {
        let labels = if name == "s1" { json!(["odd-one"]) } else { json!([]) };
        world
            .post("/secrets", json!({ "secret_type": "arbitrary", "name": name, "payload": "p", "labels": labels }))
            .await;
    }
    let page = world.get("/secrets?secret_types=arbitrary&sort=-name&limit=2").await;
    let names: Vec<&str> =
        page["secrets"].as_array().expect("items").iter().filter_map(|secret| secret["name"].as_str()).collect();
    assert_eq!((names, &page["total_count"]), (vec!["s3", "s2"], &json!(3)));
    assert!(page.get("previous").is_none());
    let next = page["next"]["href"].as_str().expect("a next page");
    let next = next.strip_prefix(&format!("{}/api/v2", world.emulator.url())).expect("the same instance");
    let page = world.get(next).await;
    assert_eq!((&page["secrets"][0]["name"], page.get("next")), (&json!("s1"), None));
    assert!(page["secrets"][0].get("payload").is_none(), "lists hold no secret data");
    assert_eq!(world.get("/secrets?match_all_labels=odd-one").await["total_count"], 1);
    assert_eq!(world.get("/secrets?search=S2").await["total_count"], 1);
    for wrong in ["limit=0", "limit=1001", "offset=x", "sort=payload", "search=x", "secret_types=all"] {
        world.expect(400, "GET", &format!("/secrets?{wrong}"), None).await;
    }
}

#[tokio::test]
async fn groups_have_unique_names_and_must_be_empty_to_go() {
    let world = World::new().await;
    let group = world.post("/secret_groups", json!({ "name": "team", "description": "ours" })).await;
    let path = format!("/secret_groups/{}", id(&group));
    world.expect(409, "POST", "/secret_groups", Some(json!({ "name": "team" }))).await;
    let secret = json!({ "secret_type": "arbitrary", "name": "s1", "payload": "p", "secret_group_id": group["id"] });
    let secret = id(&world.post("/secrets", secret).await);
    world.expect(409, "DELETE", &path, None).await;
    world.expect(204, "DELETE", &format!("/secrets/{secret}"), None).await;
    assert_eq!(world.expect(200, "PATCH", &path, Some(json!({ "name": "crew" }))).await["name"], "crew");
    world.expect(204, "DELETE", &path, None).await;
    assert_eq!(world.get("/secret_groups").await["total_count"], 1);
    world.expect(400, "DELETE", "/secret_groups/default", None).await;
}

#[tokio::test]
async fn configurations_have_limits() {
    let world = World::new().await;
    let create = |name: String, job: String| {
        let code_engine = json!({ "job_name": job, "project_id": "p", "region": "us-south" });
        json!({ "config_type": "custom_credentials_configuration", "name": name, "code_engine": code_engine })
    };
    let (path, text) = ("/configurations", str::to_owned);
    world.expect(409, "POST", path, Some(create(text("crm-provider"), text("crm-job")))).await;
    world.expect(409, "POST", path, Some(create(text("other"), text("crm-job")))).await;
    world.expect(400, "POST", path, Some(create(text("other"), text("no-job")))).await;
    world
        .expect(501, "POST", path, Some(json!({ "config_type": "iam_credentials_configuration", "name": "x1" })))
        .await;
    for number in 2..=11 {
        let job = format!("job-{number}");
        world.emulator.register_job_by_hand(&job, CRM_JOB).expect("the declarations are right");
        let expected = if number == 11 { 400 } else { 201 };
        world.expect(expected, "POST", path, Some(create(format!("config-{number}"), job))).await;
    }
}

#[tokio::test]
async fn a_configuration_in_use_stays_and_only_its_timeout_changes() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let path = "/configurations/crm-provider";
    world.expect(409, "DELETE", path, None).await;
    world.expect(400, "PATCH", path, Some(json!({ "task_timeout": "1m" }))).await;
    world.expect(400, "PATCH", path, Some(json!({ "name": "other" }))).await;
    world.expect(204, "DELETE", &format!("/secrets/{}?force_delete=true", made.secret), None).await;
    world.expect(204, "DELETE", path, None).await;
    world.expect(404, "GET", path, None).await;
}

#[tokio::test]
async fn the_schema_is_frozen_when_the_configuration_is_created() {
    let world = World::new().await;
    let before = world.get("/configurations/crm-provider").await;
    let declarations =
        r#"{ "job_env_variables": [ { "name": "SMOUT_OTHER", "value": "type:string, required:true" } ] }"#;
    world.emulator.register_job_by_hand("crm-job", declarations).expect("the declarations are right");
    assert_eq!(world.get("/configurations/crm-provider").await, before);
    world.create_active("a1", json!({})).await;
}

#[tokio::test]
async fn a_body_must_be_json() {
    let world = World::new().await;
    let message = refusal(400, world.emulator.call("POST", "/api/v2/secrets", None).await);
    assert!(message.contains("JSON"), "{message}");
}
