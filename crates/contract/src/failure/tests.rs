use super::*;
use crate::codes;
use crate::redact;

#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Layer {
    text: String,
    source: Option<Box<Layer>>,
}

fn chain(texts: &[&str]) -> Layer {
    let (first, rest) = texts.split_first().unwrap();
    let source = (!rest.is_empty()).then(|| Box::new(chain(rest)));
    Layer { text: (*first).to_owned(), source }
}

#[test]
fn a_failure_displays_its_message_only() {
    let failure = Failure::new("X_LOGIN", "the login was refused").with_source(chain(&["status 401"]));
    assert_eq!(failure.to_string(), "the login was refused");
    assert_eq!((failure.code(), failure.message()), ("X_LOGIN", "the login was refused"));
}

#[test]
fn the_source_chain_is_joined_from_the_outside_in() {
    let failure = Failure::new("X", "m").with_source(chain(&["sending failed", "connect", "refused"]));
    assert_eq!(failure.source_chain(), "sending failed: connect: refused");
}

#[test]
fn a_failure_without_source_has_an_empty_chain() {
    assert_eq!(Failure::new("X", "m").source_chain(), "");
}

#[test]
fn the_chain_does_not_repeat_the_message_or_a_wrapper() {
    let failure = Failure::new("X", "outer").with_source(chain(&["outer", "inner", "inner", "core"]));
    assert_eq!(failure.source_chain(), "inner: core");
}

#[test]
fn a_plain_text_can_be_a_source() {
    assert_eq!(Failure::new("X", "m").with_source("because").source_chain(), "because");
}

#[test]
fn flags_are_off_until_they_are_set() {
    let plain = Failure::new("X", "m");
    assert!(!plain.is_nothing_created() && !plain.is_transient() && !plain.is_outcome_unknown());
    assert!(Failure::new("X", "m").nothing_created().is_nothing_created());
    assert!(Failure::new("X", "m").transient().is_transient());
    assert!(Failure::new("X", "m").outcome_unknown().is_outcome_unknown());
}

#[test]
fn the_task_error_has_code_and_message_but_no_sources() {
    let error = Failure::new("X", "refused").with_source(chain(&["driver text"])).to_task_error();
    assert_eq!(error.to_string(), "X: refused");
}

#[test]
fn no_text_of_a_failure_shows_a_secret() {
    redact::register(b"failure-canary");
    let failure = Failure::new("X", "with failure-canary").with_source(chain(&["a failure-canary", "b"]));
    assert_eq!(failure.to_string(), "with [redacted]");
    assert_eq!(failure.message(), "with [redacted]");
    assert_eq!(failure.source_chain(), "a [redacted]: b");
    assert!(!format!("{failure:?}").contains("failure-canary"));
}

#[test]
fn a_secret_that_is_registered_later_is_redacted_too() {
    let failure = Failure::new("X", "with later-canary").with_source(chain(&["later-canary"]));
    redact::register(b"later-canary");
    assert_eq!(failure.to_string(), "with [redacted]");
    assert!(!format!("{failure:?}").contains("later-canary"));
    assert_eq!(failure.to_task_error().description, "with [redacted]");
}

#[test]
fn debug_names_code_and_flags() {
    let text = format!("{:?}", Failure::new(codes::INTERNAL, "m").transient());
    assert!(text.contains("CREDJOB_INTERNAL") && text.contains("transient: true"));
}

#[test]
fn a_failure_is_an_error_that_can_cross_threads() {
    fn check<T: Error + Send + Sync + 'static>() {}
    check::<Failure>();
}

#[test]
fn the_unit_type_has_no_codes() {
    assert!(<() as FailureCodes>::CODES.is_empty());
}
