use super::*;
use crate::problem::Exit;
use crate::service::testing::{CANARY, File, World, parse};

async fn said(world: &World, words: &[&str]) -> Result<Said, Problem> {
    let command = parse::<LocksCommand>(words);
    let service = ServiceArgs { service_url: None, format: crate::service::Output::Text };
    answer(&command, &service, &world.lookup()).await
}

fn many(count: usize) -> String {
    let locks: Vec<_> = (0..count).map(|number| serde_json::json!({ "name": format!("app-{number:03}") })).collect();
    serde_json::Value::from(locks).to_string()
}

#[tokio::test]
async fn locks_are_created_listed_and_deleted() {
    let world = World::active().await;
    let id = world.secret.as_str();
    let locks = r#"[{"name":"app-1","description":"used by app 1","attributes":{"cluster":"c-17"}},{"name":"app-2"}]"#;
    let created = said(&world, &["secret-locks-bulk-create", "--id", id, "--locks", locks]).await.expect("created");
    assert!(created.text.contains("current  app-1, app-2"), "{}", created.text);
    let listed = said(&world, &["secret-locks", "--id", id, "--sort", "-name"]).await.expect("listed");
    assert_eq!(listed.document["locks"][1]["attributes"]["cluster"], "c-17");
    assert!(!listed.text.contains(CANARY));
    let left = said(&world, &["secret-locks-bulk-delete", "--id", id, "--name", "app-1,app-3"]).await.expect("deleted");
    assert_eq!(left.document["versions"][0]["locks"], serde_json::json!(["app-2"]));
    let left = said(&world, &["secret-locks-bulk-delete", "--id", id]).await.expect("deleted");
    assert_eq!(left.text, "the secret has no locks\n");
}

#[tokio::test]
async fn a_version_is_locked_by_its_alias() {
    let world = World::active().await;
    let file = File::new("locks", r#"{"locks":[{"name":"app-1"}]}"#);
    let version = ["--secret-id", world.secret.as_str(), "--id", "current"];
    let flag = file.flag();
    let words = [&["secret-version-locks-bulk-create"][..], &version, &["--locks", &flag, "--mode", "remove_previous"]]
        .concat();
    said(&world, &words).await.expect("created");
    let listed = said(&world, &[&["secret-version-locks"][..], &version].concat()).await.expect("listed");
    assert_eq!(listed.document["total_count"], 1);
    let words = [&["secret-version-locks-bulk-delete"][..], &version, &["--name", "app-1"]].concat();
    assert_eq!(said(&world, &words).await.expect("deleted").document["versions"], serde_json::json!([]));
}

#[tokio::test]
async fn every_page_is_fetched_when_that_is_asked_for() {
    let world = World::active().await;
    let id = world.secret.as_str();
    said(&world, &["secret-locks-bulk-create", "--id", id, "--locks", &many(60)]).await.expect("created");
    let first = said(&world, &["secret-locks", "--id", id]).await.expect("listed");
    assert!(first.text.contains("25 of 60 locks"), "{}", first.text);
    let all = said(&world, &["secret-locks", "--id", id, "--all-pages", "--sort", "name"]).await.expect("listed");
    let names = all.document["locks"].as_array().expect("an array");
    assert_eq!((names.len(), &names[59]["name"]), (60, &serde_json::json!("app-059")));
}

#[tokio::test]
async fn a_locked_or_busy_secret_is_a_refusal_with_a_hint() {
    let world = World::new().await;
    let words = ["secret-locks-bulk-create", "--id", &world.secret, "--locks", r#"[{"name":"app-1"}]"#];
    let problem = said(&world, &words).await.expect_err("busy");
    assert!(problem.to_string().contains("secret-tasks --watch"), "{problem}");
    assert_eq!(problem.exit(), Exit::TaskFailed);
}

#[tokio::test]
async fn the_unsupported_mode_is_refused_before_anything_is_sent() {
    let world = World::active().await;
    let words =
        ["secret-locks-bulk-create", "--id", &world.secret, "--locks", "[]", "--mode", "remove_previous_and_delete"];
    let problem = said(&world, &words).await.expect_err("refused");
    assert_eq!(problem.exit(), Exit::Usage);
    let sent = world.emulator.requests().into_iter().filter(|request| request.connection.is_some()).count();
    assert_eq!(sent, 0);
}
