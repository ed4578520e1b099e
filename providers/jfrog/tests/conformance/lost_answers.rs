//! A creating request is never repeated blindly, and what it may have made is found.

use std::time::Duration;

use credjob::Exit;
use credjob::http::script::{Answer, Call, Fault};
use serde_json::json;

use crate::life::{Surroundings, TASK_MARKER};
use crate::{TOKENS, count, sent, web_page};

#[tokio::test(start_paused = true)]
async fn after_a_lost_answer_the_token_is_found_and_revoked_before_another_is_made() {
    for fault in [Fault::ResponseLost, Fault::HangAfterApply, Fault::AppliedBut(503), Fault::AppliedGarbage] {
        let surroundings = Surroundings::new();
        surroundings.script.expect(Call::post(TOKENS), fault);
        assert_eq!(surroundings.live().await.exit, Exit::Done, "{fault:?}");
        surroundings.published_id();
        let sent = sent(&surroundings);
        let second = sent.iter().rposition(|request| request.starts_with("POST")).expect("a second token");
        let kinds: Vec<_> =
            sent[..second].iter().map(|request| request.split(' ').next().unwrap_or_default()).collect();
        assert_eq!(kinds, ["POST", "GET", "DELETE", "GET"], "{fault:?}");
        assert_eq!(surroundings.platform.live(), 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_request_is_not_sent_again_before_two_listings() {
    let surroundings = Surroundings::new();
    surroundings.script.expect(Call::post(TOKENS), Fault::RequestLost);
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    let sent = sent(&surroundings);
    assert_eq!(sent[..4], ["POST", "GET", "GET", "POST"].map(|method| format!("{method} {TOKENS}")));
    assert_eq!(surroundings.platform.live(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_left_is_sent_again() {
    let surroundings = Surroundings::new();
    surroundings.script.expect(Call::post(TOKENS), Fault::ConnectionRefused);
    surroundings.script.expect(Call::post(TOKENS), Answer::status(429));
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!((count(&surroundings, "POST"), surroundings.platform.live()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_create_that_lands_late_leaves_nothing_unnoticed() {
    let surroundings = Surroundings::new();
    surroundings.script.expect(Call::post(TOKENS), Fault::AppliedLate(Duration::from_secs(31)));
    let ending = surroundings.live().await;
    surroundings.script.settle();
    assert!(surroundings.platform.live() == 1 || ending.exit == Exit::Orphan, "{ending:?}");
}

#[tokio::test(start_paused = true)]
async fn a_token_without_a_usable_id_is_found_by_its_marker_and_revoked() {
    for id in ["", "me", "../x", "42"] {
        let surroundings = Surroundings::new();
        let strange = Answer::json(200, &json!({ "token_id": id, "access_token": "canary-strange-token" }));
        surroundings.script.expect(Call::post(TOKENS), strange);
        surroundings.live().await;
        assert!(sent(&surroundings).iter().all(|request| !request.starts_with("DELETE")), "{id:?}");
        assert_eq!(surroundings.platform.live(), 1, "{id:?}: the second attempt's token");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_cannot_be_read_means_that_a_token_may_be_left() {
    let surroundings = Surroundings::new();
    surroundings.script.expect(Call::post(TOKENS), Fault::ResponseLost);
    surroundings.script.expect(Call::get(TOKENS), Fault::Garbage);
    assert_eq!(surroundings.live().await.exit, Exit::Orphan);
    assert_eq!(surroundings.reported()["status"], "failed");
}

#[tokio::test(start_paused = true)]
async fn a_rerun_revokes_what_the_killed_run_made_and_nothing_else() {
    let surroundings = Surroundings::new();
    surroundings.platform.strangers_token(&format!("{TASK_MARKER}-000000000001 of the killed run"));
    surroundings.platform.strangers_token("somebody else's");
    surroundings.platform.strangers_token(&format!("not {TASK_MARKER}-000000000001"));
    surroundings.platform.strangers_token(&format!("{TASK_MARKER}0-000000000001"));
    let surroundings = surroundings.with("JOB_INDEX_RETRY_COUNT", "1");
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported_failure().0, "CREDJOB_INTERRUPTED");
    assert_eq!(surroundings.platform.live(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_ignores_the_filter_costs_nobody_a_token() {
    let surroundings = Surroundings::new().with("JOB_INDEX_RETRY_COUNT", "1");
    let everything = json!({ "tokens": [
        { "token_id": "not-a-uuid", "description": "somebody else's" },
        { "token_id": "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c" },
        { "token_id": "8e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c", "description": null },
    ]});
    for _ in 0..2 {
        surroundings.script.expect(Call::get(TOKENS), Answer::json(200, &everything));
    }
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(count(&surroundings, "DELETE"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_leftover_whose_revocation_answered_late_is_gone_when_that_is_said_twice() {
    let surroundings = Surroundings::new().with("JOB_INDEX_RETRY_COUNT", "1");
    surroundings.platform.strangers_token(&format!("{TASK_MARKER}-000000000001"));
    surroundings.script.expect(Call::delete(""), Fault::AppliedBut(503));
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!((count(&surroundings, "DELETE"), surroundings.platform.live()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn a_web_page_is_not_an_empty_list() {
    let surroundings = Surroundings::new();
    surroundings.script.expect(Call::post(TOKENS), Fault::ResponseLost);
    surroundings.script.expect(Call::get(TOKENS), web_page());
    assert_eq!(surroundings.live().await.exit, Exit::Orphan);
    assert_eq!(surroundings.reported()["status"], "failed");
}

#[tokio::test(start_paused = true)]
async fn a_leftover_that_a_web_page_revoked_is_revoked_again() {
    let surroundings = Surroundings::new().with("JOB_INDEX_RETRY_COUNT", "1");
    surroundings.platform.strangers_token(&format!("{TASK_MARKER}-000000000001"));
    surroundings.script.expect(Call::delete(""), web_page());
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    // The page came from somewhere else: one revocation has reached the platform.
    assert_eq!((count(&surroundings, "DELETE"), surroundings.platform.live()), (1, 0));
}
