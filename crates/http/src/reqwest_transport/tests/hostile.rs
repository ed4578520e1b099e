//! Servers that mean harm: whatever they send, an attempt ends, in bounded memory.

use std::time::Duration;

use super::raw::{Endless, RawServer};
use super::*;
use crate::Request;

/// For what ends by this alone. Long enough for a request to arrive on a busy machine.
const SHORT: Duration = Duration::from_millis(300);

/// What the kernel may hold of an answer that nobody reads: buffers of both ends of a connection, generously.
const BUFFERS: usize = 16 * 1024 * 1024;

/// More than any limit: 100 MB.
const HUGE: usize = 100_000_000;

const OK: &str = "HTTP/1.1 200 OK\r\n";

async fn send_within(url: &str, time: Duration) -> Result<Response, TransportError> {
    transport().send(&Request::get("read", url).wire, time).await
}

/// The fault that this answer ends with, and how many bytes of it the server got rid of.
async fn fault_of(head: &str, piece: &str) -> (crate::TransportFault, usize) {
    let server = Endless::start(head, piece, HUGE, Duration::ZERO);
    let fault = unknown(send_within(server.url(), TIMEOUT).await);
    // The connection is closed by a task of this thread's runtime.
    (fault, tokio::task::spawn_blocking(|| server.written()).await.unwrap())
}

#[tokio::test]
async fn a_hundred_megabytes_in_chunks_are_cut_at_the_limit() {
    let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let (fault, written) = fault_of(&format!("{OK}Transfer-Encoding: chunked\r\n\r\n"), &piece).await;
    assert!(fault.lasting && fault.text.contains("4 MiB"), "{fault:?}");
    assert!(written < MAX_BODY + BUFFERS, "{written}");
}

#[tokio::test]
async fn a_hundred_megabytes_without_a_length_are_cut_at_the_limit() {
    let (fault, written) = fault_of(&format!("{OK}\r\n"), &"x".repeat(0x10000)).await;
    assert!(fault.lasting && fault.text.contains("4 MiB"), "{fault:?}");
    assert!(written < MAX_BODY + BUFFERS, "{written}");
}

#[tokio::test]
async fn headers_that_never_end_are_cut() {
    let (_, written) = fault_of(OK, "X-More: and more\r\n").await;
    assert!(written < BUFFERS, "{written}");
}

#[tokio::test]
async fn a_header_that_never_ends_is_cut() {
    let (_, written) = fault_of(&format!("{OK}X-More: "), &"and more ".repeat(1000)).await;
    assert!(written < BUFFERS, "{written}");
}

#[tokio::test]
async fn a_status_line_that_never_ends_is_cut() {
    let (_, written) = fault_of("HTTP/1.1 200 ", &"very OK ".repeat(1000)).await;
    assert!(written < BUFFERS, "{written}");
}

#[tokio::test]
async fn a_chunk_extension_that_never_ends_is_cut() {
    let (_, written) = fault_of(&format!("{OK}Transfer-Encoding: chunked\r\n\r\n1;"), &"x=y;".repeat(1000)).await;
    assert!(written < BUFFERS, "{written}");
}

#[tokio::test]
async fn trailers_that_never_end_are_cut() {
    let (_, written) = fault_of(&format!("{OK}Transfer-Encoding: chunked\r\n\r\n0\r\n"), "X-More: and more\r\n").await;
    assert!(written < BUFFERS, "{written}");
}

#[tokio::test]
async fn more_headers_than_a_hundred_are_refused() {
    let answer = |count: usize| format!("{OK}Content-Length: 0\r\n{}\r\n", "X-More: 1\r\n".repeat(count - 1));
    let server = RawServer::start([vec![answer(100)]]);
    assert_eq!(send_within(server.url(), TIMEOUT).await.unwrap().headers.len(), 100);
    let server = RawServer::start([vec![answer(101)]]);
    unknown(send_within(server.url(), TIMEOUT).await);
}

#[tokio::test]
async fn informational_answers_without_end_are_cut_by_the_time() {
    // hyper skips them without asking us. At full speed it looks at the clock after some 50 MB of them, which takes an unoptimised build seconds.
    let server = Endless::start("", "HTTP/1.1 100 Continue\r\n\r\n", usize::MAX, Duration::from_millis(1));
    let fault = unknown(send_within(server.url(), SHORT).await);
    assert_eq!(fault.text, "no whole answer within 0.3 s");
}

#[tokio::test]
async fn a_body_that_stops_is_cut_by_the_time() {
    let server = Endless::start(&format!("{OK}Content-Length: 2\r\n\r\n"), "x", 1, Duration::ZERO);
    let fault = unknown(send_within(server.url(), SHORT).await);
    assert_eq!(fault.text, "no whole answer within 0.3 s");
}

#[tokio::test]
async fn an_answer_of_http_0_9_is_unknown() {
    let server = RawServer::start([vec!["<html>welcome</html>".to_owned()]]);
    unknown(send_within(server.url(), TIMEOUT).await);
}

#[tokio::test]
async fn a_compressed_body_is_left_as_it_is() {
    // Nobody asked for it: a small answer cannot grow into a large one.
    let answer = format!("{OK}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u{1f}x\u{8}x");
    let server = RawServer::start([vec![answer]]);
    let answer = send_within(server.url(), TIMEOUT).await.unwrap();
    assert_eq!(answer.bytes(), b"\x1fx\x08x");
    assert!(answer.json().is_err());
}

#[tokio::test]
async fn contradicting_lengths_are_unknown() {
    let server = RawServer::start([vec![format!("{OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx")]]);
    unknown(send_within(server.url(), TIMEOUT).await);
}
