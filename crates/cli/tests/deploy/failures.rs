//! `--apply` when something goes wrong: it stops there, says so, and can be run again.

use crate::cloud::{Cloud, assert_code, service_ids, text};

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
