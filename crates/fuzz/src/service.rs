//! Secrets Manager and IAM that give one scripted answer, in tokio's virtual time.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use credjob::client::{SecretsManager, Tokens};
use credjob::contract::{Auth, InstanceUrl, Secret};
use credjob::http::script::ScriptedTransport;
use credjob::http::{Budget, Clock, HostGuard, HttpClient, Ledger, Response, SeededRandom};
use tokio::runtime::Builder;

use crate::input::first_line;

/// The secret that every target asks for.
pub(crate) const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";

/// The task that every target asks for.
pub(crate) const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";

/// The API key, with what encodings treat specially. IAM may repeat it in an error.
pub(crate) const API_KEY: &str = "canary-api \"key\"+/=%41\\u0041\u{e9}";

/// The token that the service is asked with.
const TOKEN: &str = "canary-iam-token-0123456789";

const IAM: &str = "https://iam.example.com";
const INSTANCE: &str = "https://sm.example.com";

/// Enough for one attempt; a longer one would only repeat the same answer.
const BUDGET: Duration = Duration::from_millis(200);

/// An answer: the status in the first line, then the body. Without a status in the first line, 200 and the whole input.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn read(data: &[u8]) -> Self {
        let (line, rest) = first_line(data);
        let status = std::str::from_utf8(line).ok().and_then(|line| line.parse().ok());
        match status.filter(|status| (100..1000).contains(status)) {
            Some(status) => Self { status, body: rest.to_vec() },
            None => Self { status: 200, body: data.to_vec() },
        }
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Puts a text in place of a word of the body.
    pub(crate) fn replace(&mut self, word: &str, text: &str) {
        if let Ok(body) = std::str::from_utf8(&self.body) {
            self.body = body.replace(word, text).into_bytes();
        }
    }

    fn response(&self) -> Response {
        Response::new(self.status, self.body.clone())
    }
}

/// The time of day in every target: when the example token of PROTOCOL 3.1 was made, 2027-01-15 08:00:00 UTC.
pub(crate) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

/// Runs `work` in virtual time.
pub(crate) fn in_virtual_time<T>(work: impl Future<Output = T>) -> T {
    match Builder::new_current_thread().enable_time().start_paused(true).build() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => panic!("tokio cannot start: {error}"),
    }
}

/// A client of a scripted server.
pub(crate) fn http(script: &ScriptedTransport, budget: Duration) -> HttpClient {
    let random = Arc::new(SeededRandom::new(7));
    let budget = Budget::lasting(budget);
    HttpClient::new(Arc::new(script.clone()), Clock::at(now()), random, HostGuard::closed(), Ledger::new(), budget)
}

/// Calls a Secrets Manager that answers everything with `answer`.
pub(crate) fn ask<T>(answer: &Answer, call: impl AsyncFnOnce(SecretsManager) -> T) -> T {
    let answer = answer.response();
    let script = ScriptedTransport::new().with_backend(move |request| match request.url().path() {
        "/identity/token" => Response::new(200, format!(r#"{{"access_token":"{TOKEN}","expires_in":3600}}"#)),
        _ => answer.clone(),
    });
    in_virtual_time(async {
        let http = http(&script, BUDGET);
        let tokens = Arc::new(iam(http.clone()));
        call(SecretsManager::new(http, instance(), tokens)).await
    })
}

/// Calls an IAM that answers everything with `answer`.
pub(crate) fn ask_iam<T>(answer: &Answer, call: impl AsyncFnOnce(Tokens) -> T) -> T {
    let answer = answer.response();
    let script = ScriptedTransport::new().with_backend(move |_| answer.clone());
    in_virtual_time(async { call(iam(http(&script, BUDGET)).without_key_patience()).await })
}

fn iam(http: HttpClient) -> Tokens {
    Tokens::new(http, IAM.to_owned(), Auth::ApiKey(Secret::from(API_KEY)))
}

fn instance() -> InstanceUrl {
    parsed(INSTANCE)
}

/// A constant that its type accepts.
pub(crate) fn parsed<T: std::str::FromStr>(constant: &str) -> T {
    let Ok(value) = constant.parse() else { panic!("the constant is malformed") };
    value
}
