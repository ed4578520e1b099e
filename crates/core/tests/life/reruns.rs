//! Re-runs of a create task, and array jobs.

use crate::fake::{Call, Fault, TASK_MARKER};
use crate::model::{Act, Run};

fn with_leftover() -> Run {
    Run::rerun().fake(|fake| {
        fake.holds("left", &format!("{TASK_MARKER}-0123456789ab"));
    })
}

#[test]
fn rerun_of_an_open_task_closes_and_cleans() {
    let seen = with_leftover().live();
    assert_eq!(seen.fake.count(Call::Create), 0);
    assert_eq!(seen.fake.errors()[0].0, "CREDJOB_INTERRUPTED");
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn rerun_of_a_published_task_touches_nothing() {
    let seen = with_leftover().fake(|fake| {
        fake.task(Some("credentials_created")).version_owner("left");
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["left"]);
    assert_eq!(seen.fake.count(Call::Update) + seen.fake.count(Call::Delete), 0);
    assert_eq!(seen.exit(), 0);
}

#[test]
fn rerun_of_a_published_task_deletes_what_its_version_does_not_own() {
    let seen = with_leftover().fake(|fake| {
        fake.holds("owned", &format!("{TASK_MARKER}-ba9876543210"));
        fake.task(Some("credentials_created")).version_owner("owned");
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["owned"]);
    assert_eq!(seen.exit(), 0);
}

#[test]
fn rerun_of_a_published_task_whose_owner_is_not_listed_deletes_nothing() {
    let seen = with_leftover().fake(|fake| {
        fake.holds("owned", "another-marker").task(Some("credentials_created")).version_owner("owned");
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["left", "owned"]);
    assert_eq!(seen.exit(), 4);
    assert!(seen.logged("orphaned_credentials"));
}

#[test]
fn rerun_of_a_published_task_whose_versions_cannot_be_read_exits_4() {
    let seen = with_leftover().fake(|fake| {
        fake.task(Some("credentials_created")).version_owner("left").always(Call::Versions, Fault::Status(403));
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["left"]);
    assert_eq!(seen.exit(), 4);
}

#[test]
fn rerun_of_a_published_task_without_leftovers_support_exits_4() {
    let seen = with_leftover().model(|model| model.unsupported = true).fake(|fake| {
        fake.task(Some("credentials_created")).version_owner("left");
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["left"]);
    assert_eq!(seen.exit(), 4);
}

#[test]
fn rerun_of_a_published_task_says_which_credential_to_keep() {
    let seen = with_leftover().model(|model| model.unsupported = true).fake(|fake| {
        fake.task(Some("credentials_created")).version_owner("left");
    });
    let seen = seen.live();
    assert!(seen.logged("orphaned_credentials"));
    assert!(seen.log.contains(r#""owner":"left""#));
}

#[test]
fn rerun_of_a_published_task_without_a_version_takes_the_only_one_for_the_owner() {
    let seen = with_leftover().fake(|fake| {
        fake.task(Some("credentials_created")).version_owner("left").version_unnamed();
    });
    let seen = seen.live();
    assert_eq!((seen.fake.live(), seen.exit()), (vec!["left".to_owned()], 0));
}

#[test]
fn rerun_of_a_published_task_without_a_version_and_with_two_credentials_exits_4() {
    let seen = with_leftover().fake(|fake| {
        fake.holds("other", &format!("{TASK_MARKER}-ba9876543210"));
        fake.task(Some("credentials_created")).version_owner("left").version_unnamed();
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["left", "other"]);
    assert_eq!(seen.exit(), 4);
}

#[test]
fn rerun_of_a_failed_task_cleans() {
    let seen = with_leftover().fake(|fake| {
        fake.task(Some("failed"));
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.fake.count(Call::Update), 0);
    assert_eq!(seen.exit(), 0);
}

#[test]
fn rerun_of_a_missing_task_deletes_nothing_and_exits_5() {
    let seen = with_leftover().fake(|fake| {
        fake.task(None);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["left"]);
    assert_eq!(seen.exit(), 5);
}

#[test]
fn rerun_that_can_neither_read_nor_close_deletes_nothing_and_exits_5() {
    let seen = with_leftover().with("CREDJOB_DEADLINE", "130").fake(|fake| {
        fake.always(Call::Read, Fault::Status(403)).always(Call::Update, Fault::Status(403));
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["left"]);
    assert_eq!(seen.exit(), 5);
}

#[test]
fn rerun_that_may_not_read_still_closes_and_cleans() {
    let seen = with_leftover().fake(|fake| {
        fake.always(Call::Read, Fault::Status(403));
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("failed"));
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn rerun_close_with_a_lost_answer_reads_failed_and_cleans() {
    let seen = with_leftover().fake(|fake| {
        fake.script(Call::Update, &[Fault::ResponseLost]);
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn rerun_without_leftovers_support_exits_4() {
    let seen = with_leftover().model(|model| model.unsupported = true).live();
    assert_eq!(seen.fake.live(), ["left"]);
    assert_eq!(seen.exit(), 4);
}

#[test]
fn rerun_whose_leftover_stays_exits_4() {
    let seen = with_leftover().model(|model| model.delete = Act::Fail).live();
    assert_eq!(seen.exit(), 4);
}

#[test]
fn rerun_believes_that_a_leftover_is_gone_when_it_is_said_twice() {
    let seen = with_leftover().fake(|fake| {
        fake.blind_deletions(1);
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn rerun_deletes_every_leftover_although_one_resists_at_first() {
    let seen = with_leftover().fake(|fake| {
        fake.holds("more", &format!("{TASK_MARKER}-ba9876543210")).script(Call::Delete, &[Fault::Status(409)]);
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn rerun_leaves_the_credentials_of_other_tasks_alone() {
    let seen = with_leftover().fake(|fake| {
        fake.holds("other", "of-another-task");
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["other"]);
    assert_eq!(seen.exit(), 0);
}

#[test]
fn second_instance_of_an_array_job_does_nothing() {
    let seen = Run::create().with("JOB_INDEX", "1").with("JOB_ARRAY_SIZE", "2").live();
    assert_eq!(seen.exit(), 0);
    assert_eq!(seen.fake.status(), Some("processing"));
    assert_eq!(seen.ending.summary["outcome"], "skipped");
}
