//! Whole lives at the most talkative log level, and a platform that hides a secret where nobody expects one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credjob_testkit::emulated::{Emulated, Pending};
use credjob_testkit::leak::{Canaries, assert_no_leak, canary};
use credjob_testkit::server::{Answer, Asked, StandInServer};
use credjob_testkit::target::{Target as _, TargetSettings};
use serde_json::json;

use crate::support::jfrog::JfrogTarget;
use crate::support::trial::{DEADLINE, Trial};
use crate::support::{CERTIFICATE, JFROG, program};

#[tokio::test]
async fn a_platform_that_puts_the_login_token_into_a_name() {
    let login = canary("login");
    // What is found by its name is logged with that name: nothing but the log itself can take the token out again.
    let name = login.clone();
    let platform = move |asked: &Asked| match asked.method.as_str() {
        "GET" => {
            let prefix = asked.query.trim_start_matches("description=").trim_end_matches(['*', '-']);
            let found = json!({ "token_id": "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607", "description": format!("{prefix}-{name}") });
            Answer::json(200, &json!({ "tokens": [found] }))
        }
        _ => Answer::empty(200),
    };
    let server = StandInServer::start(platform).await.expect("a port");
    let settings = TargetSettings::new()
        .param("jfrog_base_url", server.url())
        .secret("login_secret_id", &login)
        .job_env("CREDJOB_ALLOWED_HOSTS", "127.0.0.1");
    let emulated = Emulated::with(program(JFROG), &settings).by_hand().start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the secret is taken");
    let re_run = emulated.job(&pending, 1).await.expect("dispatched").run().await.expect("the run ends");
    assert_no_leak("standard error", &re_run.stderr, &emulated.canaries(&[&pending]).await);
    let found = re_run.events_named("leftover");
    assert!(
        found.iter().any(|event| event["marker"].as_str().is_some_and(|marker| marker.ends_with("[redacted]"))),
        "{found:?}"
    );
}

/// Searches the logs of jobs that the emulator ran.
async fn search(emulated: &Emulated, tasks: &[&Pending], others: &Canaries) {
    let mut canaries = emulated.canaries(tasks).await;
    canaries.extend(others);
    for pending in tasks {
        let log = emulated.emulator().job_log(&pending.task_id).expect("a job ran");
        assert!(log.stderr.lines().count() > 5, "the log is talkative");
        assert_no_leak("standard output", log.stdout.as_bytes(), &canaries);
        assert_no_leak("standard error", log.stderr.as_bytes(), &canaries);
        assert_no_leak("the task", emulated.task(pending).await.to_string().as_bytes(), &canaries);
    }
}

#[tokio::test]
async fn a_jfrog_life_at_the_most_talkative_log_level() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let settings = target.settings().param("refreshable", true).param("include_reference_token", true);
    let setup = Emulated::with(program(JFROG), &settings).job_env("CREDJOB_LOG", "trace");
    let emulated = setup.start().await.expect("the emulator starts");
    let create = emulated.create().await.expect("the secret is taken");
    emulated.wait(&create).await;
    search(&emulated, &[&create], &target.canaries()).await;
    let delete = emulated.delete_data(&create.secret_id, "current").await.expect("its data may be deleted");
    emulated.wait(&delete).await;
    search(&emulated, &[&create, &delete], &target.canaries()).await;
}

#[tokio::test]
async fn a_certificate_life_at_the_most_talkative_log_level() {
    let settings = TargetSettings::new().param("common_name", "example.com").param("key_algo", "ECDSA");
    let setup = Emulated::with(program(CERTIFICATE), &settings).job_env("CREDJOB_LOG", "trace");
    let emulated = setup.start().await.expect("the emulator starts");
    let create = emulated.create().await.expect("the secret is taken");
    emulated.wait(&create).await;
    let secret = emulated.secret(&create.secret_id).await.expect("it can be read");
    let key = secret["credentials_content"]["private_key_base64"].as_str().expect("a text");
    let key = STANDARD.decode(key).expect("base64");
    search(&emulated, &[&create], &Canaries::new().with("the private key", key)).await;
}

#[tokio::test]
async fn the_command_line_and_the_log_of_a_run_of_ones_own() {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.run(&pending, 0, DEADLINE).await;
    // Its fifth line searches both, at the log level `trace`.
    trial.judge(&pending).await;
    assert!(!trial.last().command_line.is_empty());
}
