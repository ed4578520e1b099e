//! What the servers answer: IAM, Secrets Manager and the platform of `jfrog`, as short as a job takes it.

use serde_json::{Value, json};

use crate::request::Request;

/// The ids of the one task that every run works on.
pub(crate) const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
pub(crate) const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
pub(crate) const LOGIN: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";
/// The id of the platform's token, created or to be deleted.
pub(crate) const CREDENTIALS: &str = "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e";

/// Status and body; `login` is what belongs to its type in the login secret.
pub(crate) fn answer(request: &Request, login: &Value) -> (u16, Value) {
    let path = request.path.split('?').next().unwrap_or_default();
    let task_path = format!("/api/v2/secrets/{SECRET}/tasks/{TASK}");
    let login_path = format!("/api/v2/secrets/{LOGIN}");
    match (request.method.as_str(), path) {
        ("POST", "/identity/token") => (200, token()),
        ("PUT", path) if path == task_path => (200, task_with(&status_of(&request.body))),
        ("GET", path) if path == task_path => (200, task_with("processing")),
        ("GET", path) if path == login_path => (200, login_secret(login)),
        ("POST", "/access/api/v1/tokens") => (200, platform_token()),
        ("GET", path) if path.starts_with("/access/api/v1/tokens/") => (200, platform_token()),
        ("DELETE", path) if path.starts_with("/access/api/v1/tokens/") => (200, json!({})),
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

/// A secret as it is read (PROTOCOL 4.9).
fn login_secret(login: &Value) -> Value {
    let mut secret = json!({
        "id": LOGIN, "name": "login", "secret_group_id": "default", "state": 1, "state_description": "active",
        "created_by": "IBMid-bench", "created_at": "2026-03-01T09:00:00Z", "updated_at": "2026-03-01T09:00:00Z", "versions_total": 1,
        "crn": "crn:v1:bluemix:public:secrets-manager:us-south:a/0:1:secret:2",
    });
    for (name, value) in login.as_object().into_iter().flatten() {
        secret[name] = value.clone();
    }
    secret
}

fn platform_token() -> Value {
    json!({
        "token_id": CREDENTIALS, "access_token": "canary-bench-access-token", "expires_in": 7_776_000,
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
        let (status, body) = answer(&request("PUT", &path, r#"{"status":"credentials_created"}"#), &Value::Null);
        assert_eq!((status, body["status"].as_str()), (200, Some("credentials_created")));
    }

    #[test]
    fn an_unknown_path_is_not_found() {
        assert_eq!(answer(&request("GET", "/x", ""), &Value::Null).0, 404);
    }

    #[test]
    fn the_login_secret_has_the_fields_of_its_type() {
        let login = json!({"secret_type": "kv", "data": {"host": "x"}});
        let (status, body) = answer(&request("GET", &format!("/api/v2/secrets/{LOGIN}"), ""), &login);
        assert_eq!((status, &body["data"]["host"], &body["id"]), (200, &json!("x"), &json!(LOGIN)));
    }
}
