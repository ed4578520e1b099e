//! The creation outcome rule.

use std::time::Duration;

use crate::fake::{Call, Fault, TASK_MARKER};
use crate::model::{Act, Run};

#[test]
fn failure_before_the_marker_created_nothing() {
    let seen = Run::create().model(|model| model.create = Act::Fail).live();
    assert_eq!(seen.fake.count(Call::List), 0);
    assert_eq!(seen.fake.status(), Some("failed"));
    assert_eq!(seen.exit(), 0);
}

#[test]
fn refused_create_needs_no_listing() {
    for status in [400, 401, 403, 404, 409, 422] {
        let seen = Run::create().fake(|fake| {
            fake.always(Call::Create, Fault::Status(status));
        });
        let seen = seen.live();
        assert_eq!(seen.fake.count(Call::List), 0);
        assert_eq!(seen.fake.count(Call::Create), 1);
        assert_eq!(seen.fake.errors()[0].0, "CREDJOB_REFUSED");
        assert_eq!(seen.exit(), 0);
    }
}

#[test]
fn lost_create_answer_is_cleaned_and_created_once_more() {
    for fault in [Fault::ResponseLost, Fault::StatusAfter(503), Fault::RequestLost, Fault::HangAfter] {
        let seen = Run::create().fake(|fake| {
            fake.script(Call::Create, &[fault]);
        });
        let seen = seen.live();
        assert_eq!(seen.fake.status(), Some("credentials_created"), "{fault:?} {}", seen.log);
        assert_eq!(seen.fake.live().len(), 1);
        assert_eq!(seen.fake.count(Call::Create), 2, "a minting request is never blindly sent again");
        assert_eq!(seen.exit(), 0);
    }
}

#[test]
fn create_that_lands_after_the_second_attempt_is_found_at_the_end() {
    let slow_to_verify = |model: &mut crate::model::Model| {
        model.verify = Act::NotYet;
        model.verify_works_after = 8;
    };
    let seen = Run::create().model(slow_to_verify).fake(|fake| {
        fake.script(Call::Create, &[Fault::AppliedLate(Duration::from_secs(3))]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("credentials_created"));
    assert_eq!(seen.fake.live(), [seen.fake.owner().unwrap()]);
    assert_eq!(seen.exit(), 0);
}

#[test]
fn create_lost_twice_fails_the_task_and_exits_4_when_nothing_is_found() {
    let seen = Run::create().fake(|fake| {
        fake.always(Call::Create, Fault::RequestLost);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.count(Call::Create), 2);
    assert_eq!(seen.fake.status(), Some("failed"));
    assert_eq!(seen.exit(), 4, "a create may still be on its way");
    assert!(seen.log.contains(TASK_MARKER));
}

#[test]
fn lost_create_answer_without_leftovers_exits_4_with_the_marker() {
    let seen = Run::create().model(|model| model.unsupported = true).fake(|fake| {
        fake.script(Call::Create, &[Fault::ResponseLost]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live().len(), 1);
    assert_eq!(seen.fake.status(), Some("failed"));
    assert_eq!(seen.exit(), 4);
    assert!(seen.logged("orphaned_credentials"));
}

#[test]
fn plain_error_after_the_request_is_cleaned_without_a_second_create() {
    let seen = Run::create().model(|model| model.create = Act::FailAfterwards).live();
    assert_eq!(seen.fake.count(Call::Create), 1);
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn panic_before_and_after_creating_is_reported_and_cleaned() {
    for create in [Act::Panic, Act::PanicAfterwards] {
        let seen = Run::create().model(|model| model.create = create).live();
        assert_eq!(seen.fake.errors()[0].0, "CREDJOB_PANIC");
        assert!(seen.fake.live().is_empty());
        assert_eq!(seen.exit(), 0);
    }
}

#[test]
fn panic_in_verify_is_reported_and_undone() {
    let seen = Run::create().model(|model| model.verify = Act::Panic).live();
    assert_eq!(seen.fake.errors()[0].0, "CREDJOB_PANIC");
    assert!(seen.fake.live().is_empty());
}

#[test]
fn panic_in_delete_while_undoing_is_an_orphan() {
    let seen = Run::create().model(|model| {
        model.verify = Act::Fail;
        model.delete = Act::Panic;
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["cred-1"]);
    assert_eq!(seen.exit(), 4);
}

#[test]
fn panic_in_leftovers_cannot_list() {
    let seen = Run::create().model(|model| {
        model.create = Act::FailAfterwards;
        model.leftovers = Act::Panic;
    });
    assert_eq!(seen.live().exit(), 4);
}

#[test]
fn create_that_hangs_is_cut_at_the_reserve_and_cleaned() {
    let seen = Run::create().model(|model| model.create = Act::HangAfterwards).live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.fake.errors()[0].0, "CREDJOB_DEADLINE");
    assert!(seen.took >= Duration::from_secs(480));
}

#[test]
fn listing_that_fails_exits_4() {
    let seen = Run::create().model(|model| model.create = Act::FailAfterwards).fake(|fake| {
        fake.always(Call::List, Fault::Status(403));
    });
    let seen = seen.live();
    assert_eq!(seen.exit(), 4);
    assert_eq!(seen.fake.status(), Some("failed"));
}

#[test]
fn no_report_possible_and_nothing_left_exits_3() {
    let seen = Run::create().model(|model| model.create = Act::FailEarly).fake(|fake| {
        fake.always(Call::Update, Fault::NotSent);
    });
    assert_eq!(seen.live().exit(), 3);
}

#[test]
fn no_token_and_nothing_published_exits_3_without_leftovers() {
    let seen = Run::create().with("CREDJOB_DEADLINE", "130").fake(|fake| {
        fake.always(Call::Token, Fault::Status(400));
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 3);
}
