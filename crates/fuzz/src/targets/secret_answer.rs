//! The answer to the reading of a secret: login secrets of every type (PROTOCOL 4.9).

use credjob::client::{SecretData, SecretValue};
use credjob::contract::Failure;
use serde_json::Value;
use url::Url;

use crate::input::CANARY;
use crate::judge::{failure_texts, is_known_to_the_redactor, none_holds, texts};
use crate::service::{Answer, SECRET, ask, parsed};

/// Where something is, not how to get in: these stay readable, so that an error text can name a host.
const LOCATORS: [&str; 19] = [
    "host", "hostname", "hosts", "port", "database", "dbname", "scheme", "protocol", "type", "method", "username",
    "user", "path", "region", "sslmode", "url", "uri", "base_url", "endpoint",
];

/// An input is an answer: the status in the first line, then the body.
pub(super) fn check(data: &[u8]) {
    let answer = Answer::read(data);
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let read = ask(&answer, async |service| service.secret(&parsed(SECRET)).await);
    match read {
        Ok(secret) => {
            assert!(answer.is_success(), "a secret from an answer {}", answer.status);
            assert!(secret.id().as_str() == SECRET, "another secret");
            let same = |body: &Value| body["id"] == SECRET && body["secret_type"] == secret.secret_type().as_str();
            assert!(body.as_ref().is_none_or(same), "another secret than the answer's");
            is_hidden(&secret);
        }
        Err(error) => {
            // These two words of a body are shown.
            let shown = body.as_ref().is_some_and(|body| {
                [&body["secret_type"], &body["state_description"]].iter().any(|word| holds_canary(word))
            });
            if answer.is_success() && !shown {
                let texts: Vec<String> =
                    texts(&error).into_iter().chain(failure_texts(&Failure::from(error))).collect();
                none_holds(&texts, CANARY);
            }
        }
    }
}

fn holds_canary(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains(CANARY))
}

fn is_hidden(secret: &SecretValue) {
    let mut secrets = Vec::new();
    let mut public: Vec<&str> = secret.name().into_iter().collect();
    match secret.data() {
        SecretData::Arbitrary { payload, json } => {
            secrets.push(payload.expose().as_str());
            if let Some(json) = json {
                leaves("", json.expose(), &mut secrets);
            }
        }
        SecretData::UsernamePassword { username, password } => {
            public.push(username);
            secrets.push(password.expose());
        }
        SecretData::IamCredentials { api_key, api_key_id, service_id } => {
            public.extend(api_key_id.iter().chain(service_id).map(String::as_str));
            secrets.push(api_key.expose());
        }
        SecretData::Kv(tree) | SecretData::ServiceCredentials(tree) | SecretData::CustomCredentials(tree) => {
            leaves("", tree.expose(), &mut secrets);
        }
        SecretData::ImportedCert(data) | SecretData::PublicCert(data) | SecretData::PrivateCert(data) => {
            secrets.extend(data.private_key.iter().map(|key| key.expose().as_str()));
        }
        _ => panic!("a type of secret that this target does not know"),
    }
    for text in &secrets {
        is_known_to_the_redactor(text);
        if let Some(password) = password(text) {
            is_known_to_the_redactor(&password);
        }
    }
    if secrets.iter().any(|text| text.contains(CANARY)) && !public.iter().any(|text| text.contains(CANARY)) {
        none_holds(&[format!("{secret:?}")], CANARY);
    }
}

/// Every text of a tree that is not a locator.
fn leaves<'a>(key: &str, tree: &'a Value, found: &mut Vec<&'a str>) {
    match tree {
        Value::String(text) => {
            let locator = LOCATORS.iter().any(|locator| locator.eq_ignore_ascii_case(key));
            if !locator || text.contains('@') {
                found.push(text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(key, item, found)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| leaves(key, value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The password of a URL, if it stands there as the parser writes it.
fn password(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    url.password().filter(|password| text.contains(&format!(":{password}@"))).map(str::to_owned)
}
