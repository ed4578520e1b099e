//! One fetch: what is sent, what counts as a token, and what is tried again.

use credjob_http::script::{Answer, Fault, ScriptedTransport};
use credjob_http::{Budget, Response};
use serde_json::json;
use tokio::time::advance;

use super::super::*;
use super::{seconds, text};
use crate::testing::{IAM, api_key, http, token, token_call, token_for, tokens, unknown_key};

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_again() {
    let script = ScriptedTransport::new();
    script
        .expect(token_call(), Fault::ResponseLost)
        .expect(token_call(), Fault::Status(503))
        .expect(token_call(), token("t-1"));
    assert_eq!(text(&tokens(&script)).await, "t-1");
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_token_is_asked_for_again() {
    let script = ScriptedTransport::new();
    script
        .expect(token_call(), Fault::Garbage)
        .expect(token_call(), Answer::json(200, &json!({ "expires_in": 3600 })))
        .expect(token_call(), Answer::json(200, &json!({ "access_token": "", "expires_in": 3600 })))
        .expect(token_call(), Answer::json(200, &json!({ "access_token": "a b", "expires_in": 3600 })))
        .expect(token_call(), Answer::json(200, &json!({ "access_token": "t".repeat(20_000), "expires_in": 3600 })))
        .expect(token_call(), Answer::json(200, &json!({ "access_token": "t-0" })))
        .expect(token_call(), Answer::json(200, &json!({ "access_token": "t-0", "expires_in": -1 })))
        .expect(token_call(), token("t-1"));
    assert_eq!(text(&tokens(&script)).await, "t-1");
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_time_of_expiry_alone_is_enough() {
    let script = ScriptedTransport::new();
    let tokens = tokens(&script);
    let now = tokens.http.clock().wall().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    script
        .expect(token_call(), Answer::json(200, &json!({ "access_token": "t-1", "expiration": now + 100 })))
        .expect(token_call(), token("t-2"));
    text(&tokens).await;
    advance(seconds(70)).await;
    assert_eq!(text(&tokens).await, "t-1");
    advance(seconds(25)).await;
    assert_eq!(text(&tokens).await, "t-2");
}

#[tokio::test(start_paused = true)]
async fn no_token_is_believed_to_live_longer_than_an_hour() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token_for("t-1", i64::MAX)).expect(token_call(), token("t-2"));
    let tokens = tokens(&script);
    text(&tokens).await;
    advance(seconds(3600)).await;
    tokens.http.budget().set(Instant::now() + seconds(60));
    assert_eq!(text(&tokens).await, "t-2");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expires_at_once_is_used_once() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token_for("t-1", 5)).expect(token_call(), token("t-2"));
    let tokens = tokens(&script);
    assert_eq!(text(&tokens).await, "t-1");
    assert_eq!(text(&tokens).await, "t-2");
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_not_valid_yet_is_tried_again() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), unknown_key()).expect(token_call(), unknown_key()).expect(token_call(), token("t-1"));
    let start = Instant::now();
    assert_eq!(text(&tokens(&script)).await, "t-1");
    assert_eq!(start.elapsed(), seconds(2));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_key_is_given_up_after_ten_seconds() {
    let script = ScriptedTransport::new().with_backend(|_| unknown_key_response());
    let start = Instant::now();
    let error = tokens(&script).token().await.unwrap_err();
    assert!(matches!(error, IamError::KeyRejected { .. }), "{error}");
    assert_eq!(start.elapsed(), KEY_PATIENCE);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_key_is_recognised_by_its_text_in_a_401() {
    let answer = json!({ "error": "Provided API key could not be found" });
    let script = ScriptedTransport::new();
    script.expect(token_call(), Answer::json(401, &answer)).expect(token_call(), token("t-1"));
    assert_eq!(text(&tokens(&script)).await, "t-1");
}

#[tokio::test(start_paused = true)]
async fn patience_with_an_unknown_key_ends_with_the_budget() {
    let script = ScriptedTransport::new().with_backend(|_| unknown_key_response());
    let tokens = Tokens::new(http(&script, Budget::lasting(seconds(3))), IAM.to_owned(), api_key());
    let start = Instant::now();
    assert!(matches!(tokens.token().await, Err(IamError::KeyRejected { .. })));
    assert!(start.elapsed() <= seconds(3));
}

#[tokio::test(start_paused = true)]
async fn another_refusal_is_final_at_once() {
    let script = ScriptedTransport::new();
    script.expect(
        token_call(),
        Answer::json(400, &json!({ "errorCode": "BXNIM0109E", "errorMessage": "Property missing" })),
    );
    let error = tokens(&script).token().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "IAM at iam.example.com refused a token (status 400 BXNIM0109E: Property missing); \
         check the API key, or the trusted profile and its link to the Code Engine project"
    );
}

#[tokio::test(start_paused = true)]
async fn a_fetch_ends_with_the_budget() {
    let script = ScriptedTransport::new().with_backend(|_| Response::new(503, ""));
    let tokens = Tokens::new(http(&script, Budget::lasting(seconds(20))), IAM.to_owned(), api_key());
    let start = Instant::now();
    assert!(matches!(tokens.token().await, Err(IamError::Http { .. })));
    assert!(start.elapsed() <= seconds(20));
}

#[tokio::test(start_paused = true)]
async fn garbage_is_asked_for_again_no_longer_than_the_budget() {
    let script = ScriptedTransport::new().with_backend(|_| Response::new(200, "<html>"));
    let tokens = Tokens::new(http(&script, Budget::lasting(seconds(20))), IAM.to_owned(), api_key());
    let start = Instant::now();
    assert!(matches!(tokens.token().await, Err(IamError::Http { .. })));
    assert!(start.elapsed() <= seconds(20));
}

#[tokio::test(start_paused = true)]
async fn fetches_stand_in_the_ledger() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), Fault::Status(503)).expect(token_call(), token("t-1"));
    let tokens = tokens(&script);
    text(&tokens).await;
    assert_eq!(tokens.http.ledger().snapshot()["iam_token"].total(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_fetch_counts_as_creating_nothing() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1"));
    let tokens = tokens(&script);
    text(&tokens).await;
    assert_eq!(tokens.http.ledger().creating().sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_compute_resource_token_is_read_for_each_fetch() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let script = ScriptedTransport::new();
    script.expect(token_call(), token_for("t-1", 5)).expect(token_call(), token("t-2"));
    let auth =
        Auth::TrustedProfile { id: None, name: Some(String::from("job")), cr_token_file: Some(file.path().to_owned()) };
    let tokens = Tokens::new(http(&script, Budget::lasting(seconds(60))), IAM.to_owned(), auth);
    for content in ["cr-first", "cr-second"] {
        std::fs::write(file.path(), content).unwrap();
        text(&tokens).await;
        let sent = script.requests().pop().unwrap();
        assert!(String::from_utf8_lossy(sent.body()).contains(content));
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_compute_resource_token_is_named_and_nothing_is_sent() {
    let script = ScriptedTransport::new();
    let auth = Auth::TrustedProfile { id: None, name: None, cr_token_file: Some("/nonexistent/cr".into()) };
    let tokens = Tokens::new(http(&script, Budget::lasting(seconds(60))), IAM.to_owned(), auth);
    let error = tokens.token().await.unwrap_err();
    assert!(error.to_string().contains("/nonexistent/cr"), "{error}");
    assert!(script.requests().is_empty());
}

fn unknown_key_response() -> Response {
    Response::from_json(
        400,
        &json!({ "errorCode": "BXNIM0415E", "errorMessage": "Provided API key could not be found" }),
    )
}
