//! What Secrets Manager and Code Engine themselves do to a job: time it out, cancel it, start it again, give it few rights.

use std::time::Duration;

use credjob_emulator::{Call, Fault, JobLog, Options, Role};
use credjob_testkit::emulated::{Emulated, Pending};
use credjob_testkit::leak::assert_no_leak;
use credjob_testkit::target::{Target as _, TargetSettings};

use crate::support::jfrog::{CREATE, JfrogTarget, LIST};
use crate::support::trial::{DEADLINE, Trial};
use crate::support::{CERTIFICATE, JFROG, program};

/// More than the task timeout of 10 minutes (PROTOCOL 2.2).
const TOO_LATE: Duration = Duration::from_secs(11 * 60);

fn certificate() -> TargetSettings {
    TargetSettings::new().param("common_name", "example.com").param("key_algo", "ECDSA")
}

async fn creates(emulated: &Emulated) {
    let pending = emulated.create().await.expect("the secret is taken");
    let ended = emulated.wait(&pending).await;
    assert_eq!(ended.task["status"], "credentials_created", "{}", ended.task["errors"]);
    assert_eq!(ended.log.and_then(|log| log.exit), Some(0));
}

async fn delete_task(emulated: &Emulated, pending: &Pending) {
    let path = format!("/api/v2/secrets/{}/tasks/{}", pending.secret_id, pending.task_id);
    assert_eq!(emulated.emulator().call("DELETE", &path, None).await.0, 204);
}

#[tokio::test]
async fn a_task_that_timed_out_before_the_publish_keeps_nothing() {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    let job = trial.emulated.job(&pending, 0).await.expect("dispatched");
    trial.emulated.emulator().clock().advance(TOO_LATE);
    let started = trial.start_job(job, DEADLINE).await;
    trial.end_run(started).await;
    trial.judge(&pending).await;
    assert_eq!(trial.ended_as(&pending).await, ("failed".to_owned(), vec!["task_timeout".to_owned()]));
    assert_eq!((trial.live().await, trial.last().finished.exit), (0, Some(0)));
}

#[tokio::test]
async fn a_task_that_is_deleted_before_the_publish_keeps_nothing() {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    let job = trial.emulated.job(&pending, 0).await.expect("dispatched");
    delete_task(&trial.emulated, &pending).await;
    let started = trial.start_job(job, DEADLINE).await;
    trial.end_run(started).await;
    trial.judge(&pending).await;
    assert_eq!(trial.ended_as(&pending).await.0, "gone");
    assert_eq!((trial.live().await, trial.last().finished.exit), (0, Some(0)));
}

/// A job that the emulator runs, and that waits for the platform, which has made the token.
async fn creating() -> (JfrogTarget, Emulated, Pending) {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    target.server.script(CREATE.0, CREATE.1, [Fault::HangAfter]);
    let emulated = Emulated::with(program(JFROG), &target.settings()).start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the secret is taken");
    target.server.asked(CREATE.0, CREATE.1).await;
    assert_eq!(target.live().await.expect("counted"), Some(1));
    (target, emulated, pending)
}

#[tokio::test]
async fn a_job_whose_task_is_deleted_while_it_creates_cleans_up() {
    let (target, emulated, pending) = creating().await;
    delete_task(&emulated, &pending).await;
    let log = emulated.wait(&pending).await.log.expect("a job ran");
    assert_eq!(log.exit, Some(0));
    assert_eq!(target.live().await.expect("counted"), Some(0));
}

#[tokio::test]
async fn a_job_whose_task_times_out_while_it_creates_cleans_up() {
    let (target, emulated, pending) = creating().await;
    emulated.emulator().clock().advance(TOO_LATE);
    let ended = emulated.wait(&pending).await;
    assert_eq!(ended.task["errors"][0]["code"], "task_timeout");
    assert_eq!(ended.log.expect("a job ran").exit, Some(0));
    assert_eq!(target.live().await.expect("counted"), Some(0));
}

#[tokio::test]
async fn code_engine_starts_a_run_again_that_could_not_clean_up() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    target.server.script(CREATE.0, CREATE.1, [Fault::ResponseLost]);
    target.server.script(LIST.0, LIST.1, [Fault::Status(403)]);
    let setup = Emulated::with(program(JFROG), &target.settings()).retry_limit(2);
    let emulated = setup.start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the secret is taken");
    let ended = emulated.wait(&pending).await;
    assert_eq!(ended.task["status"], "failed");
    let runs = emulated.emulator().job_logs(&pending.task_id);
    let exits: Vec<(u32, Option<i32>)> = runs.iter().map(|run: &JobLog| (run.retry_count, run.exit)).collect();
    assert_eq!(exits, [(0, Some(4)), (1, Some(0))]);
    assert_eq!(target.live().await.expect("counted"), Some(0));
}

#[tokio::test]
async fn a_run_that_cleans_up_reads_its_login_once() {
    let mut trial = Trial::start().await;
    let pending = trial.create_task().await;
    trial.platform_fault(CREATE, Fault::ResponseLost);
    trial.run(&pending, 0, DEADLINE).await;
    trial.judge(&pending).await;
    assert_eq!((trial.live().await, trial.last().finished.exit), (1, Some(0)));
    let requests = trial.emulated.emulator().requests();
    assert_eq!(requests.iter().filter(|request| request.call == Some(Call::SecretRead)).count(), 1);
}

#[tokio::test]
async fn a_key_that_iam_does_not_know_yet_is_waited_for() {
    let options = Options { fresh_key_delay: Duration::from_millis(700), ..Options::default() };
    let setup = Emulated::with(program(CERTIFICATE), &certificate()).options(options);
    creates(&setup.start().await.expect("the emulator starts")).await;
}

#[tokio::test]
async fn a_job_that_may_update_its_task_and_nothing_else_creates() {
    let options = Options { job_roles: vec![Role::SecretTaskUpdater], ..Options::default() };
    let setup = Emulated::with(program(CERTIFICATE), &certificate()).options(options);
    creates(&setup.start().await.expect("the emulator starts")).await;
}

#[tokio::test]
async fn a_job_that_may_not_update_its_task_keeps_nothing() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let options = Options { job_roles: vec![Role::SecretsReader], ..Options::default() };
    let setup = Emulated::with(program(JFROG), &target.settings()).options(options).job_env("CREDJOB_DEADLINE", "30s");
    let emulated = setup.start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the secret is taken");
    let log = emulated.emulator().wait_job(&pending.task_id).await.expect("a job ran");
    assert_eq!(log.exit, Some(3), "nothing could be reported");
    assert_eq!(target.live().await.expect("counted"), Some(0));
}

#[tokio::test]
async fn a_job_with_a_trusted_profile_needs_no_api_key() {
    let emulated =
        Emulated::with(program(CERTIFICATE), &certificate()).by_hand().start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the secret is taken");
    let token = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(token.path(), emulated.emulator().cr_token()).expect("it can be written");
    let job = emulated.job(&pending, 0).await.expect("dispatched");
    let job = job.env("SM_ACCESS_APIKEY", "").env("CREDJOB_LOG", "trace");
    let job = job.env("CREDJOB_TRUSTED_PROFILE_ID", emulated.emulator().trusted_profile_id());
    let finished = job.env("CREDJOB_CR_TOKEN_FILE", token.path()).run().await.expect("the run ends");
    let canaries =
        emulated.canaries(&[&pending]).await.with("the compute resource token", emulated.emulator().cr_token());
    assert_no_leak("standard error", &finished.stderr, &canaries);
    assert_eq!(finished.exit, Some(0), "{}", finished.stderr_text());
    assert_eq!(emulated.task(&pending).await["status"], "credentials_created");
}
