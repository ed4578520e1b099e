//! `#[derive(FailureCode)]`

use std::error::Error;

use credjob::contract::CodeInfo;
use credjob::prelude::*;

#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "JFROG")]
enum JfrogFailure {
    /// The server refused the login.
    /// Check the login secret.
    ///
    /// Not shown in a table.
    #[error("{host} refused the login")]
    #[failure(nothing_created)]
    LoginRejected { host: &'static str },
    /// The answer could not be read.
    #[error("the answer could not be read")]
    #[failure(transient, code = "BAD_ANSWER")]
    Unreadable(#[source] std::num::ParseIntError),
    /// Nothing was found.
    #[error("nothing was found")]
    Nothing,
}

fn login() -> Result<(), Failure> {
    Err(JfrogFailure::LoginRejected { host: "jfrog.test" })?
}

#[test]
fn every_variant_has_a_code_with_its_meaning_and_marks() {
    let code = |code, meaning, nothing_created, transient| CodeInfo { code, meaning, nothing_created, transient };
    assert_eq!(
        JfrogFailure::CODES,
        [
            code("JFROG_LOGIN_REJECTED", "The server refused the login. Check the login secret.", true, false),
            code("JFROG_BAD_ANSWER", "The answer could not be read.", false, true),
            code("JFROG_NOTHING", "Nothing was found.", false, false),
        ]
    );
}

#[test]
fn the_question_mark_makes_a_failure_with_code_text_and_marks() {
    let failure = login().unwrap_err();
    assert_eq!((failure.code(), failure.message()), ("JFROG_LOGIN_REJECTED", "jfrog.test refused the login"));
    assert!(failure.is_nothing_created() && !failure.is_transient());
    assert!(Failure::from(JfrogFailure::Unreadable("x".parse::<u8>().unwrap_err())).is_transient());
}

#[test]
fn the_error_is_the_source_and_keeps_its_own() {
    let failure = Failure::from(JfrogFailure::Unreadable("x".parse::<u8>().unwrap_err()));
    let error = failure.source().unwrap();
    assert!(error.is::<JfrogFailure>());
    assert_eq!(error.source().unwrap().to_string(), "invalid digit found in string");
}

#[test]
fn a_variant_without_data_works_too() {
    assert_eq!(Failure::from(JfrogFailure::Nothing).code(), "JFROG_NOTHING");
}
