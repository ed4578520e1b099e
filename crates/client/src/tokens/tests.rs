//! Keeping a token: sharing, refreshing, expiring, dropping.

mod fetching;

use std::sync::Arc;

use credjob_http::script::{Answer, Fault, ScriptedTransport};
use tokio::time::advance;

use super::*;
use crate::testing::{token, token_call, token_for, tokens};

async fn text(tokens: &Tokens) -> String {
    tokens.token().await.unwrap().expose().clone()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn a_token_is_fetched_once_and_kept() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1"));
    let tokens = tokens(&script);
    assert_eq!((text(&tokens).await, text(&tokens).await), (String::from("t-1"), String::from("t-1")));
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn nothing_is_fetched_before_it_is_needed() {
    let script = ScriptedTransport::new();
    let _tokens = tokens(&script);
    assert!(script.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn concurrent_callers_share_one_fetch() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1").after(seconds(3)));
    let tokens = tokens(&script);
    let (first, second) = tokio::join!(text(&tokens), text(&tokens));
    assert_eq!((first.as_str(), second.as_str()), ("t-1", "t-1"));
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn concurrent_callers_share_one_failure() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), Answer::status(403).after(seconds(3)));
    let tokens = tokens(&script);
    let (first, second) = tokio::join!(tokens.token(), tokens.token());
    assert!(matches!((first, second), (Err(IamError::Refused { .. }), Err(IamError::Refused { .. }))));
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_kept_for_later_callers() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), Answer::status(403)).expect(token_call(), token("t-1"));
    let tokens = tokens(&script);
    assert!(tokens.token().await.is_err());
    assert_eq!(text(&tokens).await, "t-1");
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_hands_the_fetch_to_the_next() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), Fault::Hang).expect(token_call(), token("t-1"));
    let tokens = tokens(&script);
    let impatient = tokio::time::timeout(seconds(1), tokens.token());
    let (given_up, got) = tokio::join!(impatient, text(&tokens));
    assert!(given_up.is_err());
    assert_eq!(got, "t-1");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_refreshed_after_four_fifths_of_its_life() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1")).expect(token_call(), token("t-2"));
    let tokens = tokens(&script);
    text(&tokens).await;
    advance(seconds(2879)).await;
    assert_eq!(text(&tokens).await, "t-1");
    advance(seconds(2)).await;
    // The budget of the tests is over by now; a longer one is needed to fetch.
    tokens.http.budget().set(Instant::now() + seconds(60));
    assert_eq!(text(&tokens).await, "t-2");
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_keeps_the_old_token() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token_for("t-1", 300)).expect(token_call(), Fault::Status(503));
    let tokens = tokens(&script);
    text(&tokens).await;
    advance(seconds(250)).await;
    assert_eq!(text(&tokens).await, "t-1");
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_hanging_refresh_holds_its_caller_for_three_seconds_at_most() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token_for("t-1", 300)).expect(token_call(), Fault::Hang);
    let tokens = tokens(&script);
    text(&tokens).await;
    advance(seconds(250)).await;
    let start = Instant::now();
    assert_eq!(text(&tokens).await, "t-1");
    assert!(start.elapsed() <= seconds(3));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_the_refresh_of_another_caller() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token_for("t-1", 300)).expect(token_call(), token("t-2").after(seconds(2)));
    let tokens = tokens(&script);
    text(&tokens).await;
    advance(seconds(250)).await;
    let (refreshing, other) = tokio::join!(text(&tokens), text(&tokens));
    assert_eq!((refreshing.as_str(), other.as_str()), ("t-2", "t-1"));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_is_tried_once_a_minute() {
    let script = ScriptedTransport::new();
    script
        .expect(token_call(), token_for("t-1", 600))
        .expect(token_call(), Fault::Status(503))
        .expect(token_call(), token("t-2"));
    let tokens = tokens(&script);
    text(&tokens).await;
    advance(seconds(490)).await;
    assert_eq!(text(&tokens).await, "t-1");
    advance(seconds(59)).await;
    assert_eq!(text(&tokens).await, "t-1");
    tokens.http.budget().set(Instant::now() + seconds(60));
    advance(seconds(1)).await;
    assert_eq!(text(&tokens).await, "t-2");
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_refresh_does_not_outlast_the_budget() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token_for("t-1", 300)).expect(token_call(), Fault::Hang);
    let tokens = tokens(&script);
    text(&tokens).await;
    advance(seconds(250)).await;
    tokens.http.budget().set(Instant::now() + seconds(1));
    let start = Instant::now();
    assert_eq!(text(&tokens).await, "t-1");
    assert!(start.elapsed() <= seconds(1));
}

#[tokio::test(start_paused = true)]
async fn a_token_is_expired_ten_seconds_early() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token_for("t-1", 300)).expect(token_call(), token("t-2"));
    let tokens = tokens(&script);
    text(&tokens).await;
    advance(seconds(290)).await;
    assert_eq!(text(&tokens).await, "t-2");
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_dropped() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1")).expect(token_call(), token("t-2"));
    let tokens = tokens(&script);
    let rejected = tokens.token().await.unwrap();
    tokens.invalidate(&rejected);
    assert_eq!(text(&tokens).await, "t-2");
}

#[tokio::test(start_paused = true)]
async fn a_newer_token_survives_the_rejection_of_an_older_one() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1")).expect(token_call(), token("t-2"));
    let tokens = tokens(&script);
    let rejected = tokens.token().await.unwrap();
    tokens.invalidate(&rejected);
    text(&tokens).await;
    tokens.invalidate(&rejected);
    assert_eq!(text(&tokens).await, "t-2");
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_fetch_can_run_in_a_task_of_its_own() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1"));
    let tokens = Arc::new(tokens(&script));
    let early = tokio::spawn({
        let tokens = Arc::clone(&tokens);
        async move { text(&tokens).await }
    });
    assert_eq!(early.await.unwrap(), "t-1");
}
