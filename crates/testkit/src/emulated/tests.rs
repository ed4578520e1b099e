use credjob_emulator::Options;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::leak::{canary, find_leaks};

const JOB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/job.sh");

fn settings(login: &str) -> TargetSettings {
    TargetSettings::new().param("tenant", "blue").secret("login_secret_id", login).job_env("CREDJOB_DEADLINE", "20s")
}

fn value<'a>(environment: &'a [(String, String)], name: &str) -> Option<&'a str> {
    environment.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn a_job_that_the_test_starts_gets_the_environment_of_code_engine() {
    let emulated = Emulated::with(JOB, &settings(&canary("login"))).by_hand().start().await.unwrap();
    let pending = emulated.create().await.unwrap();
    let environment = emulated.environment(&pending, 2).await.unwrap();
    assert_eq!(value(&environment, "SM_SECRET_TASK_ID"), Some(pending.task_id.as_str()));
    assert_eq!(value(&environment, "SM_TENANT_VALUE"), Some("blue"));
    assert_eq!(value(&environment, "SM_LOGIN_SECRET_ID_VALUE").map(str::len), Some(36), "the id of the stored secret");
    assert_eq!(value(&environment, "CREDJOB_IAM_URL"), Some(emulated.emulator().iam_url()));
    assert_eq!(value(&environment, "CREDJOB_DEADLINE"), Some("20s"));
    assert_eq!(value(&environment, "JOB_INDEX_RETRY_COUNT"), Some("2"));
    let finished = emulated.job(&pending, 2).await.unwrap().run().await.unwrap();
    assert_eq!((finished.exit, finished.stderr_text().as_str()), (Some(3), "ran for blue\n"));
}

#[tokio::test]
async fn a_job_that_the_emulator_starts_is_waited_for() {
    let options = Options { fail_on_nonzero_exit: true, ..Options::default() };
    let setup = Emulated::with(JOB, &settings(&canary("login"))).options(options).retry_limit(1);
    let emulated = setup.start().await.unwrap();
    let pending = emulated.create().await.unwrap();
    let ended = emulated.wait(&pending).await;
    assert_eq!(ended.task["status"], "failed");
    let log = ended.log.unwrap();
    assert_eq!((log.exit, log.retry_count, log.stderr.as_str()), (Some(3), 1, "ran for blue\n"));
}

#[tokio::test]
async fn other_parameters_can_be_given_and_taken_away() {
    let emulated = Emulated::with(JOB, &settings(&canary("login"))).by_hand().start().await.unwrap();
    let pending = emulated.create_with(&[("tenant", Value::Null)]).await.unwrap();
    assert_eq!(value(&emulated.environment(&pending, 0).await.unwrap(), "SM_TENANT_VALUE"), None);
}

#[tokio::test]
async fn what_the_service_refuses_is_an_error_with_its_words() {
    let emulated = Emulated::with(JOB, &settings(&canary("login"))).by_hand().start().await.unwrap();
    let error = emulated.create_with(&[("colour", json!("red"))]).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("creating the secret was refused with status 400: "), "{text}");
    assert!(text.contains("colour"), "{text}");
}

#[tokio::test]
async fn logins_keys_and_tokens_are_looked_for() {
    let login = canary("login");
    let emulated = Emulated::with(JOB, &settings(&login)).by_hand().start().await.unwrap();
    let pending = emulated.create().await.unwrap();
    let environment = emulated.environment(&pending, 0).await.unwrap();
    let key = value(&environment, "SM_ACCESS_APIKEY").unwrap();
    let canaries = emulated.canaries(&[&pending]).await;
    for secret in [login.as_str(), key, &token(emulated.emulator().url(), key).await] {
        assert_eq!(find_leaks(format!("found {secret} here").as_bytes(), &canaries).len(), 1);
    }
}

/// An IAM token of this key.
async fn token(url: &str, key: &str) -> String {
    let address = url.trim_start_matches("http://");
    let form = format!("grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey={key}");
    let request = format!(
        "POST /identity/token HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let body: Value = serde_json::from_str(answer.rsplit("\r\n\r\n").next().unwrap()).unwrap();
    text(&body, "access_token")
}
