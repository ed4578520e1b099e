//! HTTP over a plain socket, so that a connection that is closed without an answer can be seen.

use credjob_emulator::Emulator;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A client of one emulator; every request has a connection of its own.
pub(crate) struct RawClient {
    address: String,
}

impl RawClient {
    pub(crate) fn new(emulator: &Emulator) -> Self {
        Self { address: emulator.url().trim_start_matches("http://").to_owned() }
    }

    /// Sends a request and reads until the connection closes. An empty text means: no answer.
    pub(crate) async fn exchange(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.expect("the emulator listens");
        let request = format!(
            "{head}\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("the connection ends cleanly");
        answer
    }

    /// Sends a request with a token and returns the status and the text of the body, or `None` without an answer.
    pub(crate) async fn send(&self, method: &str, path: &str, token: &str, body: &str) -> Option<(u16, String)> {
        let head =
            format!("{method} {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json");
        let answer = self.exchange(&head, body).await;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, body.to_owned()))
    }

    pub(crate) async fn log_in(&self, key: &str) -> (u16, Value) {
        let form =
            format!("grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey={key}&response_type=cloud_iam");
        let head = "POST /identity/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
        let answer = self.exchange(head, &form).await;
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// An access token for a key.
    pub(crate) async fn token(&self, key: &str) -> String {
        let (status, answer) = self.log_in(key).await;
        assert_eq!(status, 200, "{answer:#}");
        answer["access_token"].as_str().expect("a token").to_owned()
    }
}

/// The API key that a job run got.
pub(crate) fn job_key(emulator: &Emulator, task: &str) -> String {
    let environment = emulator.job_environment(task);
    let key = environment.into_iter().find(|(name, _)| name == "SM_ACCESS_APIKEY");
    key.expect("the configuration has an api_key_ref").1
}
