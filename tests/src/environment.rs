//! Environments that make no sense: exit code 2, every problem once, no value repeated.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use credjob_testkit::leak::{Canaries, assert_no_leak, canary};
use credjob_testkit::process::{Finished, Program};

use crate::support::{CERTIFICATE, program};

const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";

/// A job whose environment is complete. Nothing listens where it points to.
fn complete(api_key: &str) -> Program {
    Program::new(program(CERTIFICATE))
        .env("SM_ACTION", "create_credentials")
        .env("SM_TRIGGER", "secret_creation")
        .env("SM_INSTANCE_URL", "http://127.0.0.1:9")
        .env("SM_SECRET_TASK_ID", TASK)
        .env("SM_SECRET_ID", SECRET)
        .env("SM_SECRET_NAME", "web")
        .env("SM_SECRET_GROUP_ID", "default")
        .env("SM_ACCESS_APIKEY", api_key)
        .env("CREDJOB_IAM_URL", "http://127.0.0.1:9")
        .env("SM_COMMON_NAME_VALUE", "example.com")
}

/// The job ends with exit code 2 and one log line, which names each of these variables as the subject of one problem.
async fn cannot_address(job: Program, variables: &[&str]) -> Finished {
    let finished = job.run().await.expect("the job ends");
    assert_eq!(finished.exit, Some(2), "{}", finished.stderr_text());
    assert_eq!(finished.stdout, b"", "standard output is empty");
    let log = finished.stderr_text();
    assert_eq!(log.lines().count(), 1, "{log}");
    let events = finished.events_named("cannot_address_task");
    let problems = events.first().and_then(|event| event["problems"].as_str()).unwrap_or_default();
    let mut named: Vec<&str> =
        problems.split("; ").filter_map(|problem| problem.split_once(": ")).map(|(name, _)| name).collect();
    named.sort_unstable();
    let mut expected = variables.to_vec();
    expected.sort_unstable();
    assert_eq!(named, expected, "{problems}");
    finished
}

#[tokio::test]
async fn an_empty_environment_lists_everything_that_is_missing() {
    let missing =
        ["SM_ACTION", "SM_TRIGGER", "SM_INSTANCE_URL", "SM_SECRET_TASK_ID", "SM_SECRET_ID", "SM_ACCESS_APIKEY"];
    cannot_address(Program::new(program(CERTIFICATE)), &missing).await;
}

#[tokio::test]
async fn empty_variables_count_as_missing() {
    let job = complete(&canary("key")).env("SM_SECRET_ID", "").env("SM_ACCESS_APIKEY", "");
    cannot_address(job, &["SM_SECRET_ID", "SM_ACCESS_APIKEY"]).await;
}

#[tokio::test]
async fn malformed_variables_are_listed_and_their_values_are_not_repeated() {
    let (password, id, task, key) = (canary("password"), canary("id"), canary("task"), canary("key"));
    let job = complete(&key)
        .env("SM_INSTANCE_URL", format!("https://user:{password}@example.com"))
        .env("SM_SECRET_ID", &id)
        .env("SM_SECRET_TASK_ID", &task);
    let finished = cannot_address(job, &["SM_INSTANCE_URL", "SM_SECRET_ID", "SM_SECRET_TASK_ID"]).await;
    let canaries = Canaries::new().with("password", password).with("id", id).with("task", task).with("key", key);
    assert_no_leak("standard error", &finished.stderr, &canaries);
}

#[tokio::test]
async fn an_unencrypted_instance_is_refused() {
    let job = complete(&canary("key")).env("SM_INSTANCE_URL", "http://instance.example.com");
    cannot_address(job, &["SM_INSTANCE_URL"]).await;
}

#[tokio::test]
async fn an_unencrypted_iam_is_refused() {
    let job = complete(&canary("key")).env("CREDJOB_IAM_URL", "http://iam.example.com");
    cannot_address(job, &["CREDJOB_IAM_URL"]).await;
}

#[tokio::test]
async fn a_deadline_too_short_to_report_anything_is_refused() {
    cannot_address(complete(&canary("key")).env("CREDJOB_DEADLINE", "1s"), &["CREDJOB_DEADLINE"]).await;
}

#[tokio::test]
async fn a_value_that_is_no_text_is_a_problem_and_no_panic() {
    let job = complete(&canary("key")).env("SM_SECRET_ID", OsStr::from_bytes(b"\xff\xfe"));
    cannot_address(job, &["SM_SECRET_ID"]).await;
}

#[tokio::test]
async fn problems_that_could_be_reported_are_listed_too() {
    let job =
        complete(&canary("key")).env("SM_SECRET_ID", "").env("SM_ACTION", "shrug").env("CREDJOB_DEADLINE", "soon");
    cannot_address(job, &["SM_ACTION", "SM_SECRET_ID", "CREDJOB_DEADLINE"]).await;
}

#[tokio::test]
async fn unknown_arguments_are_bad_usage() {
    let finished = complete(&canary("key")).arg("--frobnicate").run().await.expect("the job ends");
    assert_eq!(finished.exit, Some(2));
    assert!(finished.stderr_text().contains("--help"), "the error says what to type next");
}
