//! Delete tasks.

use std::time::Duration;

use crate::fake::{Call, Fault};
use crate::model::{Act, Run};

#[test]
fn delete_removes_and_reports() {
    let seen = Run::delete("old").live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.fake.status(), Some("credentials_deleted"));
    assert_eq!(seen.exit(), 0);
}

#[test]
fn delete_of_what_is_gone_is_deleted() {
    let seen = Run::delete("old").with("SM_CREDENTIALS_ID", "unknown").live();
    assert_eq!(seen.fake.status(), Some("credentials_deleted"));
}

#[test]
fn delete_given_up_reports_deleted_and_logs_the_reason() {
    let seen = Run::delete("old").model(|model| model.delete = Act::GiveUp).live();
    assert_eq!(seen.fake.status(), Some("credentials_deleted"));
    assert!(seen.logged("gave_up"));
}

#[test]
fn delete_error_and_panic_report_failed() {
    for (delete, code) in [(Act::Fail, "MODEL_TOLD"), (Act::Panic, "CREDJOB_PANIC")] {
        let seen = Run::delete("old").model(|model| model.delete = delete).live();
        assert_eq!(seen.fake.status(), Some("failed"));
        assert_eq!(seen.fake.errors()[0].0, code);
        assert_eq!(seen.exit(), 0);
    }
}

#[test]
fn delete_report_is_repeated_until_it_gets_through() {
    let seen = Run::delete("old").fake(|fake| {
        fake.script(
            Call::Update,
            &[Fault::NotSent, Fault::RequestLost, Fault::Status(503), Fault::Hang, Fault::ResponseLost],
        );
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("credentials_deleted"));
    assert_eq!(seen.exit(), 0, "the last update met a final task: 400");
}

#[test]
fn delete_report_refused_403_or_never_sent_exits_3() {
    for fault in [Fault::Status(403), Fault::NotSent, Fault::Status(500)] {
        let seen = Run::delete("old").fake(|fake| {
            fake.always(Call::Update, fault);
        });
        let seen = seen.live();
        assert!(seen.fake.live().is_empty());
        assert_eq!(seen.exit(), 3);
    }
}

#[test]
fn delete_that_hangs_is_cut_and_reported() {
    let seen = Run::delete("old").model(|model| model.delete = Act::Hang).live();
    assert_eq!(seen.fake.errors()[0].0, "CREDJOB_DEADLINE");
    assert!(seen.took >= Duration::from_secs(480));
}

#[test]
fn delete_rerun_just_runs_again() {
    let seen = Run::delete("old").with("JOB_INDEX_RETRY_COUNT", "1").live();
    assert_eq!(seen.fake.status(), Some("credentials_deleted"));
}

#[test]
fn delete_ignores_ranges_and_missing_parameters() {
    let seen = Run::delete("old").with("SM_TENANT_VALUE", "").with("SM_DAYS_VALUE", "99999").live();
    assert_eq!(seen.fake.status(), Some("credentials_deleted"));
}
