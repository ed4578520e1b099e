//! What a text that people will see must not hold.

use std::fmt::{Debug, Display};

use credjob::contract::Failure;
use credjob::contract::redact::{MIN_SECRET_LEN, REDACTED, redact};

/// Every text of an error: for people, for the log and for developers.
pub(crate) fn texts(error: &(impl Display + Debug)) -> [String; 2] {
    [error.to_string(), format!("{error:?}")]
}

/// The texts of a failure: on the task and in the log.
pub(crate) fn failure_texts(failure: &Failure) -> [String; 4] {
    let posted = failure.to_task_error();
    [posted.code, posted.description, failure.source_chain(), format!("{failure:?}")]
}

/// No text holds `secret`. The message of the panic does not hold it either.
pub(crate) fn none_holds<'a>(texts: impl IntoIterator<Item = &'a String>, secret: &str) {
    for text in texts {
        assert!(!text.contains(secret), "a text of {} bytes holds what it must not", text.len());
    }
}

/// The redactor knows this secret, unless it is too short to be registered.
pub(crate) fn is_known_to_the_redactor(secret: &str) {
    let known = !redact(secret).split(REDACTED).any(|rest| rest.contains(secret));
    assert!(known || secret.len() < MIN_SECRET_LEN, "the redactor does not know a secret of {} bytes", secret.len());
}

/// A text for people: no control characters, and no longer than `most` characters.
pub(crate) fn is_presentable(text: &str, most: usize) {
    assert!(!text.chars().any(char::is_control), "a text holds control characters");
    assert!(text.chars().count() <= most, "a text has {} characters, more than {most}", text.chars().count());
}
