//! Which texts of a secret the redactor must know.

use credjob_contract::redact;
use serde_json::Value;

/// Keys whose texts say *where* something is, not how to get in. They stay readable, so that an error text can name a
/// host. The words are those of IBM's service credentials (`connection.<protocol>`, PROTOCOL 4.9) and their usual variants.
const LOCATOR_KEYS: &[&str] = &[
    "host", "hostname", "hosts", "port", "database", "dbname", "scheme", "protocol", "type", "method", "username",
    "user", "path", "region", "sslmode",
];

/// Keys of addresses. Such a text is a locator only when it is a bare origin: tokens hide in paths and queries.
const ADDRESS_KEYS: &[&str] = &["url", "uri", "base_url", "endpoint"];

/// Registers every secret text of the tree with the redactor. Numbers and booleans are not texts.
pub(crate) fn register(tree: &Value) {
    register_under("", tree);
}

fn register_under(key: &str, tree: &Value) {
    match tree {
        Value::String(text) if is_locator(key, text) => {}
        Value::String(text) => register_text(text),
        // The items of `hosts` are hosts.
        Value::Array(items) => items.iter().for_each(|item| register_under(key, item)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| register_under(key, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Registers one secret text: as it is, without the white space around it (a payload often ends in a newline that
/// its user trims), and the password of a URL by itself.
pub(crate) fn register_text(text: &str) {
    redact::register(text.as_bytes());
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        redact::register(trimmed.as_bytes());
    }
    if let Some(password) = password_of_url(trimmed) {
        redact::register(password.as_bytes());
        redact::register(&percent_decoded(password));
    }
}

fn is_locator(key: &str, text: &str) -> bool {
    let is_one_of = |keys: &[&str]| keys.iter().any(|known| known.eq_ignore_ascii_case(key));
    // `user:password@host` can stand under any key.
    !text.contains('@') && (is_one_of(LOCATOR_KEYS) || is_one_of(ADDRESS_KEYS) && is_origin(text))
}

fn is_origin(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        url.path().trim_start_matches('/').is_empty() && url.query().is_none() && url.fragment().is_none()
    })
}

/// The password in the user info of a URL, as written; the whole user info when it has no colon (`https://TOKEN@host`).
/// By hand, because connection URLs with several hosts are no URLs to the `url` crate.
fn password_of_url(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user_info, _) = authority.rsplit_once('@')?;
    Some(user_info.split_once(':').map_or(user_info, |(_, password)| password))
}

/// Undoes percent-encoding; a `%` without two hex digits stays as it is.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((&first, tail)) = rest.split_first() {
        let escape = tail.get(..2).filter(|_| first == b'%').and_then(hex_byte);
        decoded.push(escape.unwrap_or(first));
        rest = if escape.is_some() { &tail[2..] } else { tail };
    }
    decoded
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests;
