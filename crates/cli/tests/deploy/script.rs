//! `--output shell`: the whole script, run by the shells that people have, against the stand-in. The script asks with `jq`.

use std::process::{Command, Output};

use crate::cloud::{
    Cloud, GROUP, HOSTILE_DECLARATION, HOSTILE_VALUE, SECRET, SERVICE_ID, assert_code, flag, text, variables,
};

const SHELLS: [&str; 2] = ["sh", "bash"];

/// Writes the script of a deployment and runs it.
fn run(cloud: &Cloud, shell: &str, flags: &[&str]) -> Output {
    let script = cloud.deploy(&[&["--output", "shell"], flags].concat());
    assert_code(&script, 0);
    let path = cloud.path("deploy.sh");
    std::fs::write(&path, &script.stdout).expect("written");
    let run = cloud.with_stand_in(&mut Command::new(shell)).arg(&path).output();
    let output = run.unwrap_or_else(|error| panic!("{shell} is needed: {error}"));
    assert!(!text(&output.stderr).contains("jq: "), "jq is needed: apt-get install jq\n{}", text(&output.stderr));
    output
}

fn changes(cloud: &Cloud) -> Vec<String> {
    let calls = cloud.calls().into_iter().map(|call| call[..3].join(" "));
    calls.filter(|call| call.contains("create") || call.contains("update")).collect()
}

#[test]
fn the_script_creates_everything_in_order_and_hands_hostile_values_on_as_they_are() {
    for shell in SHELLS {
        let cloud = Cloud::empty();
        assert_code(&run(&cloud, shell, &[]), 0);
        let made = [
            "iam authorization-policy-create secrets-manager",
            "iam service-id-create credjob-tokens",
            &format!("iam service-policy-create {SERVICE_ID}"),
            "secrets-manager secret-create --secret-type",
            "ce job create",
            "secrets-manager configuration-create --config-type",
        ];
        assert_eq!(changes(&cloud), made, "{shell}");
        let job = &cloud.calls_of("ce job create")[0];
        assert_eq!(variables(job)[0], format!("SMIN_TIER={HOSTILE_DECLARATION}"), "{shell}");
        assert_eq!(variables(job)[3], format!("NOTE={HOSTILE_VALUE}"), "{shell}");
        let policy = &cloud.calls_of("iam service-policy-create")[0];
        assert_eq!(
            (flag(policy, "--roles"), flag(policy, "--resource")),
            (Some("SecretTaskUpdater,Reader"), Some(GROUP))
        );
        let configuration = &cloud.calls_of("secrets-manager configuration-create")[0];
        assert_eq!(flag(configuration, "--custom-credentials-apikey-ref"), Some(SECRET), "{shell}");
        cloud.assert_not_owned();
    }
}

#[test]
fn the_script_and_apply_make_the_same_calls() {
    let (by_script, by_apply) = (Cloud::empty(), Cloud::empty());
    assert_code(&run(&by_script, "sh", &["--keep-runs", "3d"]), 0);
    assert_code(&by_apply.deploy(&["--apply", "--keep-runs", "3d"]), 0);
    let sorted = |cloud: &Cloud| {
        let mut calls = cloud.calls();
        calls.sort();
        calls
    };
    // `--apply` looks at the configuration first, the script when it comes to it.
    assert_eq!(sorted(&by_script), sorted(&by_apply));
}

#[test]
fn what_exists_is_kept_or_updated() {
    for shell in SHELLS {
        let cloud = Cloud::deployed();
        assert_code(&run(&cloud, shell, &[]), 0);
        let policy = format!("iam service-policy-update {SERVICE_ID}");
        assert_eq!(
            changes(&cloud),
            [&policy, "ce job update", "secrets-manager configuration-update --name"],
            "{shell}"
        );
    }
}

#[test]
fn the_script_ends_at_the_first_failure() {
    for shell in SHELLS {
        let cloud = Cloud::empty();
        cloud.answer("iam-service-policy-create.fail", "403 you may not");
        assert!(!run(&cloud, shell, &[]).status.success(), "{shell}");
        assert!(cloud.calls_of("ce job").is_empty(), "{shell}");
    }
}

#[test]
fn a_question_that_fails_is_not_taken_for_an_empty_answer() {
    for question in
        ["iam-authorization-policies", "iam-service-ids.1", "iam-service-policies", "secrets-manager-secrets"]
    {
        for shell in SHELLS {
            let cloud = Cloud::empty();
            cloud.answer(&format!("{question}.fail"), "the network is gone");
            assert!(!run(&cloud, shell, &[]).status.success(), "{question} {shell}");
            let created = question.trim_end_matches(".1").rsplit('-').next().expect("a word").trim_end_matches('s');
            assert!(
                changes(&cloud).iter().all(|call| !call.ends_with(created)),
                "{question} {shell}: {:?}",
                changes(&cloud)
            );
        }
    }
}
