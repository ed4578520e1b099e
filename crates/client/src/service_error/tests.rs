use credjob_contract::Secret;

use super::*;

fn parse(body: &str) -> ServiceError {
    ServiceError::from_answer(400, body.as_bytes())
}

#[test]
fn the_first_listed_error_wins() {
    let error = parse(r#"{"errors":[{"message":"a"},{"message":"b"}],"error":"c","message":"d","errorMessage":"e"}"#);
    assert_eq!(error.message, "a");
}

#[test]
fn error_comes_before_message() {
    assert_eq!(parse(r#"{"error":"c","message":"d","errorMessage":"e"}"#).message, "c");
}

#[test]
fn message_comes_before_error_message() {
    assert_eq!(parse(r#"{"message":"d","errorMessage":"e"}"#).message, "d");
}

#[test]
fn a_body_that_is_no_json_has_no_message() {
    let error = ServiceError::from_answer(502, b"<html>bad gateway</html>");
    assert_eq!((error.status, error.message.as_str(), error.code), (502, "", None));
}

#[test]
fn an_error_that_is_an_object_is_passed_over() {
    assert_eq!(parse(r#"{"error":{"odd":1},"message":"d"}"#).message, "d");
}

#[test]
fn a_secret_in_the_message_is_redacted() {
    let _key = Secret::new(String::from("service-error-canary-1"));
    let error = parse(r#"{"message":"key service-error-canary-1 is odd"}"#);
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[test]
fn a_long_message_is_cut() {
    let body = format!(r#"{{"message":"{}"}}"#, "x".repeat(5000));
    assert_eq!(parse(&body).message.len(), MAX_MESSAGE);
}

#[test]
fn control_characters_become_spaces() {
    assert_eq!(parse(r#"{"message":"a\u0007b\nc"}"#).message, "a b c");
}

#[test]
fn display_names_status_code_message_and_trace() {
    let error = parse(r#"{"trace":"t-1","errors":[{"code":"bad_request","message":"no name"}]}"#);
    assert_eq!(error.to_string(), "status 400 bad_request: no name (trace t-1)");
}
