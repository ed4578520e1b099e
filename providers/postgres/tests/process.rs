//! The real binary in a local Secrets Manager, against a real server: what the tests in this process cannot show.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]
#![expect(clippy::doc_markdown, reason = "PostgreSQL is a name, not code")]

#[path = "support/proxy.rs"]
#[expect(dead_code, reason = "the conformance tests use the rest of it")]
mod proxy;
#[expect(dead_code, reason = "the conformance tests use the rest of it")]
mod support;

use credjob_testkit::emulated::{Emulated, Ended};
use credjob_testkit::leak::{Canaries, assert_no_leak};
use credjob_testkit::target::TargetSettings;
use proxy::{Fault, Point, Proxy};
use serde_json::{Value, json};
use support::server::Server;
use support::{app, sql};

const JOB: &str = env!("CARGO_BIN_EXE_postgres");

/// The inputs of a job, with IBM's kind of login secret.
fn settings(server: &Server, port: u16) -> TargetSettings {
    let login = json!({
        "secret_type": "service_credentials",
        "source_service": { "instance": { "crn": "crn:v1:bluemix:public:databases-for-postgresql:eu-de:a/1:2::" } },
        "credentials": app::credentials_at(server, "127.0.0.1", port),
    });
    TargetSettings::new().param("schema_name", "app").typed_secret("login_secret_id", login)
}

async fn works(server: &Server, payload: &Value) -> bool {
    let [user, password] = ["username", "password"].map(|key| payload[key].as_str().expect("a text"));
    sql::connect(server, "app", user, password).await.is_ok()
}

fn log(ended: &Ended) -> String {
    let log = ended.log.as_ref().expect("the job ran");
    format!("{}{}", log.stdout, log.stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_created_rotated_twice_and_deleted_and_nothing_leaks() {
    let server = app::server().await;
    let emulated = Emulated::with(JOB, &settings(&server, server.port)).start().await.expect("an emulator");
    let first = emulated.create().await.expect("a task");
    let mut ended = vec![emulated.wait(&first).await];
    assert_eq!(ended[0].task["status"], "credentials_created", "{}", log(&ended[0]));
    let old = emulated.secret(&first.secret_id).await.expect("the secret")["credentials_content"].clone();
    assert!(works(&server, &old).await);

    for _ in 0..2 {
        let rotation = emulated.rotate(&first.secret_id).await.expect("a task");
        ended.push(emulated.wait(&rotation).await);
        assert_eq!(ended.last().expect("a task").task["status"], "credentials_created");
    }
    let new = emulated.secret(&first.secret_id).await.expect("the secret")["credentials_content"].clone();
    assert!(works(&server, &new).await);
    for version in ["previous", "current"] {
        if let Ok(deletion) = emulated.delete_data(&first.secret_id, version).await {
            ended.push(emulated.wait(&deletion).await);
        }
    }
    for payload in [&old, &new] {
        assert!(!works(&server, payload).await);
    }
    assert_eq!(app::roles(&server).await, [""; 0]);

    // The name of a role is no secret: it is the marker and the server's fingerprint.
    let mut canaries = Canaries::new().with("the login's password", app::LOGIN_PASSWORD);
    for (payload, key) in [(&old, "password"), (&old, "composed"), (&new, "password"), (&new, "composed")] {
        canaries.add(key, payload[key].as_str().expect("a text"));
    }
    for ended in &ended {
        assert_no_leak("a job's log", log(ended).as_bytes(), &canaries);
        assert_no_leak("a task", ended.task["errors"].to_string().as_bytes(), &canaries);
    }
    let server_log = server.log();
    let (_, since_set_up) = server_log.split_once("CREATE DATABASE logs").expect("the set-up");
    assert_no_leak("the server's log", since_set_up.as_bytes(), &canaries);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_killed_after_its_commit_is_cleaned_up_after_by_its_rerun() {
    let server = app::server().await;
    let proxy = Proxy::start(server.port, Some((Point::Answer(2), Fault::Hang)));
    let emulated = Emulated::with(JOB, &settings(&server, proxy.port)).by_hand().start().await.expect("an emulator");
    let pending = emulated.create().await.expect("a task");
    let running = emulated.job(&pending, 0).await.expect("a job").start().expect("it starts");
    let proxy = tokio::task::spawn_blocking(move || {
        proxy.wait();
        proxy
    })
    .await
    .expect("the transaction is answered");
    running.kill().expect("it runs");
    running.wait().await.expect("its end");
    assert_eq!(app::roles(&server).await.len(), 1, "committed, and nobody knows");
    let rerun = emulated.job(&pending, 1).await.expect("a job").run().await.expect("its end");
    assert_eq!(rerun.exit, Some(0), "{}", rerun.stderr_text());
    assert_eq!(app::roles(&server).await, [""; 0]);
    assert_eq!(emulated.task(&pending).await["status"], "failed");
    drop(proxy);
}
