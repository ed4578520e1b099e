//! Inputs that make no sense, for a task that can be addressed: a failed task with a stable code and a text that names the
//! variable, exit code 0, and nothing created.

use credjob_emulator::{Options, Role};
use credjob_testkit::emulated::{Emulated, Pending};
use credjob_testkit::leak::{Canaries, assert_no_leak, canary};
use credjob_testkit::target::{Target as _, TargetSettings};
use serde_json::{Value, json};

use crate::support::jfrog::JfrogTarget;
use crate::support::{CERTIFICATE, JFROG, program};

fn certificate() -> TargetSettings {
    TargetSettings::new().param("common_name", "example.com")
}

/// The task has failed with this code, and its text holds these words.
async fn fails(emulated: &Emulated, pending: &Pending, code: &str, words: &[&str]) {
    let ended = emulated.wait(pending).await;
    assert_eq!(ended.task["status"], "failed");
    let error = &ended.task["errors"][0];
    assert_eq!(error["code"], code, "{error}");
    let text = error["description"].as_str().unwrap_or_default();
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in: {text}");
    }
    assert_eq!(ended.log.and_then(|log| log.exit), Some(0));
}

async fn certificate_fails(changed: &[(&str, Value)], code: &str, words: &[&str]) {
    let emulated = Emulated::with(program(CERTIFICATE), &certificate()).start().await.expect("the emulator starts");
    let pending = emulated.create_with(changed).await.expect("the service takes it");
    fails(&emulated, &pending, code, words).await;
}

#[tokio::test]
async fn a_parameter_out_of_range() {
    certificate_fails(&[("expiration_days", json!(0))], "CREDJOB_BAD_PARAMETER", &["SM_EXPIRATION_DAYS_VALUE", "3650"])
        .await;
}

#[tokio::test]
async fn a_parameter_that_breaks_its_pattern() {
    certificate_fails(&[("country", json!("Germany"))], "CREDJOB_BAD_PARAMETER", &["SM_COUNTRY_VALUE"]).await;
}

#[tokio::test]
async fn all_bad_parameters_at_once() {
    let changed = [("expiration_days", json!(4000)), ("country", json!("x")), ("org", json!("o".repeat(65)))];
    let words = ["SM_EXPIRATION_DAYS_VALUE", "SM_COUNTRY_VALUE", "SM_ORG_VALUE"];
    certificate_fails(&changed, "CREDJOB_BAD_PARAMETER", &words).await;
}

#[tokio::test]
async fn a_parameter_that_only_the_provider_understands() {
    certificate_fails(
        &[("san", json!("a.example.com, not a name"))],
        "CERTIFICATE_BAD_SAN",
        &["SM_SAN_VALUE", "entry 2"],
    )
    .await;
}

/// A job variable that the deployment got wrong.
async fn job_variable_fails(name: &str, value: &str, code: &str) {
    let setup = Emulated::with(program(CERTIFICATE), &certificate()).job_env(name, value);
    let emulated = setup.start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the service takes it");
    fails(&emulated, &pending, code, &[name]).await;
}

#[tokio::test]
async fn a_deadline_that_is_no_duration() {
    job_variable_fails("CREDJOB_DEADLINE", "soon", "CREDJOB_BAD_ENVIRONMENT").await;
}

#[tokio::test]
async fn allowed_hosts_that_are_no_hosts() {
    job_variable_fails("CREDJOB_ALLOWED_HOSTS", "https://example.com/path", "CREDJOB_BAD_ENVIRONMENT").await;
}

#[tokio::test]
async fn a_certificate_file_that_is_not_there() {
    job_variable_fails("CREDJOB_CA_FILE", "/nowhere/ca.pem", "CREDJOB_BAD_ENVIRONMENT").await;
}

/// A job that is started with a variable the service would never send.
async fn service_variable_fails(action: &str, name: &str, value: &str, code: &str) {
    let emulated =
        Emulated::with(program(CERTIFICATE), &certificate()).by_hand().start().await.expect("the emulator starts");
    let mut pending = emulated.create().await.expect("the service takes it");
    if action == "delete_credentials" {
        let created = emulated.job(&pending, 0).await.expect("dispatched").run().await.expect("the run ends");
        assert_eq!(created.exit, Some(0));
        pending = emulated.delete_data(&pending.secret_id, "current").await.expect("its data may be deleted");
    }
    let job = emulated.job(&pending, 0).await.expect("dispatched").env(name, value);
    let finished = job.run().await.expect("the run ends");
    assert_eq!(finished.exit, Some(0), "{}", finished.stderr_text());
    let task = emulated.task(&pending).await;
    assert_eq!((&task["status"], &task["errors"][0]["code"]), (&json!("failed"), &json!(code)));
    assert!(task["errors"][0]["description"].as_str().is_some_and(|text| text.contains(name)), "{task}");
}

#[tokio::test]
async fn an_unknown_action() {
    service_variable_fails("create_credentials", "SM_ACTION", "polish_credentials", "CREDJOB_UNKNOWN_ACTION").await;
}

#[tokio::test]
async fn a_deletion_without_a_credentials_id() {
    service_variable_fails("delete_credentials", "SM_CREDENTIALS_ID", "", "CREDJOB_MISSING_CREDENTIALS_ID").await;
}

#[tokio::test]
async fn an_integer_that_is_none() {
    service_variable_fails("create_credentials", "SM_EXPIRATION_DAYS_VALUE", "ninety", "CREDJOB_BAD_PARAMETER").await;
}

#[tokio::test]
async fn an_option_that_is_none() {
    service_variable_fails("create_credentials", "SM_KEY_ALGO_VALUE", "DSA", "CREDJOB_BAD_PARAMETER").await;
}

/// The JFrog provider with another login secret, or other rights to read it.
async fn login_fails(target: &JfrogTarget, settings: TargetSettings, options: Options, code: &str, words: &[&str]) {
    let setup = Emulated::with(program(JFROG), &settings).options(options);
    let emulated = setup.start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the service takes it");
    fails(&emulated, &pending, code, words).await;
    assert_eq!(target.server.requests(), [], "nothing was sent to the platform");
    let log = emulated.wait(&pending).await.log.expect("a job ran");
    let mut canaries = emulated.canaries(&[&pending]).await;
    canaries.extend(&target.canaries());
    canaries.extend(&settings.canaries());
    assert_no_leak("the log", log.stderr.as_bytes(), &canaries);
    assert_no_leak("the task", emulated.task(&pending).await.to_string().as_bytes(), &canaries);
}

/// The settings of the target, but with this login secret.
fn with_login(target: &JfrogTarget, prototype: Value) -> TargetSettings {
    let mut settings = target.settings();
    settings.secrets.clear();
    settings.typed_secret("login_secret_id", prototype)
}

#[tokio::test]
async fn a_login_secret_that_does_not_exist() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let mut settings = target.settings();
    settings.secrets.clear();
    let settings = settings.param("login_secret_id", "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607");
    let emulated = Emulated::with(program(JFROG), &settings).start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the service takes it");
    fails(&emulated, &pending, "CREDJOB_SECRET_NOT_FOUND", &["0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607"]).await;
    assert_eq!(target.server.requests(), []);
}

#[tokio::test]
async fn a_login_secret_that_may_not_be_read() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let options = Options { job_roles: vec![Role::SecretTaskUpdater, Role::Reader], ..Options::default() };
    login_fails(&target, target.settings(), options, "CREDJOB_SECRET_FORBIDDEN", &["SecretsReader"]).await;
}

#[tokio::test]
async fn a_login_secret_of_the_wrong_type() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let login = json!({ "secret_type": "username_password", "username": "admin", "password": canary("password") });
    let settings = with_login(&target, login);
    login_fails(&target, settings, Options::default(), "CREDJOB_SECRET_WRONG_TYPE", &["username_password"]).await;
}

#[tokio::test]
async fn a_login_secret_that_holds_no_token() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let login = json!({ "secret_type": "arbitrary", "payload": format!("{{\"token\":\"{}\"}}", canary("quoted")) });
    let settings = with_login(&target, login);
    login_fails(&target, settings, Options::default(), "JFROG_BAD_LOGIN", &["SM_LOGIN_SECRET_ID_VALUE"]).await;
}

#[tokio::test]
async fn a_host_that_the_jobs_owner_did_not_allow() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let settings = target.settings().job_env("CREDJOB_ALLOWED_HOSTS", "jfrog.example.com");
    let words = ["CREDJOB_ALLOWED_HOSTS", "JFROG_BASE_URL"];
    login_fails(&target, settings, Options::default(), "CREDJOB_HOST_NOT_ALLOWED", &words).await;
}

#[tokio::test]
async fn a_base_url_with_a_password_in_it() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let password = canary("pasted");
    let settings = target.settings().param("jfrog_base_url", format!("https://admin:{password}@jfrog.example.com"));
    let emulated = Emulated::with(program(JFROG), &settings).start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the service takes it");
    let ended = emulated.wait(&pending).await;
    let canaries = Canaries::new().with("the pasted password", password);
    assert_no_leak("the task", ended.task.to_string().as_bytes(), &canaries);
    assert_no_leak("the log", ended.log.expect("a job ran").stderr.as_bytes(), &canaries);
    fails(&emulated, &pending, "JFROG_BAD_BASE_URL", &["SM_JFROG_BASE_URL_VALUE"]).await;
}

#[tokio::test]
async fn an_expiry_that_could_not_be_revoked() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let settings = target.settings().param("expires_in_seconds", 3600);
    let words = ["SM_EXPIRES_IN_SECONDS_VALUE", "force_revocable"];
    login_fails(&target, settings, Options::default(), "JFROG_UNREVOCABLE_EXPIRY", &words).await;
}
