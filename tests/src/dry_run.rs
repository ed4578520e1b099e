//! `credjob dry-run` as a person or a script starts it: both providers, both formats, exit codes, no secret.

use std::path::Path;
use std::time::Duration;

use credjob_testkit::leak::{Canaries, assert_no_leak, canary};
use credjob_testkit::process::{Finished, Program};
use credjob_testkit::target::Target as _;
use serde_json::{Value, json};

use crate::support::jfrog::JfrogTarget;
use crate::support::{CERTIFICATE, CLI, JFROG, program};

/// The first start builds the provider's target.
const LIMIT: Duration = Duration::from_secs(300);

/// The root of the workspace, where `providers/` is.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package has a folder above it")
}

fn dry_run() -> Program {
    let command = Program::new(program(CLI)).arg("dry-run").directory(root()).timeout(LIMIT);
    // What cargo needs, for a provider that has a target to build.
    let cargo = ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_INCREMENTAL", "CARGO_BUILD_JOBS", "CARGO_NET_OFFLINE"];
    let names = ["PATH", "HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "RUSTFLAGS"].into_iter().chain(cargo);
    names.fold(command, Program::inherit)
}

fn certificate() -> Program {
    dry_run().arg("--bin").arg(program(CERTIFICATE)).args([
        "--param",
        "common_name=example.com",
        "--param",
        "key_algo=ECDSA",
    ])
}

/// The JFrog provider with its target, `examples/target.rs`.
fn jfrog() -> Program {
    dry_run().arg("jfrog").arg("--bin").arg(program(JFROG))
}

async fn ends_with(command: Program, exit: i32) -> Finished {
    let finished = command.run().await.expect("the command ends");
    assert_eq!(finished.exit, Some(exit), "{}", finished.stderr_text());
    finished
}

fn document(finished: &Finished) -> Value {
    serde_json::from_slice(&finished.stdout).expect("standard output is one JSON document")
}

/// Step and status of each task.
fn tasks(document: &Value) -> Vec<(String, String)> {
    let text = |task: &Value, key: &str| task[key].as_str().unwrap_or_default().to_owned();
    let tasks = document["tasks"].as_array().expect("tasks");
    tasks.iter().map(|task| (text(task, "step"), text(task, "status"))).collect()
}

fn whole_life() -> Vec<(String, String)> {
    let steps = [
        ("create", "credentials_created"),
        ("rotate", "credentials_created"),
        ("delete previous", "credentials_deleted"),
        ("delete current", "credentials_deleted"),
    ];
    steps.map(|(step, status)| (step.to_owned(), status.to_owned())).to_vec()
}

#[tokio::test]
async fn a_certificate_life_in_text() {
    let finished = ends_with(certificate(), 0).await;
    let text = finished.stdout_text();
    for word in ["create", "rotate", "delete previous", "delete current", "secret_creation", "ok"] {
        assert!(text.contains(word), "`{word}` is missing in:\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "no colours where no terminal is");
}

#[tokio::test]
async fn a_certificate_life_as_json() {
    let document = document(&ends_with(certificate().args(["--format", "json"]), 0).await);
    assert_eq!(document["version"], 1);
    assert_eq!(document["provider"]["name"], "certificate");
    assert_eq!(document["verdict"], json!({ "ok": true, "problems": [] }));
    assert_eq!(tasks(&document), whole_life());
}

#[tokio::test]
async fn a_certificate_life_in_text_shows_no_key() {
    let finished = ends_with(certificate().args(["--show-logs", "--job-env", "CREDJOB_LOG=trace"]), 0).await;
    // How every key begins that the provider makes, and so how its base64 does.
    let canaries = Canaries::new().with("a private key", "-----BEGIN PRIVATE KEY-----");
    assert_no_leak("standard output", &finished.stdout, &canaries);
    assert_no_leak("standard error", &finished.stderr, &canaries);
}

#[tokio::test]
async fn a_jfrog_life_with_its_own_target() {
    let document = document(&ends_with(jfrog().args(["--format", "json"]), 0).await);
    assert_eq!(tasks(&document), whole_life());
    assert_eq!(document["live_credentials"], 0);
}

#[tokio::test]
async fn a_jfrog_life_in_text_gives_nothing_away() {
    let finished = ends_with(jfrog().args(["--show-logs", "--job-env", "CREDJOB_LOG=trace"]), 0).await;
    // How the tokens of the provider's target begin, and its login.
    let canaries = Canaries::new().with("a token", "eyJ2ZXIiOiIyIn0.").with("the login", "admin-token-of-the-stand-in");
    assert_no_leak("standard output", &finished.stdout, &canaries);
    assert_no_leak("standard error", &finished.stderr, &canaries);
}

#[tokio::test]
async fn a_single_lost_answer_fails_nothing() {
    let command = certificate().args(["--fault", "task-update:response-lost,status-503", "--format", "json"]);
    let document = document(&ends_with(command, 0).await);
    assert_eq!(tasks(&document), whole_life());
}

#[tokio::test]
async fn a_fault_that_fails_a_task_fails_the_run_and_leaves_nothing() {
    let command = jfrog().args(["--fault", "secret-read:status-403", "--format", "json"]);
    let document = document(&ends_with(command, 1).await);
    assert_eq!(tasks(&document)[0], ("create".to_owned(), "failed".to_owned()));
    assert_eq!(document["tasks"][0]["errors"][0]["code"], "CREDJOB_SECRET_FORBIDDEN");
    assert_eq!((&document["live_credentials"], &document["verdict"]["ok"]), (&json!(0), &json!(false)));
}

#[tokio::test]
async fn a_parameter_that_the_job_refuses_fails_the_run() {
    let command = certificate().args(["--param", "expiration_days=0", "--format", "json"]);
    let document = document(&ends_with(command, 1).await);
    assert_eq!(document["tasks"][0]["errors"][0]["code"], "CREDJOB_BAD_PARAMETER");
    assert!(
        document["tasks"][0]["errors"][0]["description"]
            .as_str()
            .is_some_and(|text| text.contains("SM_EXPIRATION_DAYS_VALUE"))
    );
}

#[tokio::test]
async fn a_failing_run_in_text_says_what_to_type_next() {
    let finished = ends_with(certificate().args(["--param", "expiration_days=0"]), 1).await;
    let everything = finished.stdout_text() + &finished.stderr_text();
    assert!(everything.contains("CREDJOB_BAD_PARAMETER"), "{everything}");
    assert!(everything.contains("--show-logs"), "{everything}");
}

/// Wrong usage: exit code 2, a hint, an empty standard output.
async fn is_wrong_usage(command: Program, word: &str) -> Finished {
    let finished = ends_with(command.args(["--format", "json"]), 2).await;
    assert_eq!(finished.stdout, b"");
    let text = finished.stderr_text();
    assert!(text.contains(word), "{text}");
    finished
}

#[tokio::test]
async fn a_missing_parameter_is_wrong_usage() {
    is_wrong_usage(dry_run().arg("--bin").arg(program(CERTIFICATE)), "common_name").await;
}

#[tokio::test]
async fn an_unknown_parameter_is_wrong_usage() {
    is_wrong_usage(certificate().args(["--param", "comon_name=x"]), "did you mean").await;
}

#[tokio::test]
async fn an_unknown_fault_is_wrong_usage() {
    is_wrong_usage(certificate().args(["--fault", "task-put:html"]), "task-update").await;
}

#[tokio::test]
async fn a_secret_value_on_the_command_line_is_refused_and_not_repeated() {
    let secret = canary("typed");
    let command = jfrog().arg("--secret").arg(format!("login_secret_id={secret}"));
    let finished = is_wrong_usage(command, "@FILE").await;
    assert_no_leak("standard error", &finished.stderr, &Canaries::new().with("the typed secret", secret));
}

/// A JFrog life against a platform of this test, with the login in `@source`.
async fn with_a_login(source: &str, input: Option<&str>, target: &JfrogTarget) {
    let command = jfrog()
        .arg("--no-target")
        .arg("--param")
        .arg(format!("jfrog_base_url={}", target.server.url()))
        .args(["--job-env", "CREDJOB_ALLOWED_HOSTS=127.0.0.1", "--job-env", "CREDJOB_LOG=trace", "--show-logs"])
        .arg("--secret")
        .arg(format!("login_secret_id=@{source}"))
        .input(input.unwrap_or_default());
    let finished = ends_with(command, 0).await;
    assert_eq!(target.live().await.expect("counted"), Some(0));
    assert_no_leak("standard output", &finished.stdout, &target.canaries());
    assert_no_leak("standard error", &finished.stderr, &target.canaries());
}

#[tokio::test]
async fn a_login_from_a_file_is_used_and_not_shown() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    // With the line end that an editor adds.
    std::fs::write(file.path(), format!("{}\n", target.login())).expect("it can be written");
    with_a_login(file.path().to_str().expect("a text"), None, &target).await;
}

#[tokio::test]
async fn a_login_from_standard_input_is_used_and_not_shown() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let login = target.login().to_owned();
    with_a_login("-", Some(&login), &target).await;
}

#[tokio::test]
async fn an_interrupted_run_stops_its_jobs() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    target.server.script("POST", "/access/api/v1/tokens", [credjob_emulator::Fault::HangAfter]);
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), target.login()).expect("it can be written");
    let command = jfrog()
        .arg("--no-target")
        .arg("--param")
        .arg(format!("jfrog_base_url={}", target.server.url()))
        .args(["--job-env", "CREDJOB_ALLOWED_HOSTS=127.0.0.1", "--format", "json"])
        .arg("--secret")
        .arg(format!("login_secret_id=@{}", file.path().display()));
    let running = command.start().expect("it starts");
    target.server.asked("POST", "/access/api/v1/tokens").await;
    running.interrupt().expect("it runs");
    let finished = running.wait().await.expect("it ends");
    assert_eq!(finished.exit, Some(130), "{}", finished.stderr_text());
    assert_eq!(finished.stdout, b"");
    assert_eq!(target.live().await.expect("counted"), Some(0), "the job had the time to clean up");
}
