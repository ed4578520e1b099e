//! The whole life of a secret without a fault, with jobs that the emulator starts: create, rotate twice, delete the data
//! of each version, delete the secret.

use credjob_testkit::emulated::{Emulated, Ended, Pending};
use credjob_testkit::process::{Program, Summary};
use credjob_testkit::target::{Target as _, TargetSettings};
use serde_json::{Value, json};

use crate::support::jfrog::JfrogTarget;
use crate::support::{CERTIFICATE, JFROG, program};

/// A secret in an emulator, step by step.
struct Life {
    emulated: Emulated,
    secret_id: String,
}

impl Life {
    async fn start(variable: &str, settings: &TargetSettings) -> Self {
        let emulated =
            Emulated::with(program(variable), settings).start().await.expect("the emulator takes the provider");
        let pending = emulated.create().await.expect("the secret is taken");
        let life = Self { secret_id: pending.secret_id.clone(), emulated };
        life.ends_well(&pending, "create_credentials", "secret_creation").await;
        life
    }

    async fn rotate(&self) {
        let pending = self.emulated.rotate(&self.secret_id).await.expect("it may be rotated");
        self.ends_well(&pending, "create_credentials", "manual_secret_rotation").await;
        self.emulated.emulator().wait_idle().await;
    }

    async fn delete_data(&self, alias: &str) {
        let pending = self.emulated.delete_data(&self.secret_id, alias).await.expect("its data may be deleted");
        self.ends_well(&pending, "delete_credentials", "secret_version_data_deletion").await;
    }

    /// The task is as it should be, and so is the run: exit code 0, and one summary that says the same.
    async fn ends_well(&self, pending: &Pending, action: &str, trigger: &str) {
        let Ended { task, log, .. } = self.emulated.wait(pending).await;
        let status = if action == "create_credentials" { "credentials_created" } else { "credentials_deleted" };
        assert_eq!(
            (&task["status"], &task["type"], &task["trigger"]),
            (&json!(status), &json!(action), &json!(trigger))
        );
        assert_eq!(task.get("errors"), None);
        let log = log.expect("the emulator ran a job");
        assert_eq!((log.exit, log.stdout.as_str()), (Some(0), ""), "{trigger}");
        let summary = Summary::find(&log.stderr).expect("the log ends with one summary");
        assert_eq!((summary.outcome.as_str(), summary.exit_code), (status, 0));
        assert_eq!((&summary.event["action"], &summary.event["trigger"]), (&json!(action), &json!(trigger)));
        assert_eq!(summary.event["task"], pending.task_id.as_str());
    }

    async fn secret(&self) -> Value {
        self.emulated.secret(&self.secret_id).await.expect("the secret can be read")
    }

    async fn version(&self, alias: &str) -> Value {
        self.emulated.version(&self.secret_id, alias).await.expect("the version can be read")
    }

    /// Alias and whether there is data, oldest first.
    async fn versions(&self) -> Vec<(Option<String>, bool)> {
        let versions = self.emulated.versions(&self.secret_id).await.expect("the versions are listed");
        let look = |version: &Value| {
            let alias = version["alias"].as_str().map(str::to_owned);
            (alias, version["payload_available"] == true)
        };
        versions.iter().map(look).collect()
    }

    fn tasks_of_type(&self, action: &str) -> usize {
        self.emulated.emulator().tasks().iter().filter(|task| task["type"] == action).count()
    }
}

fn version(alias: &str) -> (Option<String>, bool) {
    (Some(alias.to_owned()), true)
}

fn certificate() -> TargetSettings {
    TargetSettings::new().param("common_name", "life.example.com").param("key_algo", "ECDSA")
}

#[tokio::test]
async fn a_certificate_secret_becomes_active_with_one_version() {
    let life = Life::start(CERTIFICATE, &certificate()).await;
    let secret = life.secret().await;
    assert_eq!((&secret["state"], &secret["state_description"]), (&json!(1), &json!("active")));
    assert_eq!(life.versions().await, [version("current")]);
}

#[tokio::test]
async fn a_certificates_payload_is_a_key_and_its_certificate() {
    let life = Life::start(CERTIFICATE, &certificate()).await;
    let content = life.secret().await["credentials_content"].clone();
    let mut outputs: Vec<&String> = content.as_object().expect("outputs").keys().collect();
    outputs.sort();
    assert_eq!(outputs, ["certificate_base64", "private_key_base64"]);

    let script = r#"
        printf %s "$KEY" | base64 -d | openssl pkey -pubout > "$DIR/key.pub"
        printf %s "$CERTIFICATE" | base64 -d > "$DIR/certificate"
        openssl x509 -in "$DIR/certificate" -noout -pubkey | cmp - "$DIR/key.pub"
        openssl x509 -in "$DIR/certificate" -noout -checkhost life.example.com
        openssl x509 -in "$DIR/certificate" -noout -serial
    "#;
    let directory = tempfile::tempdir().expect("a temporary directory");
    let openssl = Program::new("/bin/sh").args(["-euc", script]).inherit("PATH").env("DIR", directory.path());
    let openssl = openssl.env("KEY", content["private_key_base64"].as_str().expect("a text"));
    let openssl = openssl.env("CERTIFICATE", content["certificate_base64"].as_str().expect("a text"));
    let said = openssl.run().await.expect("sh runs");
    assert_eq!(said.exit, Some(0), "{}", said.stderr_text());
    let said = said.stdout_text();
    assert!(said.contains("does match certificate"), "{said}");
    let serial = said.trim().rsplit("serial=").next().expect("a serial number");
    assert_eq!(life.version("current").await["credentials_id"], decimal(serial));
}

/// Hexadecimal digits as a decimal number of any length.
fn decimal(hex: &str) -> String {
    let mut digits = vec![0u32];
    for nibble in hex.chars().map(|digit| digit.to_digit(16).expect("a hexadecimal digit")) {
        let mut carry = nibble;
        for digit in &mut digits {
            let value = *digit * 16 + carry;
            (*digit, carry) = (value % 10, value / 10);
        }
        while carry > 0 {
            digits.push(carry % 10);
            carry /= 10;
        }
    }
    digits.iter().rev().filter_map(|digit| char::from_digit(*digit, 10)).collect()
}

#[tokio::test]
async fn a_rotation_makes_a_new_certificate_and_keeps_the_old() {
    let life = Life::start(CERTIFICATE, &certificate()).await;
    let first = life.version("current").await;
    life.rotate().await;
    assert_eq!(life.versions().await, [version("previous"), version("current")]);
    assert_eq!(life.version("previous").await["credentials_content"], first["credentials_content"]);
    let second = life.version("current").await;
    assert_ne!(second["credentials_id"], first["credentials_id"]);
    assert_ne!(second["credentials_content"], first["credentials_content"]);
}

#[tokio::test]
async fn a_certificate_secret_lives_to_its_end() {
    let life = Life::start(CERTIFICATE, &certificate()).await;
    life.rotate().await;
    life.delete_data("previous").await;
    life.delete_data("current").await;
    assert!(life.versions().await.iter().all(|(_, data)| !data));
    life.emulated.delete_secret(&life.secret_id).await.expect("it may be deleted");
    assert!(life.emulated.secret(&life.secret_id).await.is_err(), "the secret is gone");
    assert_eq!((life.tasks_of_type("create_credentials"), life.tasks_of_type("delete_credentials")), (2, 2));
}

#[tokio::test]
async fn a_jfrog_token_works_and_is_the_only_one() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let life = Life::start(JFROG, &target.settings()).await;
    let secret = life.secret().await;
    assert!(target.works(&secret["credentials_content"]).await.expect("it can be tried"));
    assert_eq!(target.live().await.expect("counted"), Some(1));
    assert_eq!(life.versions().await, [version("current")]);
    let id = life.version("current").await["credentials_id"].as_str().map(str::to_owned);
    assert!(id.is_some_and(|id| id.contains("127.0.0.1")), "the credentials id names the platform");
}

#[tokio::test]
async fn a_second_rotation_revokes_the_oldest_jfrog_token() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let life = Life::start(JFROG, &target.settings()).await;
    let first = life.version("current").await;
    life.rotate().await;
    assert!(
        target.works(&first["credentials_content"]).await.expect("it can be tried"),
        "the previous token goes on working"
    );
    life.rotate().await;
    assert!(!target.works(&first["credentials_content"]).await.expect("it can be tried"));
    assert_eq!(target.live().await.expect("counted"), Some(2));
    assert_eq!(life.versions().await, [(None, false), version("previous"), version("current")]);
    assert_eq!(life.tasks_of_type("delete_credentials"), 1);
}

#[tokio::test]
async fn a_jfrog_secret_leaves_nothing_behind() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let life = Life::start(JFROG, &target.settings()).await;
    life.rotate().await;
    life.delete_data("previous").await;
    assert_eq!(target.live().await.expect("counted"), Some(1));
    let current = life.secret().await;
    assert!(
        target.works(&current["credentials_content"]).await.expect("it can be tried"),
        "the other token goes on working"
    );
    life.delete_data("current").await;
    assert_eq!(target.live().await.expect("counted"), Some(0));
    life.emulated.delete_secret(&life.secret_id).await.expect("it may be deleted");
}

#[tokio::test]
async fn a_jfrog_secret_can_ask_for_all_outputs() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    let settings = target.settings().param("refreshable", true).param("include_reference_token", true);
    let life = Life::start(JFROG, &settings).await;
    let content = life.secret().await["credentials_content"].clone();
    let mut outputs: Vec<&String> = content.as_object().expect("outputs").keys().collect();
    outputs.sort();
    assert_eq!(outputs, ["access_token", "reference_token", "refresh_token"]);
}
