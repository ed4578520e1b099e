//! The local server of the bench: IAM and Secrets Manager on one port, the platform of `jfrog` on another, as little work as possible.

use std::io::{BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::{Value, json};

use super::request::{self, Request};
use crate::failed::{Checked, Failed};

/// The ids of the one task that every run works on.
pub(crate) const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
pub(crate) const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
pub(crate) const LOGIN: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";

/// What reached the server since the last [`Server::forget`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// Each request with the address it was sent to.
    pub(crate) requests: Vec<(String, Request)>,
    pub(crate) connections: usize,
    /// Requests that the server had no answer for.
    pub(crate) strange: Vec<String>,
}

/// The server; its threads end with the process.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) service: String,
    pub(crate) platform: String,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    /// Listens on two free ports of 127.0.0.1.
    pub(crate) fn start() -> Checked<Self> {
        let seen = Arc::default();
        Ok(Self { service: listen(&seen)?, platform: listen(&seen)?, seen })
    }

    /// What has reached the server.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Starts counting anew.
    pub(crate) fn forget(&self) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen::default();
    }
}

fn listen(seen: &Arc<Mutex<Seen>>) -> Checked<String> {
    let cannot = |error: std::io::Error| Failed::new(format!("the bench server cannot listen: {error}"));
    let listener = TcpListener::bind("127.0.0.1:0").map_err(cannot)?;
    let address = format!("http://{}", listener.local_addr().map_err(cannot)?);
    let (seen, own) = (Arc::clone(seen), address.clone());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (seen, address) = (Arc::clone(&seen), own.clone());
            seen.lock().unwrap_or_else(PoisonError::into_inner).connections += 1;
            thread::spawn(move || serve(&stream, &address, &seen));
        }
    });
    Ok(address)
}

fn serve(stream: &TcpStream, address: &str, seen: &Mutex<Seen>) {
    // An answer that waits for the other side's delayed ACK would cost 40 ms (SERVERS 4).
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while let Some(request) = request::read(&mut reader) {
        let (status, body) = answer(&request);
        {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            if status == 404 {
                seen.strange.push(format!("{} {}", request.method, request.path));
            }
            seen.requests.push((address.to_owned(), request));
        }
        let body = body.to_string();
        let reply = format!(
            "HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if writer.write_all(reply.as_bytes()).is_err() {
            return;
        }
    }
}

fn answer(request: &Request) -> (u16, Value) {
    let path = request.path.split('?').next().unwrap_or_default();
    let task = format!("/api/v2/secrets/{SECRET}/tasks/{TASK}");
    let login = format!("/api/v2/secrets/{LOGIN}");
    match (request.method.as_str(), path) {
        ("POST", "/identity/token") => (200, token()),
        ("PUT", path) if path == task => (200, task_with(&status_of(&request.body))),
        ("GET", path) if path == task => (200, task_with("processing")),
        ("GET", path) if path == login => (200, login_secret()),
        ("POST", "/access/api/v1/tokens") => (200, platform_token()),
        ("GET", path) if path.starts_with("/access/api/v1/tokens/") => (200, platform_token()),
        ("GET", "/access/api/v1/tokens") => (200, json!({"tokens": []})),
        _ => (404, json!({})),
    }
}

/// A token as IAM gives it; it is valid until 2096.
fn token() -> Value {
    let claims = "eyJpYXQiOjE4MDAwMDAwMDAsImV4cCI6NDAwMDAwMDAwMH0";
    json!({
        "access_token": format!("eyJhbGciOiJSUzI1NiJ9.{claims}.c2ln"),
        "refresh_token": "not_supported", "token_type": "Bearer", "expires_in": 3600, "expiration": 4_000_000_000_u64,
    })
}

fn status_of(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body["status"].as_str().unwrap_or_default().to_owned()
}

fn task_with(status: &str) -> Value {
    json!({
        "id": TASK, "created_by": "IBMid-bench", "creation_date": "2026-03-01T09:00:00.120Z", "last_update_date": "2026-03-01T09:01:12.480Z",
        "updated_by": "IBMid-bench", "type": "create_credentials", "status": status, "trigger": "secret_creation", "secret_id": SECRET,
    })
}

fn login_secret() -> Value {
    json!({
        "id": LOGIN, "name": "login", "secret_type": "arbitrary", "secret_group_id": "default", "state": 1, "state_description": "active",
        "created_by": "IBMid-bench", "created_at": "2026-03-01T09:00:00Z", "updated_at": "2026-03-01T09:00:00Z", "versions_total": 1,
        "crn": "crn:v1:bluemix:public:secrets-manager:us-south:a/0:1:secret:2", "payload": "canary-bench-login-token",
    })
}

fn platform_token() -> Value {
    json!({
        "token_id": "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e", "access_token": "canary-bench-access-token", "expires_in": 7_776_000,
        "scope": "applied-permissions/user", "token_type": "Bearer",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, path: &str, body: &str) -> Request {
        Request { method: method.into(), path: path.into(), headers: Vec::new(), body: body.into() }
    }

    #[test]
    fn a_task_update_is_answered_with_the_status_that_was_sent() {
        let path = format!("/api/v2/secrets/{SECRET}/tasks/{TASK}");
        let (status, body) = answer(&request("PUT", &path, r#"{"status":"credentials_created"}"#));
        assert_eq!((status, body["status"].as_str()), (200, Some("credentials_created")));
    }

    #[test]
    fn an_unknown_path_is_not_found() {
        assert_eq!(answer(&request("GET", "/x", "")).0, 404);
    }
}
