//! The words of a refusal (PROTOCOL 5.1 and 3.1).

use credjob::client::ServiceError;
use credjob::contract::redact::{redact, register};

use crate::judge::{is_presentable, texts};
use crate::service::Answer;

/// What a refusal may repeat: a password with everything that encodings treat specially, and one of several words.
const SECRETS: [&str; 2] = ["k3y\"c&n\u{e4}ry\\+/=?~.%\u{1f511}end", "correct horse battery"];

/// The limits that the fields document.
const MAX_MESSAGE: usize = 500;
const MAX_WORD: usize = 128;

/// An input is an answer: the status in the first line, then the body. `@1@` and `@2@` stand for the secrets.
pub(super) fn check(data: &[u8]) {
    let mut answer = Answer::read(data);
    for (word, secret) in ["@1@", "@2@"].into_iter().zip(SECRETS) {
        register(secret.as_bytes());
        answer.replace(word, secret);
    }
    let error = ServiceError::from_answer(answer.status, &answer.body);
    is_presentable(&error.message, MAX_MESSAGE);
    for word in error.code.iter().chain(&error.trace) {
        is_presentable(word, MAX_WORD);
    }
    for text in texts(&error) {
        assert!(redact(&text) == text, "a refusal repeats a secret");
    }
}
