//! Publish, close, look, undo.

use std::time::Duration;

use crate::fake::{Call, Fault};
use crate::model::{Act, Run};

fn created(run: Run) -> crate::model::Seen {
    let seen = run.live();
    assert_eq!(seen.fake.status(), Some("credentials_created"), "{}", seen.log);
    assert_eq!(seen.fake.live(), [seen.fake.owner().unwrap()]);
    assert_eq!(seen.exit(), 0);
    seen
}

#[test]
fn clean_run_publishes_with_four_calls() {
    let seen = created(Run::create());
    assert_eq!(seen.fake.count(Call::Token), 1);
    assert_eq!(seen.fake.count(Call::Create), 1);
    assert_eq!(seen.fake.count(Call::Update), 1);
    assert_eq!(seen.fake.count(Call::Read), 0);
    assert_eq!(seen.ending.summary["outcome"], "credentials_created");
    assert_eq!(seen.ending.summary["attempts"]["task_update"]["applied"], 1);
    assert!(seen.ending.summary["phases_ms"]["create"].is_number());
}

#[test]
fn finest_log_of_a_bumpy_run_leaks_nothing() {
    let seen = Run::create().finest_log().fake(|fake| {
        fake.script(Call::Create, &[Fault::ResponseLost]).script(Call::Update, &[Fault::Status(401), Fault::HtmlAfter]);
    });
    // `judge` searches the log for canaries.
    assert!(seen.live().log.contains("\"level\":\"DEBUG\""));
}

#[test]
fn publish_not_sent_is_sent_again() {
    let seen = created(Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::NotSent, Fault::Status(429), Fault::NotSent]);
    }));
    assert_eq!(seen.fake.count(Call::Update), 4);
}

#[test]
fn publish_first_401_fetches_a_fresh_token() {
    let seen = created(Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::Status(401)]);
    }));
    assert_eq!(seen.fake.count(Call::Token), 2);
}

#[test]
fn publish_second_401_is_a_refusal_and_closes() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::Status(401), Fault::Status(401)]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("failed"));
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.fake.errors()[0].0, "CREDJOB_PUBLISH_REFUSED");
    assert_eq!(seen.exit(), 0);
}

#[test]
fn publish_lost_request_is_sent_again() {
    for fault in [
        Fault::RequestLost,
        Fault::Hang,
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(408),
        Fault::Status(302),
        Fault::Html,
    ] {
        created(Run::create().fake(|fake| {
            fake.script(Call::Update, &[fault]);
        }));
    }
}

#[test]
fn publish_lost_response_keeps_the_credential() {
    for fault in [Fault::ResponseLost, Fault::HangAfter, Fault::StatusAfter(503), Fault::HtmlAfter] {
        let seen = created(Run::create().fake(|fake| {
            fake.script(Call::Update, &[fault]);
        }));
        // The second update met a final task: 400, and a look.
        assert_eq!(seen.fake.count(Call::Update), 2);
        assert_eq!(seen.fake.count(Call::Read), 1);
        assert_eq!(seen.fake.count(Call::Delete), 0);
    }
}

#[test]
fn publish_lost_response_without_the_role_to_read_keeps_and_exits_5() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::ResponseLost]).always(Call::Read, Fault::Status(403));
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live().len(), 1);
    assert_eq!(seen.exit(), 5);
    assert!(seen.logged("outcome_unknown") && seen.log.contains("cred-1"));
}

#[test]
fn publish_refused_400_looks_and_undoes_when_nothing_is_unknown() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::Status(400)]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.count(Call::Update), 1);
    assert_eq!(seen.fake.count(Call::Read), 2, "a non-final reading counts only when two agree");
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn publish_refused_404_of_a_cancelled_task_undoes() {
    let seen = Run::create().fake(|fake| {
        fake.task(None);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.count(Call::Versions), 1);
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn publish_404_after_an_unknown_keeps_because_it_may_still_land() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::RequestLost]).task(None);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["cred-1"]);
    assert_eq!(seen.exit(), 5);
}

#[test]
fn publish_404_after_an_unknown_with_unreadable_versions_keeps() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::RequestLost]).task(None).always(Call::Versions, Fault::Status(403));
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live().len(), 1);
    assert_eq!(seen.exit(), 5);
}

#[test]
fn publish_404_whose_version_carries_our_id_keeps() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::RequestLost]).task(None).version_owner("cred-1");
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["cred-1"]);
    assert_eq!(seen.exit(), 5);
}

#[test]
fn publish_404_of_a_gateway_after_it_was_applied_keeps() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::StatusAfter(404)]).script(Call::Read, &[Fault::Status(404)]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("credentials_created"));
    assert_eq!(seen.fake.live(), ["cred-1"]);
    assert_eq!(seen.exit(), 5);
}

#[test]
fn publish_into_a_black_hole_is_not_sent_and_undone() {
    let seen = Run::create().fake(|fake| {
        fake.always(Call::Update, Fault::BlackHole).always(Call::Read, Fault::NotSent);
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 3);
}

#[test]
fn close_told_to_come_back_after_its_slice_tries_once_more_within_it() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::Status(403), Fault::RetryAfter(21)]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("failed"));
    assert_eq!(seen.exit(), 0);
}

#[test]
fn publish_refused_403_closes_and_undoes() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::Status(403)]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("failed"));
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn publish_and_close_refused_403_undoes_and_exits_3() {
    let seen = Run::create().fake(|fake| {
        fake.always(Call::Update, Fault::Status(403));
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 3);
}

#[test]
fn publish_unreachable_until_the_reserve_closes_undoes_and_exits_3() {
    let seen = Run::create().fake(|fake| {
        fake.always(Call::Update, Fault::NotSent).always(Call::Read, Fault::NotSent);
    });
    let seen = seen.live();
    assert!(seen.took > Duration::from_secs(480));
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 3);
}

#[test]
fn publish_unknown_for_ever_keeps_and_exits_5() {
    for fault in [Fault::RequestLost, Fault::Hang, Fault::Status(503), Fault::Html] {
        let seen = Run::create().fake(|fake| {
            fake.always(Call::Update, fault).always(Call::Read, Fault::NotSent);
        });
        let seen = seen.live();
        assert_eq!(seen.fake.live(), ["cred-1"]);
        assert_eq!(seen.exit(), 5, "{fault:?}");
    }
}

#[test]
fn publish_that_lands_late_is_never_left_dangling() {
    for late in [1, 30, 470, 490, 510, 530, 600] {
        let seen = Run::create().fake(|fake| {
            fake.always(Call::Update, Fault::AppliedLate(Duration::from_secs(late)));
        });
        let seen = seen.live();
        assert_eq!(seen.fake.live(), ["cred-1"], "late by {late} s");
        assert!([0, 5].contains(&seen.exit()));
    }
}

#[test]
fn close_applied_after_an_unknown_publish_undoes() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::RequestLost, Fault::Status(403)]);
    });
    let seen = seen.live();
    assert_eq!(seen.fake.status(), Some("failed"));
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn look_reads_failed_and_undoes() {
    let seen = Run::create().fake(|fake| {
        fake.task(Some("failed"));
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn look_reads_created_with_another_id_and_undoes_ours() {
    let seen = Run::create().fake(|fake| {
        fake.task(Some("credentials_created")).holds("theirs", "made-by-another-run").version_owner("theirs");
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["theirs"]);
    assert_eq!(seen.exit(), 0);
}

#[test]
fn undo_that_fails_for_ever_exits_4_and_names_the_id() {
    let seen = Run::create().fake(|fake| {
        fake.always(Call::Update, Fault::Status(403)).always(Call::Delete, Fault::Status(500));
    });
    let seen = seen.live();
    assert_eq!(seen.fake.live(), ["cred-1"]);
    assert_eq!(seen.exit(), 4);
    assert!(seen.logged("orphaned_credentials") && seen.log.contains("cred-1"));
}

#[test]
fn undo_already_gone_counts_only_when_it_is_said_twice() {
    let seen = Run::create().fake(|fake| {
        fake.script(Call::Update, &[Fault::Status(403)]).blind_deletions(1);
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.fake.count(Call::Delete), 2);
}

#[test]
fn undo_given_up_is_an_orphan() {
    let seen = Run::create().model(|model| model.delete = Act::GiveUp).fake(|fake| {
        fake.always(Call::Update, Fault::Status(403));
    });
    assert_eq!(seen.live().exit(), 4);
}

#[test]
fn verify_failure_undoes_and_reports() {
    let seen = Run::create().model(|model| model.verify = Act::Fail).live();
    assert_eq!(seen.fake.status(), Some("failed"));
    assert_eq!(seen.fake.errors()[0].0, "MODEL_TOLD");
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.exit(), 0);
}

#[test]
fn verify_repeats_transient_failures() {
    let seen = created(Run::create().model(|model| {
        model.verify = Act::NotYet;
        model.verify_works_after = 3;
    }));
    assert_eq!(seen.model.verified.into_inner(), 4);
}

#[test]
fn verify_that_stays_transient_undoes_within_its_slice() {
    let seen = Run::create().model(|model| {
        model.verify = Act::NotYet;
        model.verify_works_after = u32::MAX;
    });
    let seen = seen.live();
    assert!(seen.fake.live().is_empty());
    assert_eq!(seen.fake.errors()[0].0, "MODEL_NOT_YET");
    assert!(seen.took < Duration::from_secs(60));
}

#[test]
fn bad_payload_is_undone_and_reported() {
    let seen = Run::create().model(|model| model.create = Act::EmptyToken).live();
    assert_eq!(seen.fake.errors()[0].0, "CREDJOB_BAD_PAYLOAD");
    assert!(seen.fake.live().is_empty());
}
