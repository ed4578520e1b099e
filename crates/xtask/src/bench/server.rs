//! The local server of the bench: IAM and Secrets Manager on one port, the platform of `jfrog` on another, as little work as possible.

use std::io::{BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::{Value, json};

use super::answer::{answer, is_of_task};
use super::request::{self, Request};
use crate::failed::{Checked, Failed};

/// What reached the server since the last [`Server::forget`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// Each request with the address it was sent to.
    pub(crate) requests: Vec<(String, Request)>,
    pub(crate) connections: usize,
    /// Requests that the server had no answer for.
    pub(crate) strange: Vec<String>,
}

impl Seen {
    /// Fails if a run did anything but report what it created, whatever its exit code.
    pub(crate) fn check(&self) -> Checked {
        if let Some(strange) = self.strange.first() {
            return Err(Failed::new(format!("the job asked the bench server for what it does not have: {strange}"))
                .hint("teach crates/xtask/src/bench/answer.rs the answer"));
        }
        let reports = self.requests.iter().filter(|(_, request)| request.method == "PUT" && is_of_task(&request.path));
        let reports: Vec<Value> =
            reports.map(|(_, request)| serde_json::from_slice(&request.body).unwrap_or_default()).collect();
        if reports.is_empty() {
            return Err(Failed::new("the job has reported nothing"));
        }
        match reports.iter().find(|report| report["status"] != "credentials_created") {
            Some(failed) => Err(Failed::new(format!("a run has created nothing: {}", failed["errors"]))),
            None => Ok(()),
        }
    }
}

/// The server; its threads end with the process.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) service: String,
    pub(crate) platform: String,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    /// Listens on two free ports of 127.0.0.1. `login` is what belongs to its type in the login secret; without it, the
    /// secret is a token.
    pub(crate) fn start(login: Option<&Value>) -> Checked<Self> {
        let token = json!({"secret_type": "arbitrary", "payload": "canary-bench-login-token"});
        let (seen, login) = (Arc::default(), login.unwrap_or(&token));
        Ok(Self { service: listen(&seen, login)?, platform: listen(&seen, login)?, seen })
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

fn listen(seen: &Arc<Mutex<Seen>>, login: &Value) -> Checked<String> {
    let cannot = |error: std::io::Error| Failed::new(format!("the bench server cannot listen: {error}"));
    let listener = TcpListener::bind("127.0.0.1:0").map_err(cannot)?;
    let address = format!("http://{}", listener.local_addr().map_err(cannot)?);
    let (seen, own, login) = (Arc::clone(seen), address.clone(), Arc::new(login.clone()));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (seen, address, login) = (Arc::clone(&seen), own.clone(), Arc::clone(&login));
            seen.lock().unwrap_or_else(PoisonError::into_inner).connections += 1;
            thread::spawn(move || serve(&stream, &address, &seen, &login));
        }
    });
    Ok(address)
}

fn serve(stream: &TcpStream, address: &str, seen: &Mutex<Seen>, login: &Value) {
    // An answer that waits for the other side's delayed ACK would cost 40 ms (SERVERS 4).
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while let Some(request) = request::read(&mut reader) {
        let (status, body) = answer(&request, login);
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

#[cfg(test)]
mod tests {
    use super::super::answer::{SECRET, TASK};
    use super::*;

    fn reported(body: &str) -> Seen {
        let path = format!("/api/v2/secrets/{SECRET}/tasks/{TASK}");
        let request = Request { method: "PUT".into(), path, headers: Vec::new(), body: body.into() };
        Seen { requests: vec![(String::new(), request)], ..Seen::default() }
    }

    #[test]
    fn only_a_creation_is_measured() {
        reported(r#"{"status":"credentials_created"}"#).check().expect("created");
        let failed = reported(r#"{"status":"failed","errors":[{"code":"x"}]}"#).check().expect_err("failed");
        assert!(failed.to_string().contains(r#"[{"code":"x"}]"#), "{failed}");
        Seen::default().check().expect_err("nothing");
    }
}
