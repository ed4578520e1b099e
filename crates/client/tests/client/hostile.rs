//! Answers that mean harm, to each call: an error that can be read, before the deadline, and no panic.

use std::sync::Arc;
use std::time::Duration;

use credjob_client::{SecretsManager, ServiceError, TaskUpdate, UpdateOutcome};
use credjob_contract::{Secret, SecretId, TaskId};
use credjob_http::script::ScriptedTransport;
use credjob_http::{MAX_JSON_VALUES, Response, WireRequest};

use crate::support::{api_key, client};

const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const TOKEN: &str = r#"{"access_token":"hostile-token","expires_in":3600}"#;

/// The longest text of an error, in characters: five hundred of the service, and ours.
const READABLE: usize = 1000;

/// For two tries or three: what cannot be read is asked for again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bodies of one answer, each with a name.
fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let keys: Vec<String> = (0..=MAX_JSON_VALUES).map(|key| format!(r#""{key}":"""#)).collect();
    let texts = vec![r#""text-of-a-secret""#; 2000].join(",");
    let head = format!(r#""id":"{SECRET}","secret_type":"kv""#);
    vec![
        ("nothing", Vec::new()),
        ("an array 100 000 deep", b"[".repeat(100_000)),
        ("an object 100 000 deep", br#"{"errors":"#.repeat(100_000)),
        ("more keys than anybody needs", format!("{{{}}}", keys.join(",")).into_bytes()),
        ("a secret of two thousand texts", format!(r#"{{{head},"data":{{"all":[{texts}]}}}}"#).into_bytes()),
        (
            "a text of a megabyte",
            format!(r#"{{"message":"{}","id":"{SECRET}"}}"#, "%25\\\\".repeat(200_000)).into_bytes(),
        ),
        ("no UTF-8", vec![0xff, 0xfe, b'{', 0xc3, b'}']),
        ("no UTF-8 in a text", b"{\"message\":\"\xff\",\"id\":\"\xc3\",\"access_token\":\"\xff\"}".to_vec()),
        ("half a surrogate", br#"{"message":"\ud83d","access_token":"\ud83d"}"#.to_vec()),
        ("control characters", br#"{"message":"\u0000\u001b[2J\u0007","errors":[{"message":"\u0000"}]}"#.to_vec()),
        ("numbers beyond all types", br#"{"expires_in":1e400,"access_token":"x","status_code":1e999}"#.to_vec()),
        ("a gzip header", b"\x1f\x8b\x08\x00\x00\x00\x00\x00".to_vec()),
        ("a web page", b"<!DOCTYPE html><html></html>".to_vec()),
    ]
}

/// A service that answers every call so; the call for a token only if that is meant.
fn service(status: u16, body: &[u8], token: bool) -> SecretsManager {
    let body = body.to_vec();
    let script = ScriptedTransport::new().with_backend(move |request: &WireRequest| {
        let is_token = request.url().path().ends_with("/identity/token");
        if is_token && !token { Response::new(200, TOKEN) } else { Response::new(status, body.clone()) }
    });
    let service = client(Arc::new(script), "https://sm.example.com", api_key());
    service.renew_budget(PATIENCE);
    service
}

#[tokio::test(start_paused = true)]
async fn every_call_ends_with_an_error_that_can_be_read() {
    let (secret, task): (SecretId, TaskId) = (SECRET.parse().unwrap(), TASK.parse().unwrap());
    for (name, body) in bodies() {
        for status in [200, 400, 500] {
            let service = |token| service(status, &body, token);
            let texts = [
                ("token", service(true).tokens().token().await.err().map(|error| error.to_string())),
                ("secret", service(false).secret(&secret).await.err().map(|error| error.to_string())),
                ("task", service(false).task(&secret, &task).await.err().map(|error| error.to_string())),
                ("versions", service(false).versions(&secret).await.err().map(|error| error.to_string())),
            ];
            for (call, text) in texts {
                let text = text.unwrap_or_else(|| panic!("{call} took {name} with status {status}"));
                assert!(
                    (1..READABLE).contains(&text.chars().count()),
                    "{call}, {name}, {status}: {} bytes",
                    text.len()
                );
                assert!(!text.chars().any(char::is_control), "{call}, {name}, {status}: {text:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_task_update_counts_as_applied() {
    let (secret, task): (SecretId, TaskId) = (SECRET.parse().unwrap(), TASK.parse().unwrap());
    let token = Secret::from(TOKEN);
    for (name, body) in bodies() {
        for status in [200, 400, 500] {
            let service = service(status, &body, false);
            let outcome = service.task_update_once(&token, &secret, &task, &TaskUpdate::Deleted, PATIENCE).await;
            let fits = matches!(
                (status, &outcome),
                (400, UpdateOutcome::Refused { .. }) | (200 | 500, UpdateOutcome::Unknown(_))
            );
            assert!(fits, "{name}, {status}: {outcome:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_megabyte_of_escapes_is_no_message() {
    // Were it decoded, it would take a hundred times its size.
    let _ = Secret::from("known-to-the-redactor");
    let (_, body) = bodies().into_iter().find(|(name, _)| name.contains("megabyte")).unwrap();
    let error = ServiceError::from_answer(400, &body);
    assert_eq!(error.to_string(), "status 400: [800000 bytes left out]");
}
