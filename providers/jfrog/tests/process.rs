//! The real binary in a local Secrets Manager, against the stand-in behind a real socket.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]
#![expect(clippy::doc_markdown, reason = "JFrog is a name, not code")]

#[path = "support/server.rs"]
mod server;
#[path = "support/stand_in.rs"]
#[expect(dead_code, reason = "the other tests use the rest of it")]
mod stand_in;

use credjob_testkit::emulated::{Emulated, Ended};
use credjob_testkit::leak::assert_no_leak;
use credjob_testkit::target::TargetSettings;
use stand_in::StandIn;

const ADMIN: &str = "canary-admin-token-of-the-stand-in";

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_created_and_revoked_and_no_secret_is_logged() {
    let platform = StandIn::new(ADMIN);
    let address = server::serve(platform.clone()).await.expect("a port of this machine");
    let settings = TargetSettings::new()
        .param("jfrog_base_url", format!("http://{address}/artifactory/"))
        .secret("login_secret_id", ADMIN)
        .job_env("CREDJOB_ALLOWED_HOSTS", "127.0.0.1");
    let emulated = Emulated::with(env!("CARGO_BIN_EXE_jfrog"), &settings).start().await.expect("an emulator");

    let creation = emulated.create().await.expect("a task");
    let created = emulated.wait(&creation).await;
    assert_eq!(created.task["status"], "credentials_created", "{}", created.task);
    let version = emulated.version(&creation.secret_id, "current").await.expect("a version");
    let id = version["credentials_id"].as_str().expect("a credentials id");
    assert!(id.ends_with(&format!("@{address}")), "{id}");
    assert_eq!(platform.live(), 1);
    let canaries = emulated.canaries(&[&creation]).await;

    let deletion = emulated.delete_data(&creation.secret_id, "current").await.expect("a task");
    let deleted = emulated.wait(&deletion).await;
    assert_eq!(deleted.task["status"], "credentials_deleted", "{}", deleted.task);
    assert_eq!(platform.live(), 0);

    for Ended { task, log, .. } in [created, deleted] {
        let log = log.expect("a log");
        assert_no_leak("the job", format!("{task}\n{}\n{}", log.stdout, log.stderr).as_bytes(), &canaries);
    }
}
