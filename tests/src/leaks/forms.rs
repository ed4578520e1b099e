//! A secret in every form in which it could come back. Written without the encoders of the redactor and of the leak search.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

/// The forms, each with its name.
pub(super) fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let bytes = secret.as_bytes();
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let json = json(secret);
    vec![
        ("raw", secret.to_owned()),
        ("base64", STANDARD.encode(secret)),
        ("base64, one byte in", STANDARD.encode(format!("u{secret}"))),
        ("base64, two bytes in", STANDARD.encode(format!("u:{secret}"))),
        ("URL-safe base64", URL_SAFE_NO_PAD.encode(secret)),
        ("URL-safe base64, one byte in", URL_SAFE_NO_PAD.encode(format!("u{secret}"))),
        ("URL-safe base64, two bytes in", URL_SAFE_NO_PAD.encode(format!("u:{secret}"))),
        ("URL-encoded", percent(secret, |_| true)),
        ("URL-encoded, in capitals", percent(secret, |_| true).to_uppercase()),
        (
            "URL-encoded as in a form",
            percent(secret, |byte| !byte.is_ascii_alphanumeric() && byte != b' ').replace(' ', "+"),
        ),
        ("URL-encoded base64", percent(&STANDARD.encode(secret), |byte| !byte.is_ascii_alphanumeric())),
        ("JSON", json.clone()),
        (
            "JSON, every character escaped",
            secret.encode_utf16().fold(String::new(), |text, unit| text + &format!("\\u{unit:04x}")),
        ),
        ("JSON in JSON", self::json(&json)),
        ("JSON in a URL", percent(&json, |byte| !byte.is_ascii_alphanumeric())),
        ("Debug", format!("{secret:?}")),
        ("hexadecimal", pairs.concat()),
        ("hexadecimal, in capitals", pairs.concat().to_uppercase()),
        ("hexadecimal with colons", pairs.join(":")),
        ("a list of its bytes", format!("{bytes:?}")),
    ]
}

/// All forms in one text.
pub(super) fn echo(secret: &str) -> String {
    forms(secret).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}

fn json(text: &str) -> String {
    Value::from(text).to_string()
}

/// Encodes the bytes that are picked.
fn percent(text: &str, picked: impl Fn(u8) -> bool) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if picked(byte) {
            // Writing to a `String` cannot fail.
            let _ = write!(encoded, "%{byte:02x}");
        } else {
            encoded.push(char::from(byte));
        }
        encoded
    })
}
