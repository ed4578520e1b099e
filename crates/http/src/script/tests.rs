use std::panic::AssertUnwindSafe;

use serde_json::json;

use super::*;
use crate::Request;

const TIMEOUT: Duration = Duration::from_secs(30);

async fn send(script: &ScriptedTransport, request: Request) -> Result<Response, TransportError> {
    script.send(&request.wire, TIMEOUT).await
}

fn get(path: &str) -> Request {
    Request::get("read", format!("https://x.example{path}"))
}

/// A backend that counts what it sees and answers 201.
fn counting() -> (ScriptedTransport, Arc<Mutex<u32>>) {
    let seen = Arc::new(Mutex::new(0));
    let count = Arc::clone(&seen);
    let script = ScriptedTransport::new().with_backend(move |_| {
        *count.lock().unwrap() += 1;
        Response::new(201, "")
    });
    (script, seen)
}

fn panic_text(run: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(AssertUnwindSafe(run)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn calls_are_answered_in_order() {
    let script = ScriptedTransport::new();
    script.expect(Call::get("/a"), Answer::json(200, &json!({ "n": 1 })));
    script.expect(Call::get("/b?x=1"), Answer::status(404));
    assert_eq!(send(&script, get("/v1/a")).await.unwrap().json().unwrap()["n"], 1);
    assert_eq!(send(&script, get("/b?x=1")).await.unwrap().status, 404);
    script.assert_done();
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn without_an_order_each_call_finds_its_answer() {
    let script = ScriptedTransport::any_order();
    script.expect(Call::get("/a"), Answer::status(201));
    script.expect(Call::any().operation("read"), Answer::status(202));
    assert_eq!(send(&script, get("/b")).await.unwrap().status, 202);
    assert_eq!(send(&script, get("/a")).await.unwrap().status, 201);
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn an_unexpected_call_panics_with_a_readable_text() {
    let script = ScriptedTransport::new();
    script.expect(Call::post("/tokens"), Answer::status(200));
    let task = tokio::spawn({
        let script = script.clone();
        async move { send(&script, get("/v1/users?q=query-canary")).await }
    });
    let panic = task.await.unwrap_err().into_panic();
    let text = panic.downcast_ref::<String>().unwrap();
    assert_eq!(text, "call 1 is unexpected: GET /v1/users (operation `read`); expected POST .../tokens");
}

#[tokio::test(start_paused = true)]
async fn an_unexpected_call_fails_the_test_even_if_its_panic_was_caught() {
    let script = ScriptedTransport::new();
    let task = tokio::spawn({
        let script = script.clone();
        async move { send(&script, get("/x")).await }
    });
    assert!(task.await.is_err());
    let text = panic_text(|| script.assert_done());
    assert!(text.contains("unexpected calls: [\"GET /x (operation `read`)\"]"), "{text}");
}

#[test]
fn a_missing_call_fails_the_test() {
    let script = ScriptedTransport::new();
    script.expect(Call::put("/task"), Answer::status(200));
    let text = panic_text(|| script.assert_done());
    assert!(text.contains("missing calls: [\"PUT .../task\"]"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn each_fault_applies_what_it_says_and_ends_as_it_says() {
    use Fault::{
        AppliedBut, AppliedGarbage, ConnectionRefused, Garbage, Hang, HangAfterApply, RequestLost, ResponseLost, Status,
    };
    for (fault, applied, end) in [
        (ConnectionRefused, 0, "not sent"),
        (RequestLost, 0, "unknown"),
        (ResponseLost, 1, "unknown"),
        (Hang, 0, "unknown"),
        (HangAfterApply, 1, "unknown"),
        (Status(503), 0, "503"),
        (AppliedBut(503), 1, "503"),
        (Garbage, 0, "200"),
        (AppliedGarbage, 1, "200"),
    ] {
        let (script, seen) = counting();
        script.expect(Call::any(), fault);
        let found = match send(&script, get("/x")).await {
            Ok(response) => response.status.to_string(),
            Err(TransportError::NotSent(_)) => "not sent".to_owned(),
            Err(TransportError::Unknown(_)) => "unknown".to_owned(),
        };
        assert_eq!((found.as_str(), *seen.lock().unwrap()), (end, applied), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hang_takes_the_whole_timeout() {
    for fault in [Fault::Hang, Fault::HangAfterApply] {
        let script = ScriptedTransport::new();
        script.expect(Call::any(), fault);
        let start = Instant::now();
        assert!(send(&script, get("/x")).await.is_err());
        assert_eq!(start.elapsed(), TIMEOUT);
    }
}

#[tokio::test(start_paused = true)]
async fn garbage_is_no_json() {
    let script = ScriptedTransport::new();
    script.expect(Call::any(), Fault::Garbage);
    assert!(send(&script, get("/x")).await.unwrap().json().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_backend_answers_what_the_script_does_not_expect() {
    let (script, seen) = counting();
    script.expect(Call::get("/first"), Fault::RequestLost);
    assert!(send(&script, get("/first")).await.is_err());
    assert_eq!(send(&script, get("/first")).await.unwrap().status, 201);
    script.expect(Call::get("/first"), Answer::apply());
    assert_eq!(send(&script, get("/first")).await.unwrap().status, 201);
    assert_eq!(*seen.lock().unwrap(), 2);
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_late_request_is_applied_before_the_next_call_after_its_time() {
    let (script, seen) = counting();
    script.expect(Call::any(), Fault::AppliedLate(Duration::from_secs(40)));
    assert!(send(&script, get("/x")).await.is_err());
    script.expect(Call::any(), Fault::RequestLost);
    assert!(send(&script, get("/x")).await.is_err());
    assert_eq!(*seen.lock().unwrap(), 0);
    tokio::time::advance(Duration::from_secs(10)).await;
    assert!(send(&script, get("/x")).await.is_ok());
    assert_eq!(*seen.lock().unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn settling_applies_what_is_late() {
    let (script, seen) = counting();
    script.expect(Call::any(), Fault::AppliedLate(Duration::from_secs(3600)));
    assert!(send(&script, get("/x")).await.is_err());
    script.settle();
    assert_eq!(*seen.lock().unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_takes_its_time() {
    let script = ScriptedTransport::new();
    script.expect(Call::any(), Answer::status(200).after(Duration::from_secs(3)));
    let start = Instant::now();
    assert!(send(&script, get("/x")).await.is_ok());
    assert_eq!(start.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn an_answer_slower_than_the_timeout_is_lost_but_applied() {
    let (script, seen) = counting();
    script.expect(Call::any(), Answer::apply().after(TIMEOUT));
    assert!(matches!(send(&script, get("/x")).await, Err(TransportError::Unknown(_))));
    assert_eq!(*seen.lock().unwrap(), 1);
}
