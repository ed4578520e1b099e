use std::error::Error;

use credjob_contract::{Failure, codes};

use super::*;

fn call(idempotency: Idempotency, cause: Cause) -> Box<FailedCall> {
    Box::new(FailedCall {
        operation: "create the token",
        host: "x.example".to_owned(),
        idempotency,
        attempts: 2,
        earlier_unknown: false,
        cause,
    })
}

fn status(status: u16) -> Cause {
    let mut cause = Cause::new(format!("status {status}"));
    cause.status = Some(status);
    cause.response = Some(Response::new(status, "body-canary"));
    cause
}

fn flags(error: HttpError) -> (String, bool, bool, bool) {
    let failure = Failure::from(error);
    (failure.code().to_owned(), failure.is_transient(), failure.is_outcome_unknown(), failure.is_nothing_created())
}

#[test]
fn not_sent_is_unreachable_and_transient() {
    let error = HttpError::NotSent(call(Idempotency::Never, Cause::new("no connection")));
    assert_eq!(flags(error), (codes::UNREACHABLE.to_owned(), true, false, false));
}

#[test]
fn a_lasting_cause_is_not_transient() {
    let error = HttpError::NotSent(call(Idempotency::Never, Cause::new("its certificate is not trusted").lasting()));
    assert_eq!(flags(error), (codes::UNREACHABLE.to_owned(), false, false, false));
}

#[test]
fn refused_is_refused() {
    let error = HttpError::Refused(call(Idempotency::Never, status(403)));
    assert_eq!(flags(error), (codes::REFUSED.to_owned(), false, false, false));
}

#[test]
fn refused_after_an_unknown_attempt_is_unknown_as_well() {
    let mut refused = call(Idempotency::Idempotent, status(409));
    refused.earlier_unknown = true;
    let error = HttpError::Refused(refused);
    assert!(error.to_string().ends_with("an earlier attempt may have been applied"), "{error}");
    assert_eq!(flags(error), (codes::REFUSED.to_owned(), false, true, false));
}

#[test]
fn unknown_is_unknown_and_transient() {
    let error = HttpError::OutcomeUnknown(call(Idempotency::Never, status(503)));
    assert_eq!(flags(error), (codes::OUTCOME_UNKNOWN.to_owned(), true, true, false));
}

#[test]
fn a_safe_request_without_an_answer_left_nothing_behind() {
    let error = HttpError::OutcomeUnknown(call(Idempotency::Safe, status(503)));
    assert!(!error.to_string().contains("may or may not"), "{error}");
    assert_eq!(flags(error), (codes::UNREACHABLE.to_owned(), true, false, false));
}

#[test]
fn an_unusable_answer_to_a_change_is_unknown() {
    let bad = |idempotency| HttpError::BadBody {
        operation: "create the token",
        host: "x.example".to_owned(),
        idempotency,
        status: 200,
        what: "not JSON".to_owned(),
    };
    assert_eq!(flags(bad(Idempotency::Never)), (codes::OUTCOME_UNKNOWN.to_owned(), false, true, false));
    assert_eq!(flags(bad(Idempotency::Safe)), (codes::UNREACHABLE.to_owned(), false, false, false));
}

#[test]
fn what_never_left_the_process_says_nothing_about_the_rest_of_the_job() {
    let (operation, host) = ("create the token", "x.example".to_owned());
    let refusal = HostRefused { host: host.clone(), parameter: "BASE_URL" };
    let cases = [
        (HttpError::HostNotAllowed { operation, refusal }, codes::HOST_NOT_ALLOWED),
        (HttpError::InsecureUrl { operation, host: host.clone() }, codes::HOST_NOT_ALLOWED),
        (HttpError::NoTimeLeft { operation, host }, codes::DEADLINE),
        (HttpError::BadRequest { operation, what: "the URL names no host".to_owned() }, codes::UNREACHABLE),
    ];
    for (error, code) in cases {
        assert_eq!(flags(error), (code.to_owned(), false, false, false));
    }
}

#[test]
fn the_text_says_operation_host_status_and_what_to_do() {
    let error = HttpError::Refused(call(Idempotency::Never, status(403)));
    assert_eq!(
        error.to_string(),
        "create the token: x.example refused with status 403; check that the login may do this"
    );
}

#[test]
fn no_text_shows_the_body() {
    for error in [
        HttpError::Refused(call(Idempotency::Never, status(400))),
        HttpError::OutcomeUnknown(call(Idempotency::Never, status(500))),
        HttpError::NotSent(call(Idempotency::Never, status(429))),
    ] {
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        assert_eq!(error.response().unwrap().bytes(), b"body-canary");
    }
}

#[test]
fn a_redirect_says_that_it_is_not_followed() {
    let error = HttpError::OutcomeUnknown(call(Idempotency::Safe, status(301).lasting()));
    assert!(error.to_string().contains("redirects are not followed"), "{error}");
    assert!(!error.is_transient());
}

#[test]
fn the_drivers_words_are_the_source_and_are_redacted() {
    credjob_contract::redact::register(b"source-canary-value");
    let cause = Cause::new("no connection").with_detail("tcp connect error source-canary-value");
    let error = HttpError::NotSent(call(Idempotency::Never, cause));
    assert!(!error.to_string().contains("tcp"), "{error}");
    let source = error.source().unwrap().to_string();
    assert!(source.contains("tcp connect error") && !source.contains("canary"), "{source}");
    let chain = Failure::from(error).source_chain();
    assert!(chain.contains("tcp connect error"), "{chain}");
}
