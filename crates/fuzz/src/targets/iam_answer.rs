//! The answer of IAM to a request for a token (PROTOCOL 3.1).

use std::time::{Duration, SystemTime};

use credjob::contract::Failure;
use credjob::contract::redact::{self, redact};
use serde_json::Value;

use crate::input::CANARY;
use crate::judge::{failure_texts, is_known_to_the_redactor, none_holds, texts};
use crate::service::{API_KEY, Answer, ask_iam, now};

/// A token lives for at most one hour (PROTOCOL 3.3).
const MAX_LIFE: Duration = Duration::from_secs(60 * 60);

/// An input is an answer: the status in the first line, then the body. The word `@KEY@` stands for the API key.
pub(super) fn check(data: &[u8]) {
    let mut answer = Answer::read(data);
    answer.replace("@KEY@", API_KEY);
    ask_iam(&answer, async |tokens| match tokens.token().await {
        Ok(token) => {
            assert!(answer.is_success(), "a token from an answer {}", answer.status);
            assert!(!token.expose().is_empty() && token.expose().bytes().all(|byte| byte.is_ascii_graphic()));
            is_known_to_the_redactor(token.expose());
            if let Ok(body) = serde_json::from_slice::<Value>(&answer.body) {
                assert!(body["access_token"] == **token.expose(), "another token than the answer's");
                assert!(is_valid(&body), "a token that is not valid any more");
            }
            // The budget is over by then, so a token can only be the one that was kept.
            tokio::time::advance(MAX_LIFE).await;
            assert!(tokens.token().await.is_err(), "a token is believed for longer than an hour");
        }
        Err(error) => {
            // A token of the answer is a secret as well, but it can be a word of our own texts.
            redact::wipe();
            redact::register(API_KEY.as_bytes());
            let failure = Failure::from(error.clone());
            for text in texts(&error).into_iter().chain(failure_texts(&failure)) {
                // A text in which the redactor finds nothing has passed it, and no secret was put together afterwards.
                assert!(redact(&text) == text, "an error repeats the API key");
            }
        }
    });
    no_body_is_shown(&answer);
}

fn is_valid(body: &Value) -> bool {
    let wall = now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    match body["expires_in"].as_i64() {
        Some(seconds) => seconds > 0,
        None => body["expiration"].as_u64().is_some_and(|expiration| expiration > wall),
    }
}

/// A 2xx that is no token is not repeated, since it may hold one.
fn no_body_is_shown(answer: &Answer) {
    let mut answer = answer.clone();
    if answer.is_success() {
        answer.body.extend_from_slice(CANARY.as_bytes());
        let error = ask_iam(&answer, async |tokens| tokens.token().await.err());
        assert!(error.is_some(), "a body with something behind it is no JSON");
        let texts = error.iter().flat_map(texts).collect::<Vec<_>>();
        none_holds(&texts, CANARY);
    }
}
