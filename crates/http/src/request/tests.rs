use serde_json::json;

use super::*;

const URL: &str = "https://x.example/path-canary?query-canary";

#[test]
fn the_method_decides_the_idempotency_until_it_is_stated() {
    assert_eq!(Request::get("op", URL).idempotency(), Idempotency::Safe);
    assert_eq!(Request::put("op", URL).idempotency(), Idempotency::Idempotent);
    assert_eq!(Request::delete("op", URL).idempotency(), Idempotency::Idempotent);
    assert_eq!(Request::post("op", URL).idempotency(), Idempotency::Never);
    assert_eq!(Request::patch("op", URL).idempotency(), Idempotency::Never);
    assert_eq!(Request::post("op", URL).safe().idempotency(), Idempotency::Safe);
    assert_eq!(Request::post("op", URL).idempotent().idempotency(), Idempotency::Idempotent);
    assert_eq!(Request::put("op", URL).never().idempotency(), Idempotency::Never);
}

#[test]
fn what_may_not_be_repeated_is_creating() {
    assert!(Request::post("op", URL).is_creating());
    assert!(!Request::post("op", URL).safe().is_creating());
    assert!(!Request::put("op", URL).is_creating());
    assert!(Request::put("op", URL).creating().is_creating());
    assert!(!Request::post("op", URL).not_creating().is_creating());
}

#[test]
fn a_bearer_token_is_a_sensitive_header() {
    let request = Request::get("op", URL).bearer(&Secret::from("token-canary"));
    assert_eq!(request.wire.header("authorization"), Some("Bearer token-canary"));
    assert!(request.wire.headers["authorization"].is_sensitive());
}

#[test]
fn basic_authentication_is_the_pair_in_base64() {
    // RFC 7617 section 2.
    let request = Request::get("op", URL).basic("Aladdin", &Secret::from("open sesame"));
    assert_eq!(request.wire.header("authorization"), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    assert!(request.wire.headers["authorization"].is_sensitive());
}

#[test]
fn a_user_name_with_a_colon_is_a_problem() {
    assert!(Request::get("op", URL).basic("a:b", &Secret::from("password")).problem.is_some());
}

#[test]
fn a_json_body_has_its_type() {
    let request = Request::post("op", URL).json(&json!({ "a": "b" }));
    assert_eq!(request.wire.body(), br#"{"a":"b"}"#);
    assert_eq!(request.wire.header("content-type"), Some("application/json"));
}

#[test]
fn a_form_body_is_encoded() {
    let request = Request::post("op", URL).form(&[("grant_type", "a:b c"), ("x", "&=")]);
    assert_eq!(request.wire.body(), b"grant_type=a%3Ab+c&x=%26%3D");
    assert_eq!(request.wire.header("content-type"), Some("application/x-www-form-urlencoded"));
}

#[test]
fn json_is_accepted_unless_said_otherwise() {
    assert_eq!(Request::get("op", URL).wire.header("accept"), Some("application/json"));
    let request = Request::get("op", URL).header("Accept", "text/plain");
    assert_eq!(request.wire.header("accept"), Some("text/plain"));
}

#[test]
fn a_secret_with_a_line_break_is_a_problem_without_its_value() {
    let request = Request::get("op", URL).secret_header("x-token", &Secret::from("token-canary\n"));
    let problem = request.problem.unwrap();
    assert!(problem.contains("x-token") && !problem.contains("canary"), "{problem}");
}

#[test]
fn a_header_with_a_line_break_is_a_problem() {
    assert!(Request::get("op", URL).header("x-name", "a\r\nb: c").problem.is_some());
    assert!(Request::get("op", URL).header("x name", "a").problem.is_some());
}

#[test]
fn a_url_that_does_not_parse_is_a_problem_without_its_text() {
    let problem = Request::get("op", "x-canary.example/path").problem.unwrap();
    assert!(problem.starts_with("the URL is not valid") && !problem.contains("canary"), "{problem}");
}

#[test]
fn debug_shows_neither_path_nor_values_nor_body() {
    let request = Request::post("op", URL)
        .bearer(&Secret::from("token-canary"))
        .header("x-name", "value-canary")
        .form(&[("password", "body-canary")]);
    let text = format!("{request:?}");
    assert!(!text.contains("canary"), "{text}");
    for part in ["op", "POST", "x.example", "authorization", "x-name"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
