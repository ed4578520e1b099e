mod admission;
mod time;

use std::time::SystemTime;

use serde_json::json;

use super::*;
use crate::{
    Counts, Transport, WireRequest,
    script::{Answer, Call, Fault, ScriptedTransport},
};

const BUDGET: Duration = Duration::from_secs(60);
const URL: &str = "https://x.example/v1/things";

/// Makes every wait exactly as long as the schedule says.
struct Whole;

impl Random for Whole {
    fn bytes(&self, target: &mut [u8]) {
        target.fill(0xff);
    }

    fn unit(&self) -> f64 {
        1.0
    }
}

fn client(script: &ScriptedTransport) -> HttpClient {
    guarded(script, HostGuard::closed())
}

fn guarded(script: &ScriptedTransport, guard: HostGuard) -> HttpClient {
    HttpClient::new(
        Arc::new(script.clone()),
        Clock::at(SystemTime::UNIX_EPOCH),
        Arc::new(Whole),
        guard,
        Ledger::new(),
        Budget::lasting(BUDGET),
    )
}

/// A script that answers so, one call after the other.
fn script<const N: usize>(answers: [Answer; N]) -> ScriptedTransport {
    let script = ScriptedTransport::new();
    for answer in answers {
        script.expect(Call::any(), answer);
    }
    script
}

fn get() -> Request {
    Request::get("read", URL)
}

fn put() -> Request {
    Request::put("write", URL)
}

fn post() -> Request {
    Request::post("mint", URL)
}

fn ok() -> Answer {
    Answer::json(200, &json!({ "ok": true }))
}

fn busy(retry_after: &str) -> Answer {
    Response::new(429, "").with_header("retry-after", retry_after).into()
}

#[tokio::test(start_paused = true)]
async fn an_applied_request_is_sent_once() {
    let script = script([ok()]);
    let answer = client(&script).send(post()).await.unwrap();
    assert_eq!(answer.json().unwrap()["ok"], true);
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_sent_again_whatever_the_idempotency() {
    for request in [get(), put(), post()] {
        let script = script([Fault::ConnectionRefused.into(), Answer::status(429), ok()]);
        client(&script).send(request).await.unwrap();
        script.assert_done();
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_sent_again_if_twice_is_like_once() {
    for request in [get(), put(), post().idempotent(), post().safe()] {
        for fault in [Fault::RequestLost, Fault::ResponseLost, Fault::Hang, Fault::Status(503), Fault::Status(408)] {
            let script = script([fault.into(), ok()]);
            client(&script).send(request.clone()).await.unwrap();
            script.assert_done();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_mints_is_never_sent_again_after_an_unknown_outcome() {
    for fault in [
        Fault::RequestLost,
        Fault::ResponseLost,
        Fault::Hang,
        Fault::Status(408),
        Fault::Status(302),
        Fault::Status(500),
        Fault::Status(503),
    ] {
        let script = script([fault.into()]);
        let error = client(&script).send(post()).await.unwrap_err();
        assert!(matches!(error, HttpError::OutcomeUnknown(_)), "{fault:?}: {error}");
        script.assert_done();
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_at_once() {
    for status in [400, 401, 403, 404, 409, 422] {
        let script = script([Answer::status(status)]);
        let error = client(&script).send(get()).await.unwrap_err();
        assert!(error.is_refused());
        assert_eq!(error.status(), Some(status));
        script.assert_done();
    }
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_not_asked_again() {
    let script = script([Answer::status(301)]);
    let error = client(&script).send(get()).await.unwrap_err();
    assert!(matches!(error, HttpError::OutcomeUnknown(_)), "{error}");
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn what_cannot_change_is_not_repeated() {
    struct Untrusted;
    impl Transport for Untrusted {
        fn send<'a>(
            &'a self,
            _: &'a WireRequest,
            _: Duration,
        ) -> crate::BoxFuture<'a, Result<Response, crate::TransportError>> {
            Box::pin(async { Err(crate::TransportError::not_sent("its certificate is not trusted").lasting()) })
        }
    }
    let http = HttpClient::new(
        Arc::new(Untrusted),
        Clock::system(),
        Arc::new(Whole),
        HostGuard::closed(),
        Ledger::new(),
        Budget::lasting(BUDGET),
    );
    let error = http.send(get()).await.unwrap_err();
    assert!(matches!(error, HttpError::NotSent(_)) && !error.is_transient(), "{error}");
    assert_eq!(http.ledger().snapshot()["read"].not_sent, 1);
}

#[tokio::test(start_paused = true)]
async fn not_sent_after_an_unknown_attempt_is_unknown_as_a_whole() {
    let script = script([Fault::ResponseLost.into(), busy("3600")]);
    let error = client(&script).send(put()).await.unwrap_err();
    assert!(matches!(error, HttpError::OutcomeUnknown(_)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_an_unknown_attempt_says_so() {
    let script = script([Fault::ResponseLost.into(), Answer::status(409)]);
    let error = client(&script).send(put().creating()).await.unwrap_err();
    assert!(error.is_refused() && error.is_outcome_unknown(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_an_attempt_that_was_not_sent_is_plain() {
    let script = script([Fault::ConnectionRefused.into(), Answer::status(409)]);
    let error = client(&script).send(post()).await.unwrap_err();
    assert!(error.is_refused() && !error.is_outcome_unknown(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_exactly_one_and_ignores_the_budget() {
    let script = script([Fault::Hang.into()]);
    let http = client(&script).with_budget(Budget::lasting(Duration::ZERO));
    let start = Instant::now();
    let attempt = http.attempt(&put(), Duration::from_secs(8)).await;
    assert_eq!(attempt.outcome(), Outcome::Unknown);
    assert_eq!(start.elapsed(), Duration::from_secs(8));
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn attempts_are_counted() {
    let script = script([Fault::ConnectionRefused.into(), Answer::status(503), ok()]);
    let http = client(&script);
    http.send(put()).await.unwrap();
    let counts = Counts { applied: 1, not_sent: 1, refused: 0, unknown: 1 };
    assert_eq!(http.ledger().snapshot()["write"], counts);
    assert_eq!(http.ledger().creating().sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_attempt_counts_as_unknown() {
    let script = script([Fault::Hang.into()]);
    let http = client(&script);
    let cut = tokio::time::timeout(Duration::from_secs(2), http.send(post())).await;
    assert!(cut.is_err());
    assert!(http.ledger().creating().any_unknown());
}

#[tokio::test(start_paused = true)]
async fn an_unusable_body_names_the_request() {
    let script = script([Fault::Garbage.into()]);
    let answer = client(&script).send(post()).await.unwrap();
    let error = answer.json().unwrap_err();
    assert!(error.is_outcome_unknown());
    assert!(error.to_string().starts_with("mint: the answer of x.example (status 200) is not JSON"), "{error}");
}
