//! Bad input: reported on the task, and nothing is created.

use crate::fake::Call;
use crate::model::Run;

fn refused(run: Run, code: &str, named: &[&str]) {
    let seen = run.live();
    assert_eq!(seen.fake.count(Call::Create), 0);
    assert_eq!(seen.fake.status(), Some("failed"));
    let errors = seen.fake.errors();
    assert_eq!(errors[0].0, code);
    for variable in named {
        assert!(errors[0].1.contains(variable), "{} does not name {variable}", errors[0].1);
    }
    assert_eq!(seen.exit(), 0);
}

#[test]
fn missing_and_malformed_parameters_are_reported_together() {
    let run = Run::create().with("SM_TENANT_VALUE", "").with("SM_DAYS_VALUE", "ninety");
    refused(run, "CREDJOB_BAD_PARAMETER", &["SM_TENANT_VALUE", "SM_DAYS_VALUE"]);
}

#[test]
fn parameter_out_of_range_is_reported() {
    refused(Run::create().with("SM_DAYS_VALUE", "0"), "CREDJOB_BAD_PARAMETER", &["SM_DAYS_VALUE", "3650"]);
}

#[test]
fn panic_of_a_parser_is_reported() {
    refused(Run::create().with("SM_BUGGY_VALUE", "x"), "CREDJOB_PANIC", &[]);
}

#[test]
fn unknown_action_is_reported() {
    refused(Run::create().with("SM_ACTION", "renew_credentials"), "CREDJOB_UNKNOWN_ACTION", &["SM_ACTION"]);
}

#[test]
fn delete_without_credentials_id_is_reported() {
    refused(
        Run::create().with("SM_ACTION", "delete_credentials"),
        "CREDJOB_MISSING_CREDENTIALS_ID",
        &["SM_CREDENTIALS_ID"],
    );
}

#[test]
fn malformed_setting_is_reported() {
    refused(Run::create().with("CREDJOB_DEADLINE", "soon"), "CREDJOB_BAD_ENVIRONMENT", &["CREDJOB_DEADLINE"]);
}
