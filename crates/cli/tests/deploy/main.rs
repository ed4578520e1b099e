//! `credjob deploy` as a person starts it, with a stand-in for `ibmcloud` on the PATH that records its arguments.
#![expect(clippy::expect_used, reason = "everything here is a test or the helper of one")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const INSTANCE: &str = "crn:v1:bluemix:public:secrets-manager:us-south:a/0123456789abcdef0123456789abcdef:\
                        6ebc4224-e983-496a-8a54-f40a0bfa9175::";
const PROJECT: &str =
    "crn:v1:bluemix:public:codeengine:eu-de:a/0123456789abcdef0123456789abcdef:2b3c4d5e-6f70-4a81-92b3-c4d5e6f70819::";
const GROUP: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";
const SERVICE_ID: &str = "ServiceId-bb4ccc31-bd31-493a-bb58-52ec399800be";
const SECRET: &str = "5a4b3c2d-1e0f-4a9b-8c7d-6e5f4a3b2c1d";
const API_KEY: &str = "canary-api-key-0123456789";

/// Options that a shell, a template engine or a careless parser would trip over.
const HOSTILE_DECLARATION: &str =
    "type:enum[$(touch owned)|`touch owned`|${x}|%{y}|it's \"ok\"; touch owned|a\\n], required:false";
const HOSTILE_VALUE: &str = "$(touch owned) `touch owned` '\" ${x} %{y}\nsecond line; touch owned\n";

/// A folder with the stand-in, a `job_config.json` and what the stand-in answers.
struct Cloud {
    folder: TempDir,
}

impl Cloud {
    /// Nothing exists yet.
    fn empty() -> Self {
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
    fn deployed() -> Self {
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

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn answer(&self, key: &str, text: &str) {
        std::fs::write(self.path("answers").join(key), text).expect("written");
    }

    fn deploy(&self, more: &[&str]) -> Output {
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        Command::new(env!("CARGO_BIN_EXE_credjob"))
            .args(["deploy", "--job-config", "job_config.json", "--name", "tokens", "--image", "icr.io/team/tokens:1"])
            .args(["--instance", INSTANCE, "--project", PROJECT, "--secret-group", GROUP])
            .args(["--job-env", &format!("NOTE={HOSTILE_VALUE}")])
            .args(more)
            .current_dir(self.folder.path())
            .env("PATH", path)
            .env("FAKE", self.folder.path())
            .output()
            .expect("started")
    }

    /// Every call that was made, as the arguments arrived.
    fn calls(&self) -> Vec<Vec<String>> {
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
    fn calls_of(&self, words: &str) -> Vec<Vec<String>> {
        self.calls().into_iter().filter(|call| call.join(" ").starts_with(words)).collect()
    }

    fn assert_not_owned(&self) {
        assert!(!self.path("owned").exists(), "a value was evaluated");
    }
}

fn service_ids() -> String {
    serde_json::json!([{"name": "other", "id": "ServiceId-00000000-0000-0000-0000-000000000000"},
        {"name": "credjob-tokens", "id": SERVICE_ID}])
    .to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

/// The value of a flag, if the call has it just once.
fn flag<'a>(call: &'a [String], name: &str) -> Option<&'a str> {
    let mut places = call.windows(2).filter(|pair| pair[0] == name);
    places.next().filter(|_| places.next().is_none()).map(|pair| pair[1].as_str())
}

fn variables(call: &[String]) -> Vec<&str> {
    call.windows(2).filter(|pair| pair[0] == "--env").map(|pair| pair[1].as_str()).collect()
}

#[test]
fn without_apply_nothing_is_called() {
    let cloud = Cloud::empty();
    for flags in [&[][..], &["--plan"], &["--output", "shell"], &["--output", "terraform"], &["--output", "kubernetes"]]
    {
        let output = cloud.deploy(flags);
        assert_code(&output, 0);
        assert!(!output.stdout.is_empty());
    }
    assert!(cloud.calls().is_empty());
}

#[test]
fn a_first_deployment_creates_everything_in_order() {
    let cloud = Cloud::empty();
    let output = cloud.deploy(&["--apply"]);
    assert_code(&output, 0);
    let made: Vec<String> =
        cloud.calls().iter().map(|call| call[..3].join(" ")).filter(|call| call.contains("create")).collect();
    assert_eq!(
        made,
        [
            "iam authorization-policy-create secrets-manager",
            "iam service-id-create credjob-tokens",
            &format!("iam service-policy-create {SERVICE_ID}"),
            "secrets-manager secret-create --secret-type",
            "ce job create",
            "secrets-manager configuration-create --config-type",
        ]
    );
    cloud.assert_not_owned();
}

#[test]
fn hostile_values_arrive_as_they_are() {
    let cloud = Cloud::empty();
    assert_code(&cloud.deploy(&["--apply"]), 0);
    let jobs = cloud.calls_of("ce job create");
    assert_eq!(
        variables(&jobs[0]),
        [
            format!("SMIN_TIER={HOSTILE_DECLARATION}").as_str(),
            "SMOUT_TOKEN=type:string, required:true",
            "CREDJOB_DEADLINE=510s",
            &format!("NOTE={HOSTILE_VALUE}"),
            "CE_REMOVE_COMPLETED_JOBS=IMMEDIATELY",
        ]
    );
    cloud.assert_not_owned();
}

#[test]
fn the_job_is_small_and_is_run_again_twice() {
    let cloud = Cloud::empty();
    assert_code(&cloud.deploy(&["--apply"]), 0);
    let job = &cloud.calls_of("ce job create")[0];
    let flags = ["--retrylimit", "--cpu", "--memory", "--image"].map(|name| flag(job, name));
    assert_eq!(flags, [Some("2"), Some("0.125"), Some("0.25G"), Some("icr.io/team/tokens:1")]);
}

#[test]
fn the_rights_are_the_least_on_one_secret_group() {
    let cloud = Cloud::empty();
    assert_code(&cloud.deploy(&["--apply"]), 0);
    let policy = &cloud.calls_of("iam service-policy-create")[0];
    assert_eq!(flag(policy, "--roles"), Some("SecretTaskUpdater,Reader"));
    assert_eq!(flag(policy, "--resource-type"), Some("secret-group"));
    assert_eq!(flag(policy, "--resource"), Some(GROUP));
}

#[test]
fn the_configuration_refers_to_the_secret_that_was_just_made() {
    let cloud = Cloud::empty();
    assert_code(&cloud.deploy(&["--apply"]), 0);
    let secret = &cloud.calls_of("secrets-manager secret-create")[0];
    assert_eq!(flag(secret, "--iam-credentials-service-id"), Some(SERVICE_ID));
    let configuration = &cloud.calls_of("secrets-manager configuration-create")[0];
    assert_eq!(flag(configuration, "--custom-credentials-apikey-ref"), Some(SECRET));
}

#[test]
fn the_api_key_in_an_answer_is_shown_nowhere() {
    let cloud = Cloud::empty();
    let output = cloud.deploy(&["--apply"]);
    assert!(!text(&output.stdout).contains(API_KEY) && !text(&output.stderr).contains(API_KEY));
}

#[test]
fn a_second_run_changes_nothing_but_the_job() {
    let cloud = Cloud::deployed();
    let output = cloud.deploy(&["--apply"]);
    assert_code(&output, 0);
    let changed: Vec<String> = cloud
        .calls()
        .iter()
        .map(|call| call.join(" "))
        .filter(|call| call.contains("create") || call.contains("update"))
        .collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert!(changed[0].starts_with("ce job update"));
}

#[test]
fn an_update_has_the_flags_of_a_create_and_drops_old_declarations() {
    let (fresh, deployed) = (Cloud::empty(), Cloud::deployed());
    assert_code(&fresh.deploy(&["--apply"]), 0);
    assert_code(&deployed.deploy(&["--apply"]), 0);
    let create = &fresh.calls_of("ce job create")[0];
    let mut update = deployed.calls_of("ce job update")[0].clone();
    assert_eq!(update.split_off(update.len() - 2), ["--env-rm", "SMIN_GONE"]);
    assert_eq!(create[3..], update[3..]);
}

#[test]
fn a_policy_with_other_roles_is_narrowed() {
    let cloud = Cloud::deployed();
    let wide = std::fs::read_to_string(cloud.path("answers/iam-service-policies")).expect("there");
    cloud.answer("iam-service-policies", &wide.replace("role:Reader", "role:Manager"));
    assert_code(&cloud.deploy(&["--apply"]), 0);
    let update = &cloud.calls_of("iam service-policy-update")[0];
    assert_eq!(update[3], "policy-1");
    assert_eq!(flag(update, "--roles"), Some("SecretTaskUpdater,Reader"));
}

#[test]
fn kept_runs_are_set_again_after_a_new_configuration() {
    let cloud = Cloud::empty();
    assert_code(&cloud.deploy(&["--apply", "--keep-runs", "3d"]), 0);
    let last = cloud.calls().pop().expect("a call");
    assert_eq!(last.join(" "), "ce job update --name tokens --env CE_REMOVE_COMPLETED_JOBS=3d");
}

#[test]
fn a_trusted_profile_needs_no_service_id_and_no_key() {
    let cloud = Cloud::empty();
    cloud.answer("iam-trusted-profile.fail", "not found");
    cloud.answer("iam-trusted-profile-links", "[]");
    cloud.answer("iam-trusted-profile-policies", "[]");
    assert_code(&cloud.deploy(&["--apply", "--trusted-profile", "tokens-profile"]), 0);
    let calls: Vec<String> = cloud.calls().iter().map(|call| call.join(" ")).collect();
    assert!(calls.iter().all(|call| !call.contains("service-id-create") && !call.contains("secret-create")));
    assert!(calls.iter().any(|call| call.starts_with("iam trusted-profile-link-create tokens-profile")));
    let job = &cloud.calls_of("ce job create")[0];
    assert!(job.contains(&"--trusted-profiles-enabled=true".to_owned()));
    assert!(variables(job).contains(&"CREDJOB_TRUSTED_PROFILE_NAME=tokens-profile"));
    let configuration = &cloud.calls_of("secrets-manager configuration-create")[0];
    assert!(!configuration.contains(&"--custom-credentials-apikey-ref".to_owned()));
}

#[test]
fn the_first_failure_ends_it_and_says_what_was_done_and_what_not() {
    let cloud = Cloud::empty();
    cloud.answer("iam-service-policy-create.fail", "403 you may not");
    let output = cloud.deploy(&["--apply"]);
    assert_code(&output, 1);
    let said = text(&output.stderr);
    let (done, left) = said.split_once("not done:").expect("both parts");
    assert!(done.contains("403 you may not") && done.contains("created    the service ID credjob-tokens"), "{said}");
    assert!(left.contains("the Code Engine job tokens") && left.contains("the configuration tokens"), "{said}");
    assert!(cloud.calls_of("ce job").is_empty());
    assert!(output.stdout.is_empty());
}

#[test]
fn after_a_failure_the_same_command_goes_on() {
    let cloud = Cloud::empty();
    cloud.answer("ce-job-create.1.fail", "quota");
    assert_code(&cloud.deploy(&["--apply"]), 1);
    cloud.answer("iam-service-ids", &service_ids());
    assert_code(&cloud.deploy(&["--apply"]), 0);
    assert_eq!(cloud.calls_of("iam service-id-create").len(), 1);
    assert_eq!(cloud.calls_of("ce job create").len(), 2);
}

#[test]
fn a_frozen_configuration_that_does_not_fit_ends_it_before_anything_is_changed() {
    let cloud = Cloud::deployed();
    let fits = std::fs::read_to_string(cloud.path("answers/secrets-manager-configurations")).expect("there");
    cloud.answer("secrets-manager-configurations", &fits.replace("\"tier\"", "\"level\""));
    let output = cloud.deploy(&["--apply"]);
    assert_code(&output, 1);
    assert!(text(&output.stderr).contains("which it read from the job when it was created"));
    assert!(cloud.calls().iter().all(|call| !call.join(" ").contains("create") && !call.join(" ").contains("update")));
}

#[test]
fn a_question_that_fails_ends_it_before_anything_is_changed() {
    for question in ["secrets-manager-configurations.fail", "iam-authorization-policies.fail"] {
        let cloud = Cloud::deployed();
        cloud.answer(question, "the network is gone");
        assert_code(&cloud.deploy(&["--apply"]), 1);
        let changes = |call: &Vec<String>| call.join(" ").contains("create") || call.join(" ").contains("update");
        assert!(!cloud.calls().iter().any(changes), "{question}");
    }
}

#[test]
fn two_service_ids_of_one_name_are_not_guessed_between() {
    let cloud = Cloud::deployed();
    cloud.answer("iam-service-ids", &service_ids().replace("other", "credjob-tokens"));
    let output = cloud.deploy(&["--apply"]);
    assert_code(&output, 1);
    assert!(text(&output.stderr).contains("there are 2 service IDs called credjob-tokens"));
    assert!(cloud.calls_of("ce job").is_empty());
}

#[test]
fn an_answer_that_is_no_json_is_not_taken_for_an_empty_list() {
    let cloud = Cloud::empty();
    cloud.answer("iam-authorization-policies", "OK");
    let output = cloud.deploy(&["--apply"]);
    assert_code(&output, 1);
    assert!(text(&output.stderr).contains("something other than JSON"));
}

#[test]
fn without_ibmcloud_the_hint_says_where_to_get_it() {
    let cloud = Cloud::empty();
    std::fs::remove_file(cloud.path("bin/ibmcloud")).expect("removed");
    let output = cloud.deploy(&["--apply"]);
    assert_code(&output, 3);
    assert!(text(&output.stderr).contains("hint: install the IBM Cloud CLI"));
}

#[test]
fn wrong_usage_ends_with_2_and_starts_nothing() {
    let cloud = Cloud::empty();
    for flags in [
        &["--apply", "--task-timeout", "1m"][..],
        &["--apply", "--keep-runs", "soon"],
        &["--apply", "--job-env", "SM_ACTION=x"],
        &["--apply", "--plan"],
        &["--apply", "--output", "shell"],
        &["--apply", "--peak-memory", "99999"],
    ] {
        assert_code(&cloud.deploy(flags), 2);
    }
    assert!(cloud.calls().is_empty());
}

#[test]
fn flags_are_checked_before_the_provider_is_asked() {
    let cloud = Cloud::empty();
    std::fs::remove_file(cloud.path("job_config.json")).expect("removed");
    let output = cloud.deploy(&["--task-timeout", "1m"]);
    assert_code(&output, 2);
    assert!(text(&output.stderr).contains("--task-timeout"));
}

/// The written script, run by a real shell against the stand-in (its questions need jq, so those answer nothing here).
#[test]
fn the_script_hands_hostile_values_on_as_they_are() {
    let cloud = Cloud::empty();
    let script = cloud.deploy(&["--output", "shell"]);
    assert_code(&script, 0);
    let job_only: String = text(&script.stdout);
    let start = job_only.find("# the Code Engine job").expect("the job's step");
    let end = job_only.find("# the configuration").expect("the next step");
    let output = run_script(cloud.folder.path(), &format!("set -eu\n{}", &job_only[start..end]));
    assert!(output.status.success(), "{}", text(&output.stderr));
    let jobs = cloud.calls_of("ce job create");
    assert_eq!(variables(&jobs[0])[0], format!("SMIN_TIER={HOSTILE_DECLARATION}"));
    assert_eq!(variables(&jobs[0])[3], format!("NOTE={HOSTILE_VALUE}"));
    cloud.assert_not_owned();
}

fn run_script(folder: &Path, script: &str) -> Output {
    Command::new("/bin/sh")
        .args(["-c", script])
        .current_dir(folder)
        .env("PATH", format!("{}:/usr/bin:/bin", folder.join("bin").display()))
        .env("FAKE", folder)
        .output()
        .expect("a shell")
}
