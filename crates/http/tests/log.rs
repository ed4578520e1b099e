//! What an attempt logs. A test binary of its own: the log is one per process.

use std::{
    io::{Result, Write},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use credjob_http::{
    Budget, Clock, HostGuard, HttpClient, Ledger, Request, Response, SeededRandom,
    script::{Call, ScriptedTransport},
};

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_logs_operation_host_and_status_but_no_path_header_or_body() {
    let buffer = Buffer::default();
    let writer = buffer.clone();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).init();
    let script = ScriptedTransport::new();
    script.expect(Call::any(), Response::new(503, "answer-canary"));
    script.expect(Call::any(), Response::new(200, "answer-canary"));
    let http = HttpClient::new(
        Arc::new(script),
        Clock::system(),
        Arc::new(SeededRandom::new(1)),
        HostGuard::closed(),
        Ledger::new(),
        Budget::lasting(Duration::from_secs(60)),
    );
    let request = Request::put("write", "https://x.example/path-canary?query-canary")
        .header("authorization", "token-canary")
        .form(&[("password", "body-canary")]);

    http.send(request).await.unwrap();

    let log = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
    assert!(!log.contains("canary"), "{log}");
    for part in ["operation=\"write\"", "host=\"x.example\"", "status=503", "outcome=\"unknown\"", "status=200"] {
        assert!(log.contains(part), "{part}: {log}");
    }
}
