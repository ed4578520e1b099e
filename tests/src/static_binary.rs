//! The static binary of the container image, in a root directory that holds nothing else, as a user without a name.

use std::path::PathBuf;

use credjob_testkit::emulated::Emulated;
use credjob_testkit::process::Program;
use credjob_testkit::target::TargetSettings;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{STATIC_CERTIFICATE, static_program};

fn static_binary() -> PathBuf {
    static_program(STATIC_CERTIFICATE)
}

/// An empty root with the binary in it, and the command that starts the binary there.
fn in_an_empty_root() -> (TempDir, Program) {
    let root = tempfile::tempdir().expect("a temporary directory");
    std::fs::copy(static_binary(), root.path().join("job")).expect("the binary can be copied");
    open_to_all(root.path());
    let job = Program::new("/usr/sbin/chroot").args(["--userspec=65534:65534"]).arg(root.path()).arg("/job");
    (root, job)
}

/// The root belongs to the test's user; the job has another one.
fn open_to_all(directory: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o755)).expect("permissions can be set");
}

#[tokio::test]
async fn the_static_binary_answers_its_schema_in_an_empty_root() {
    let (_root, job) = in_an_empty_root();
    let said = job.arg("schema").run().await.expect("chroot runs");
    assert_eq!(said.exit, Some(0), "chroot needs root: {}", said.stderr_text());
    let schema: Value = serde_json::from_slice(&said.stdout).expect("JSON");
    assert!(schema["job_env_variables"].is_array());
}

#[tokio::test]
async fn the_static_binary_creates_in_an_empty_root() {
    let (_root, job) = in_an_empty_root();
    let settings = TargetSettings::new().param("common_name", "static.example.com");
    let emulated = Emulated::with(static_binary(), &settings).by_hand().start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the secret is taken");
    let environment = emulated.environment(&pending, 0).await.expect("dispatched");
    let finished = job.envs(environment).run().await.expect("chroot runs");
    assert_eq!(finished.exit, Some(0), "chroot needs root: {}", finished.stderr_text());
    assert_eq!(emulated.task(&pending).await["status"], "credentials_created");
}
