//! SIGTERM and SIGINT, at every step: 25 seconds, and the promise still holds.

use std::time::Duration;

use crate::fake::{Call, Fault};
use crate::model::{Act, Run};

/// What a signal leaves, and a little for the granularity of timers.
const LEFT: Duration = Duration::from_secs(26);

#[test]
fn signal_while_creating_cleans_and_reports() {
    let seen =
        Run::create().model(|model| model.create = Act::HangAfterwards).stopped_after(Duration::from_secs(5)).live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.fake.errors()[0].0, "CREDJOB_TERMINATED");
    assert!(seen.took <= Duration::from_secs(5) + LEFT);
}

#[test]
fn signal_while_verifying_undoes_and_reports() {
    let seen = Run::create().model(|model| model.verify = Act::Hang).stopped_after(Duration::from_secs(5)).live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.fake.status(), Some("failed"));
    assert_eq!(seen.exit(), 0);
}

#[test]
fn signal_while_publishing_closes_and_undoes() {
    let seen = Run::create().stopped_after(Duration::from_secs(5)).fake(|fake| {
        fake.script(Call::Update, &[Fault::Hang]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("failed"));
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn signal_while_a_publish_is_under_way_that_was_applied_keeps_it() {
    let seen = Run::create().stopped_after(Duration::from_secs(5)).fake(|fake| {
        fake.script(Call::Update, &[Fault::HangAfter]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("credentials_created"));
    assert_eq!(seen.fake.live(), ["cred-1"]);
    assert_eq!(seen.exit(), 0);
}

#[test]
fn signal_with_an_unreachable_service_ends_in_time() {
    for (update, exit) in [(Fault::NotSent, 3), (Fault::Hang, 5)] {
        let seen = Run::create().stopped_after(Duration::from_secs(60)).fake(|fake| {
            fake.always(Call::Update, update).always(Call::Read, Fault::Hang);
        });
        let seen = seen.live();
        assert_eq!(seen.exit(), exit);
        assert!(seen.took <= Duration::from_secs(60) + LEFT, "{:?}", seen.took);
    }
}

#[test]
fn signal_while_undoing_still_undoes() {
    let seen =
        Run::create().model(|model| model.verify = Act::Fail).stopped_after(Duration::from_secs(1)).fake(|fake| {
            fake.script(Call::Delete, &[Fault::Hang]);
        });
    let seen = seen.live();
    assert!(seen.took <= Duration::from_secs(1) + LEFT);
    assert!([0, 4].contains(&seen.exit()));
}

#[test]
fn signal_while_deleting_reports_failed() {
    let seen = Run::delete("old").model(|model| model.delete = Act::Hang).stopped_after(Duration::from_secs(5)).live();
    assert_eq!(seen.fake.errors()[0].0, "CREDJOB_TERMINATED");
    assert_eq!(seen.exit(), 0);
}
