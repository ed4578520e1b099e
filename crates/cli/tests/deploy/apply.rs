//! `--apply`: what is called, in which order, with which arguments.

use crate::cloud::{
    API_KEY, Cloud, GROUP, HOSTILE_DECLARATION, HOSTILE_VALUE, SECRET, SERVICE_ID, assert_code, flag, text, variables,
};

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
