//! The stand-in for `ibmcloud`, what it answers, and what it was asked.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use tempfile::TempDir;

pub(crate) const INSTANCE: &str = "crn:v1:bluemix:public:secrets-manager:us-south:a/0123456789abcdef0123456789abcdef:\
                        6ebc4224-e983-496a-8a54-f40a0bfa9175::";
pub(crate) const PROJECT: &str =
    "crn:v1:bluemix:public:codeengine:eu-de:a/0123456789abcdef0123456789abcdef:2b3c4d5e-6f70-4a81-92b3-c4d5e6f70819::";
pub(crate) const GROUP: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";
pub(crate) const SERVICE_ID: &str = "ServiceId-bb4ccc31-bd31-493a-bb58-52ec399800be";
pub(crate) const SECRET: &str = "5a4b3c2d-1e0f-4a9b-8c7d-6e5f4a3b2c1d";
pub(crate) const API_KEY: &str = "canary-api-key-0123456789";

/// Options that a shell, a template engine or a careless parser would trip over.
pub(crate) const HOSTILE_DECLARATION: &str =
    "type:enum[$(touch owned)|`touch owned`|${x}|%{y}|it's \"ok\"; touch owned|a\\n], required:false";
pub(crate) const HOSTILE_VALUE: &str = "$(touch owned) `touch owned` '\" ${x} %{y}\nsecond line; touch owned\n";

/// A folder with the stand-in, a `job_config.json` and what the stand-in answers.
pub(crate) struct Cloud {
    folder: TempDir,
}

impl Cloud {
    /// Nothing exists yet.
    pub(crate) fn empty() -> Self {
        let cloud = Self { folder: TempDir::new().expect("a folder") };
        std::fs::create_dir_all(cloud.path("bin")).expect("made");
        std::fs::create_dir_all(cloud.path("answers")).expect("made");
        std::fs::write(cloud.path("bin/ibmcloud"), include_str!("ibmcloud.sh")).expect("written");
        std::fs::set_permissions(cloud.path("bin/ibmcloud"), PermissionsExt::from_mode(0o755)).expect("set");
        let config = serde_json::json!({"job_env_variables": [
            {"name": "SMIN_TIER", "value": HOSTILE_DECLARATION},
            {"name": "SMOUT_TOKEN", "value": "type:string, required:true"}]});
        std::fs::write(cloud.path("job_config.json"), config.to_string()).expect("written");
        cloud.answer("secrets-manager-configurations", r#"{"configurations": []}"#);
        cloud.answer("iam-authorization-policies", "[]");
        cloud.answer("iam-service-ids.1", "null");
        cloud.answer("iam-service-ids.2", &service_ids());
        cloud.answer("iam-service-policies", "[]");
        cloud.answer("secrets-manager-secrets", r#"{"secrets": []}"#);
        cloud.answer("secrets-manager-secret-create", &format!(r#"{{"id": "{SECRET}", "api_key": "{API_KEY}"}}"#));
        cloud.answer("ce-job-get.fail", "job not found");
        cloud
    }

    /// Everything exists and fits.
    pub(crate) fn deployed() -> Self {
        let cloud = Self::empty();
        for gone in ["iam-service-ids.1", "ce-job-get.fail"] {
            std::fs::remove_file(cloud.path("answers").join(gone)).expect("removed");
        }
        let attribute = |name: &str, value: &str| serde_json::json!({"name": name, "value": value});
        let role = |role: &str| serde_json::json!({"role_id": format!("crn:v1:bluemix:public:iam::::role:{role}")});
        let authorization = serde_json::json!([{"roles": [role("Viewer"), role("Writer")],
            "subjects": [{"attributes": [attribute("serviceName", "secrets-manager"),
                attribute("serviceInstance", "6ebc4224-e983-496a-8a54-f40a0bfa9175")]}],
            "resources": [{"attributes": [attribute("serviceName", "codeengine"),
                attribute("serviceInstance", "2b3c4d5e-6f70-4a81-92b3-c4d5e6f70819")]}]}]);
        let policy = serde_json::json!([{"id": "policy-1", "roles": [role("SecretTaskUpdater"), role("Reader")],
            "resources": [{"attributes": [attribute("serviceName", "secrets-manager"),
                attribute("serviceInstance", "6ebc4224-e983-496a-8a54-f40a0bfa9175"),
                attribute("resourceType", "secret-group"), attribute("resource", GROUP)]}]}]);
        let secrets =
            serde_json::json!({"secrets": [{"id": SECRET, "name": "tokens-api-key", "secret_group_id": GROUP}]});
        let configuration = serde_json::json!({"name": "tokens", "config_type": "custom_credentials_configuration", "task_timeout": "10m",
            "api_key_ref": SECRET, "schema": {"parameters": [{"name": "tier", "format": HOSTILE_DECLARATION}],
                "credentials": [{"name": "token", "format": "type:string, required:true"}]},
            "code_engine": {"job_name": "tokens", "project_id": "2b3c4d5e-6f70-4a81-92b3-c4d5e6f70819", "region": "eu-de"}});
        let job = r#"{"spec": {"env": [{"name": "SMIN_GONE", "value": "type:string"}, {"name": "SMIN_TIER"}]}}"#;
        cloud.answer("iam-authorization-policies", &authorization.to_string());
        cloud.answer("iam-service-ids", &service_ids());
        cloud.answer("iam-service-policies", &policy.to_string());
        cloud.answer("secrets-manager-secrets", &secrets.to_string());
        let configurations = serde_json::json!({"configurations": [{"name": "tokens-2"}, configuration]});
        cloud.answer("secrets-manager-configurations", &configurations.to_string());
        cloud.answer("ce-job-get", job);
        cloud
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn answer(&self, key: &str, text: &str) {
        std::fs::write(self.path("answers").join(key), text).expect("written");
    }

    pub(crate) fn deploy(&self, more: &[&str]) -> Output {
        self.with_stand_in(&mut Command::new(env!("CARGO_BIN_EXE_credjob")))
            .args(["deploy", "--job-config", "job_config.json", "--name", "tokens", "--image", "icr.io/team/tokens:1"])
            .args(["--instance", INSTANCE, "--project", PROJECT, "--secret-group", GROUP])
            .args(["--job-env", &format!("NOTE={HOSTILE_VALUE}")])
            .args(more)
            .output()
            .expect("started")
    }

    /// A program that is started in the folder, and finds the stand-in.
    pub(crate) fn with_stand_in<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        command.current_dir(self.folder.path()).env("PATH", path).env("FAKE", self.folder.path())
    }

    /// Every call that was made, as the arguments arrived.
    pub(crate) fn calls(&self) -> Vec<Vec<String>> {
        let log = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        let mut calls: Vec<Vec<String>> = Vec::new();
        for word in log.split_terminator('\0') {
            match calls.last_mut() {
                _ if word == "call" => calls.push(Vec::new()),
                Some(call) => call.push(word.to_owned()),
                None => panic!("an argument before the first call"),
            }
        }
        calls
    }

    /// The calls whose words begin like this.
    pub(crate) fn calls_of(&self, words: &str) -> Vec<Vec<String>> {
        self.calls().into_iter().filter(|call| call.join(" ").starts_with(words)).collect()
    }

    pub(crate) fn assert_not_owned(&self) {
        assert!(!self.path("owned").exists(), "a value was evaluated");
    }
}

pub(crate) fn service_ids() -> String {
    serde_json::json!([{"name": "other", "id": "ServiceId-00000000-0000-0000-0000-000000000000"},
        {"name": "credjob-tokens", "id": SERVICE_ID}])
    .to_string()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
pub(crate) fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

/// The value of a flag, if the call has it just once.
pub(crate) fn flag<'a>(call: &'a [String], name: &str) -> Option<&'a str> {
    let mut places = call.windows(2).filter(|pair| pair[0] == name);
    places.next().filter(|_| places.next().is_none()).map(|pair| pair[1].as_str())
}

pub(crate) fn variables(call: &[String]) -> Vec<&str> {
    call.windows(2).filter(|pair| pair[0] == "--env").map(|pair| pair[1].as_str()).collect()
}
