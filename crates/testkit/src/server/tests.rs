use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

/// Counts what is applied.
#[derive(Default)]
struct Counter(AtomicUsize);

impl StandIn for Counter {
    fn answer(&self, asked: &Asked) -> Answer {
        let count = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Answer::json(
            200,
            &json!({ "count": count, "query": asked.query, "bearer": asked.bearer(), "body": asked.json() }),
        )
    }
}

impl Counter {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

async fn start() -> (Arc<Counter>, StandInServer) {
    let counter = Arc::<Counter>::default();
    (Arc::clone(&counter), StandInServer::start(counter).await.unwrap())
}

/// What the server says on a connection of its own; empty if it says nothing, `None` if it hangs.
async fn ask(server: &StandInServer, method: &str, path: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer abc\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_millis(300), stream.read_to_end(&mut answer)).await;
    // A reset is as silent as an end.
    read.ok().map(|_| String::from_utf8(answer).unwrap())
}

#[tokio::test]
async fn a_stand_in_sees_the_whole_request() {
    let (_, server) = start().await;
    let answer = ask(&server, "POST", "/things?a=b", r#"{"x":1}"#).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let body: serde_json::Value = serde_json::from_str(answer.rsplit("\r\n").next().unwrap()).unwrap();
    assert_eq!(body, json!({ "count": 1, "query": "a=b", "bearer": "abc", "body": { "x": 1 } }));
}

#[tokio::test]
async fn each_fault_answers_and_applies_as_it_says() {
    let cases = [
        (Fault::Pass, Some("HTTP/1.1 200"), 1),
        (Fault::RequestLost, Some(""), 0),
        (Fault::ResponseLost, Some(""), 1),
        (Fault::HangBefore, None, 0),
        (Fault::HangAfter, None, 1),
        (Fault::Status(503), Some("HTTP/1.1 503"), 0),
        (Fault::StatusAfter(500), Some("HTTP/1.1 500"), 1),
        (Fault::Garbage, Some("HTTP/1.1 200"), 0),
        (Fault::GarbageAfter, Some("HTTP/1.1 200"), 1),
        (Fault::Html, Some("HTTP/1.1 200"), 0),
    ];
    for (fault, start_of_answer, applied) in cases {
        let (counter, server) = start().await;
        server.script("GET", "/*", [fault]);
        let answer = ask(&server, "GET", "/x", "").await;
        assert_eq!(answer.as_deref().map(|text| text.get(..12).unwrap_or(text)), start_of_answer, "{fault}");
        assert_eq!(counter.count(), applied, "{fault}");
        assert_eq!(server.faults_left(), 0, "{fault}");
    }
}

#[tokio::test]
async fn half_an_answer_is_no_json() {
    for fault in [Fault::Garbage, Fault::GarbageAfter] {
        let (_, server) = start().await;
        server.script("GET", "/x", [fault]);
        let answer = ask(&server, "GET", "/x", "").await.unwrap();
        let body = answer.rsplit("\r\n").next().unwrap();
        assert!(!body.is_empty() && serde_json::from_str::<serde_json::Value>(body).is_err(), "{body}");
    }
}

#[tokio::test]
async fn faults_hit_only_their_call_and_in_order() {
    let (counter, server) = start().await;
    server.script("GET", "/a", [Fault::Status(500)]);
    server.script("GET", "/a", [Fault::Status(502)]);
    assert!(ask(&server, "GET", "/b", "").await.unwrap().starts_with("HTTP/1.1 200"));
    assert!(ask(&server, "POST", "/a", "").await.unwrap().starts_with("HTTP/1.1 200"));
    for status in [500, 502, 200] {
        assert!(ask(&server, "GET", "/a", "").await.unwrap().starts_with(&format!("HTTP/1.1 {status}")));
    }
    assert_eq!(counter.count(), 3);
}

#[tokio::test]
async fn requests_are_recorded_with_their_faults() {
    let (_, server) = start().await;
    server.script("DELETE", "/things/*", [Fault::RequestLost]);
    ask(&server, "DELETE", "/things/7?force=1", "").await;
    let expected = Record { method: "DELETE".into(), path: "/things/7".into(), fault: Some(Fault::RequestLost) };
    assert_eq!(server.requests(), [expected]);
}

#[tokio::test]
async fn a_request_that_hangs_can_be_waited_for() {
    let (_, server) = start().await;
    server.script("GET", "/slow", [Fault::HangBefore]);
    let (answer, ()) = tokio::join!(ask(&server, "GET", "/slow", ""), server.asked("GET", "/slow"));
    assert_eq!(answer, None);
}

#[tokio::test]
async fn a_dropped_server_closes_its_port() {
    let (_, server) = start().await;
    let address = server.address();
    drop(server);
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_script_answers_in_order() {
    let script =
        Arc::new(Script::new().expect("GET", "/a", Answer::empty(204)).expect("POST", "/b", Answer::empty(201)));
    let server = StandInServer::start(Arc::clone(&script)).await.unwrap();
    assert!(ask(&server, "GET", "/a?x=1", "").await.unwrap().starts_with("HTTP/1.1 204"));
    assert!(ask(&server, "POST", "/b", "").await.unwrap().starts_with("HTTP/1.1 201"));
    script.check();
}

#[test]
#[should_panic(expected = "calls that did not come: [GET /a]")]
fn a_missing_call_fails() {
    Script::new().expect("GET", "/a", Answer::empty(204)).check();
}

#[tokio::test]
#[should_panic(expected = "calls that nobody expected: [GET /b]")]
async fn an_unexpected_call_fails() {
    let script = Arc::new(Script::new());
    let server = StandInServer::start(Arc::clone(&script)).await.unwrap();
    assert!(ask(&server, "GET", "/b", "").await.unwrap().starts_with("HTTP/1.1 501"));
    script.check();
}

#[tokio::test]
async fn a_disconnected_request_gets_no_answer_and_the_next_one_does() {
    let (_, server) = start().await;
    server.script("GET", "/x", [Fault::HangAfter]);
    let cut = async {
        server.asked("GET", "/x").await;
        server.disconnect();
    };
    assert_eq!(tokio::join!(ask(&server, "GET", "/x", ""), cut).0.as_deref(), Some(""));
    let answer = ask(&server, "GET", "/x", "").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#""count":2"#), "{answer}");
}
