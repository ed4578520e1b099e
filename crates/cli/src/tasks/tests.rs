use std::process::ExitCode;

use super::*;
use crate::service::testing::{CANARY, File, World, parse};

async fn said(world: &World, words: &[&str]) -> Result<Said, Problem> {
    answer(&parse::<TasksCommand>(words), &world.lookup()).await
}

async fn refusal(world: &World, words: &[&str]) -> String {
    said(world, words).await.expect_err("refused").to_string()
}

async fn reported(world: &World, more: &[&str]) -> Result<Said, Problem> {
    let words = ["secret-task-update", "--secret-id", &world.secret, "--id", &world.task];
    let words: Vec<&str> = words.into_iter().chain(more.iter().copied()).collect();
    answer(&parse::<TasksCommand>(&words), &world.job_lookup()).await
}

/// `ExitCode` can only be compared by what it shows.
fn ends(said: &Said, exit: ExitCode) -> bool {
    format!("{:?}", said.exit) == format!("{exit:?}")
}

#[tokio::test]
async fn tasks_are_listed() {
    let world = World::active().await;
    let said = said(&world, &["secret-tasks", "--secret-id", &world.secret]).await.expect("listed");
    assert!(said.text.starts_with("ID ") && said.text.contains("credentials_created"), "{}", said.text);
    assert_eq!(said.document["tasks"][0]["id"], world.task.as_str());
    assert!(!said.text.contains(CANARY) && !said.document.to_string().contains(CANARY));
}

#[tokio::test]
async fn a_task_is_shown_under_the_services_names() {
    let world = World::new().await;
    let words = ["secret-task", "--secret-id", &world.secret, "--id", &world.task];
    let said = said(&world, &words).await.expect("shown");
    assert_eq!(said.document["task"]["status"], "processing");
    assert_eq!(said.document["task"]["secret_id"], world.secret.as_str());
    assert!(said.text.contains("Status") && said.text.contains("processing"), "{}", said.text);
}

#[tokio::test]
async fn watching_lasts_until_the_task_is_final() {
    let world = World::new().await;
    let words = ["secret-tasks", "--secret-id", &world.secret, "--watch"];
    let job = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let failed = json!({ "status": "failed", "errors": [{ "code": "ERR1", "description": "no quota" }] });
        assert_eq!(world.report(failed).await, 200);
    };
    let (said, ()) = tokio::join!(said(&world, &words), job);
    let said = said.expect("followed");
    assert!(said.text.contains("ERR1: no quota"), "{}", said.text);
    assert!(ends(&said, ExitCode::from(1)));
}

#[tokio::test]
async fn watching_a_task_that_went_well_ends_well() {
    let world = World::active().await;
    let words = ["secret-task", "--secret-id", &world.secret, "--id", &world.task, "--watch"];
    assert!(ends(&said(&world, &words).await.expect("followed"), ExitCode::SUCCESS));
}

#[tokio::test]
async fn a_task_that_is_cancelled_while_it_is_watched_is_an_error() {
    let world = World::new().await;
    let words = ["secret-tasks", "--secret-id", &world.secret, "--watch"];
    let cancel = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        said(&world, &["secret-task-delete", "--secret-id", &world.secret, "--id", &world.task])
            .await
            .expect("deleted");
    };
    let (followed, ()) = tokio::join!(said(&world, &words), cancel);
    let text = followed.expect_err("gone").to_string();
    assert!(text.contains("was deleted"), "{text}");
}

#[tokio::test]
async fn credentials_are_reported_from_a_file_and_not_shown() {
    let world = World::new().await;
    let file = File::new("credentials", &format!(r#"{{"id":"tok-1","payload":{{"token":"{CANARY}"}}}}"#));
    let more = ["--task-put-status", "credentials_created", "--task-put-credentials", &file.flag()];
    let said = reported(&world, &more).await.expect("applied");
    assert_eq!(said.document["task"]["status"], "credentials_created");
    assert!(!said.text.contains(CANARY) && !said.document.to_string().contains(CANARY));
    let (_, secret) = world.emulator.call("GET", &format!("/api/v2/secrets/{}", world.secret), None).await;
    assert_eq!(secret["credentials_content"]["token"], CANARY);
}

#[tokio::test]
async fn a_whole_report_can_stand_in_a_file() {
    let world = World::new().await;
    let file = File::new("report", r#"{"status":"failed","errors":[{"code":"ERR1","description":"no quota"}]}"#);
    let said = reported(&world, &["--task-put", &file.flag()]).await.expect("applied");
    assert_eq!(said.document["task"]["errors"][0]["code"], "ERR1");
}

#[tokio::test]
async fn a_deletion_is_reported_without_more() {
    let world = World::active().await;
    let path = format!("/api/v2/secrets/{}/versions/current/secret_data", world.secret);
    world.emulator.call("DELETE", &path, None).await;
    let (_, list) = world.emulator.call("GET", &format!("/api/v2/secrets/{}/tasks", world.secret), None).await;
    let task = list["tasks"][0]["id"].as_str().expect("a task").to_owned();
    let world = World { task, ..world };
    let said = reported(&world, &["--task-put-status", "credentials_deleted"]).await.expect("applied");
    assert_eq!(said.document["task"]["status"], "credentials_deleted");
}

#[tokio::test]
async fn a_manager_may_not_report() {
    let world = World::new().await;
    let words = [
        "secret-task-update",
        "--secret-id",
        &world.secret,
        "--id",
        &world.task,
        "--task-put-status",
        "credentials_deleted",
    ];
    let text = refusal(&world, &words).await;
    assert!(text.contains("SecretTaskUpdater"), "{text}");
}

#[tokio::test]
async fn a_final_task_takes_no_report() {
    let world = World::active().await;
    let errors = r#"[{"code":"ERR1","description":"late"}]"#;
    let problem =
        reported(&world, &["--task-put-status", "failed", "--task-put-errors", errors]).await.expect_err("refused");
    assert!(problem.to_string().contains("`processing`"), "{problem}");
    assert_eq!(problem.exit(), crate::problem::Exit::TaskFailed);
}

#[tokio::test]
async fn a_missing_task_and_a_bad_id_are_told_apart() {
    let world = World::new().await;
    let missing = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
    let words = ["secret-task", "--secret-id", &world.secret, "--id", missing];
    let problem = said(&world, &words).await.expect_err("missing");
    assert!(problem.to_string().contains("does not have task"), "{problem}");
    assert_eq!(problem.exit(), crate::problem::Exit::TaskFailed);
    let words = ["secret-task", "--secret-id", &world.secret, "--id", "5f0e3a52"];
    let problem = said(&world, &words).await.expect_err("malformed");
    assert_eq!(problem.exit(), crate::problem::Exit::Usage);
}

#[tokio::test]
async fn an_unknown_key_is_refused_at_once_and_not_shown() {
    let world = World::new().await;
    let url = world.emulator.url().to_owned();
    let lookup = move |name: &str| match name {
        "SECRETS_MANAGER_URL" => Some(url.clone()),
        "SECRETS_MANAGER_APIKEY" => Some("canary-cli-wrong-key".to_owned()),
        _ => None,
    };
    let started = std::time::Instant::now();
    let command = parse::<TasksCommand>(&["secret-tasks", "--secret-id", &world.secret]);
    let text = answer(&command, &lookup).await.expect_err("refused").to_string();
    assert!(text.contains("does not know the API key") && !text.contains("canary"), "{text}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_report_needs_one_of_its_forms() {
    let command = <TasksCommand as clap::Subcommand>::augment_subcommands(clap::Command::new("credjob"));
    for more in [&[][..], &["--task-put", "@a", "--task-put-status", "failed"], &["--task-put-errors", "[]"]] {
        let words = ["credjob", "secret-task-update", "--secret-id", "a", "--id", "b"];
        let matches = command.clone().try_get_matches_from(words.iter().chain(more));
        assert!(matches.is_err(), "{more:?}");
    }
}
