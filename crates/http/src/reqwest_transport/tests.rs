//! Real sockets on this machine. Nothing here waits: what needs time is tested against the scripted transport.

mod hostile;
mod proxy;
mod raw;

use std::sync::Arc;

use mockito::Server;
use raw::RawServer;

use super::*;
use crate::Request;

const TIMEOUT: Duration = Duration::from_secs(20);

fn transport() -> ReqwestTransport {
    ReqwestTransport::new(Roots::default())
}

async fn send(request: &Request) -> Result<Response, TransportError> {
    transport().send(&request.wire, TIMEOUT).await
}

fn unknown(result: Result<Response, TransportError>) -> crate::TransportFault {
    match result {
        Err(TransportError::Unknown(fault)) => fault,
        other => panic!("not unknown: {other:?}"),
    }
}

fn not_sent(result: Result<Response, TransportError>) -> crate::TransportFault {
    match result {
        Err(TransportError::NotSent(fault)) => fault,
        other => panic!("not `not sent`: {other:?}"),
    }
}

#[tokio::test]
async fn headers_and_body_arrive_and_the_answer_comes_back() {
    let mut server = Server::new_async().await;
    let mock = server
        .mock("POST", "/v1/tokens?x=1")
        .match_header("authorization", "Bearer token")
        .match_header("content-type", "application/json")
        .match_header("accept", "application/json")
        .match_header("user-agent", concat!("credjob/", env!("CARGO_PKG_VERSION")))
        .match_body(r#"{"a":1}"#)
        .with_status(201)
        .with_header("x-trace", "abc")
        .with_body("made")
        .create_async()
        .await;
    let request = Request::post("mint", server.url() + "/v1/tokens?x=1")
        .bearer(&"token".into())
        .json(&serde_json::json!({ "a": 1 }));
    let answer = send(&request).await.unwrap();
    assert_eq!((answer.status, answer.bytes(), answer.header("x-trace")), (201, &b"made"[..], Some("abc")));
    mock.assert_async().await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let mut server = Server::new_async().await;
    let target = server.mock("GET", "/two").expect(0).create_async().await;
    let _one = server.mock("GET", "/one").with_status(302).with_header("location", "/two").create_async().await;
    let answer = send(&Request::get("read", server.url() + "/one")).await.unwrap();
    assert_eq!((answer.status, answer.header("location")), (302, Some("/two")));
    target.assert_async().await;
}

#[tokio::test]
async fn every_status_is_an_answer() {
    let mut server = Server::new_async().await;
    for status in [204, 400, 401, 404, 429, 500, 503] {
        let _mock = server.mock("GET", "/").with_status(status).create_async().await;
        let answer = send(&Request::get("read", server.url())).await.unwrap();
        assert_eq!(usize::from(answer.status), status);
    }
}

#[tokio::test]
async fn a_body_at_the_limit_is_read() {
    let mut server = Server::new_async().await;
    let _mock = server.mock("GET", "/").with_body(vec![b'x'; MAX_BODY]).create_async().await;
    assert_eq!(send(&Request::get("read", server.url())).await.unwrap().bytes().len(), MAX_BODY);
}

#[tokio::test]
async fn a_body_above_the_limit_is_cut_while_it_streams() {
    let mut server = Server::new_async().await;
    let _mock = server
        .mock("GET", "/")
        .with_chunked_body(|writer| writer.write_all(&vec![b'x'; MAX_BODY + 1]))
        .create_async()
        .await;
    let fault = unknown(send(&Request::get("read", server.url())).await);
    assert!(fault.lasting && fault.text.contains("4 MiB"), "{fault:?}");
}

#[tokio::test]
async fn a_declared_length_above_the_limit_is_refused_before_it_is_read() {
    // The body never comes, so only the declaration can end this.
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", MAX_BODY + 1);
    let server = RawServer::start([vec![head]]);
    assert!(unknown(send(&Request::get("read", server.url())).await).lasting);
}

#[tokio::test]
async fn a_truncated_body_is_unknown() {
    let server = RawServer::start([vec!["HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfive!".to_owned()]]);
    let fault = unknown(send(&Request::get("read", server.url())).await);
    assert_eq!(fault.text, "the answer was cut off");
}

#[tokio::test]
async fn a_connection_closed_before_the_answer_is_unknown() {
    let server = RawServer::start([vec![String::new()]]);
    unknown(send(&Request::post("mint", server.url())).await);
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_unknown() {
    let server = RawServer::start([vec!["SSH-2.0-OpenSSH_9.2\r\n".to_owned()]]);
    unknown(send(&Request::get("read", server.url())).await);
}

#[tokio::test]
async fn an_attempt_that_runs_out_of_time_is_unknown() {
    // Connections are queued, and nobody takes them.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let request = Request::get("read", url);
    let fault = unknown(transport().send(&request.wire, Duration::ZERO).await);
    assert_eq!(fault.text, "no whole answer within 0.0 s");
}

#[tokio::test]
async fn nobody_listening_is_not_sent() {
    let url = RawServer::closed_port();
    let fault = not_sent(send(&Request::post("mint", url)).await);
    assert_eq!((fault.text.as_str(), fault.lasting), ("no connection", false));
    let detail = fault.detail.unwrap().to_string();
    assert!(detail.to_lowercase().contains("refused"), "{detail}");
}

#[tokio::test]
async fn no_detail_shows_the_url() {
    let url = RawServer::closed_port() + "/path-canary?query-canary";
    let fault = not_sent(send(&Request::post("mint", url)).await);
    assert!(!format!("{fault:?}").contains("canary"), "{fault:?}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_not_sent() {
    // RFC 6761 section 6.4: `.invalid` never resolves.
    not_sent(send(&Request::post("mint", "https://nowhere.invalid/")).await);
}

#[tokio::test]
async fn tls_to_a_plain_port_is_not_sent() {
    let server = Server::new_async().await;
    let url = server.url().replace("http:", "https:");
    let fault = not_sent(send(&Request::post("mint", url)).await);
    assert_eq!((fault.text.as_str(), fault.lasting), ("no TLS session could be agreed", false));
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_not_sent_and_lasting() {
    let server = raw::tls_server();
    let fault = not_sent(send(&Request::post("mint", server.url())).await);
    assert!(fault.lasting && fault.text.contains("CREDJOB_CA_FILE"), "{fault:?}");
}

#[tokio::test]
async fn an_own_authority_is_trusted_by_either_file() {
    let server = raw::tls_server();
    let file = Some(server.certificate().to_owned());
    for roots in
        [Roots { ssl_cert_file: None, ca_file: file.clone() }, Roots { ssl_cert_file: file.clone(), ca_file: None }]
    {
        let transport = ReqwestTransport::new(roots);
        let request = Request::get("read", server.url());
        assert_eq!(transport.send(&request.wire, TIMEOUT).await.unwrap().bytes(), b"over tls");
    }
}

#[tokio::test]
async fn a_bad_certificate_file_is_an_error_not_a_panic() {
    let transport = ReqwestTransport::new(Roots { ssl_cert_file: None, ca_file: Some("/nowhere/ca.pem".into()) });
    let request = Request::get("read", "https://127.0.0.1:1/");
    let fault = not_sent(transport.send(&request.wire, TIMEOUT).await);
    assert!(fault.lasting);
    assert!(fault.text.starts_with("CREDJOB_CA_FILE: cannot use /nowhere/ca.pem"), "{fault:?}");
}

#[tokio::test]
async fn one_connection_serves_several_requests() {
    let ok = || "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_owned();
    let server = RawServer::start([vec![ok(), ok(), ok()]]);
    let transport = transport();
    for _ in 0..3 {
        let request = Request::get("read", server.url());
        transport.send(&request.wire, TIMEOUT).await.unwrap();
    }
    assert_eq!((server.connections(), server.requests()), (1, 3));
}

#[tokio::test]
async fn a_request_lost_on_a_reused_connection_is_unknown_and_not_sent_again() {
    let ok = || "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_owned();
    // The second request is read, then the connection closes; a second connection would answer.
    let server = RawServer::start([vec![ok(), String::new()], vec![ok()]]);
    let transport = transport();
    let request = Request::post("mint", server.url());
    transport.send(&request.wire, TIMEOUT).await.unwrap();
    unknown(transport.send(&request.wire, TIMEOUT).await);
    assert_eq!((server.connections(), server.requests()), (1, 2));
}

#[tokio::test]
async fn the_transport_can_be_shared_between_tasks() {
    let mut server = Server::new_async().await;
    let _mock = server.mock("GET", "/").with_body("ok").expect(2).create_async().await;
    let transport: Arc<dyn Transport> = Arc::new(transport());
    let url = server.url();
    let one = tokio::spawn({
        let (transport, url) = (Arc::clone(&transport), url.clone());
        async move { transport.send(&Request::get("read", url).wire, TIMEOUT).await }
    });
    transport.send(&Request::get("read", url).wire, TIMEOUT).await.unwrap();
    one.await.unwrap().unwrap();
}
