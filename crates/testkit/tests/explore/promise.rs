//! A part of the exploration that is short enough for every test run; `examples/explore.rs` does the whole.

use credjob_testkit::explore::{Call, Effort, explore, explore_on, models};

use crate::{REPLAY, lived, scene};

fn keeps(name: &str, effort: Effort) {
    let report = explore(&[(scene(name), effort)]);
    assert!(report.schedules() > 100, "{report}");
    report.assert_kept(REPLAY);
}

#[test]
fn every_single_fault_while_creating_by_http_keeps_the_promise() {
    keeps("web-create", Effort::singles());
}

#[test]
fn every_single_fault_while_creating_by_a_driver_keeps_the_promise() {
    keeps("memory-create", Effort::singles());
}

#[test]
fn every_single_fault_while_deleting_keeps_the_promise() {
    keeps("web-delete", Effort::singles());
    keeps("memory-delete", Effort::singles());
}

#[test]
fn every_single_fault_without_the_role_to_read_keeps_the_promise() {
    keeps("web-create-unread", Effort::singles());
    keeps("memory-create-unread", Effort::singles());
}

#[test]
fn every_single_fault_without_leftovers_keeps_the_promise() {
    keeps("web-create-unlisted", Effort::singles());
    keeps("memory-create-unlisted", Effort::singles());
}

#[test]
fn every_single_fault_with_errors_that_say_nothing_keeps_the_promise() {
    keeps("memory-create-plain", Effort::singles());
}

#[test]
fn pairs_that_begin_with_the_create_call_keep_the_promise() {
    keeps("web-create", Effort::brief().starting_at(Call::Create));
    keeps("memory-create", Effort::brief().starting_at(Call::Create));
}

#[test]
fn pairs_that_begin_with_the_publish_call_keep_the_promise() {
    keeps("web-create", Effort::brief().starting_at(Call::Update));
    keeps("memory-create-unread", Effort::brief().starting_at(Call::Update));
}

#[test]
fn every_run_that_one_retry_can_save_is_saved() {
    let singles = Effort::singles();
    let report = explore(&models::scenes(&singles, &singles));
    let (tried, delivered) = report.delivered();
    assert!(tried > 500 && delivered * 10 > tried * 8, "{delivered} of {tried}");
    report.assert_saved();
}

#[test]
fn the_report_is_the_same_each_time() {
    let scenes = [(scene("memory-create"), Effort::brief().starting_at(Call::Update))];
    assert_eq!(explore_on(1, &scenes).to_json(), explore_on(3, &scenes).to_json());
}

#[test]
fn a_replay_tells_each_call_and_the_verdict() {
    let (told, kept) = lived("web-create: 1.update#1=answer-lost");
    assert!(kept, "{told}");
    for line in [
        "1.update#1             answer-lost          no answer",
        "1.update#2                                  400",
        "task: credentials_created",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn a_killed_run_is_cleaned_up_after() {
    for kill in ["1.create#1=kill-applied", "1.verify#1=kill", "1.update#1=kill", "1.update#1=kill-applied"] {
        let (told, kept) = lived(&format!("web-create: {kill}"));
        assert!(kept, "{told}");
        assert!(told.contains("killed") && told.contains("retry count 1"), "{told}");
        assert!(told.contains("credentials without an owner: 0"), "{told}");
    }
}
