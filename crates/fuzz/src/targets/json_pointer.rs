//! JSON pointers into the data of a secret (RFC 6901).

use credjob::client::SecretValue;
use serde_json::{Value, json};

use crate::input::{CANARY, first_line, text};
use crate::judge::none_holds;
use crate::service::{Answer, SECRET, ask, parsed};

/// An input is a pointer in the first line, and JSON after it.
pub(super) fn check(data: &[u8]) {
    let (pointer, tree) = first_line(data);
    let pointer = text(pointer);
    let Ok(tree) = serde_json::from_slice::<Value>(tree) else { return };
    let absolute =
        if pointer.is_empty() || pointer.starts_with('/') { pointer.to_string() } else { format!("/{pointer}") };
    if let Some(secret) = secret(&json!({ "secret_type": "kv", "data": tree })) {
        agrees(&secret, &pointer, find(&tree, &absolute));
    }
    in_a_payload(&tree, &pointer, &absolute);
    in_a_chain(&tree, &pointer, &absolute);
}

/// A payload that is JSON is read like one; `/payload` is the text itself.
fn in_a_payload(tree: &Value, pointer: &str, absolute: &str) {
    let is_tree = tree.is_object() || tree.is_array();
    if is_tree
        && !absolute.is_empty()
        && !absolute.starts_with("/payload")
        && let Some(secret) = secret(&json!({ "secret_type": "arbitrary", "payload": tree.to_string() }))
    {
        agrees(&secret, pointer, find(tree, absolute));
        agrees(&secret, &format!("/payload{absolute}"), find(tree, absolute));
    }
}

/// The chain of a certificate is a list of texts.
fn in_a_chain(tree: &Value, pointer: &str, absolute: &str) {
    let data = json!({ "certificate": "c", "ca_chain": tree });
    if let Some(secret) = secret(&json!({ "secret_type": "private_cert", "certificate": "c", "ca_chain": tree }))
        && absolute.starts_with("/ca_chain/")
    {
        agrees(&secret, pointer, find(&data, absolute));
    }
}

fn secret(body: &Value) -> Option<SecretValue> {
    let mut body = body.clone();
    body["id"] = json!(SECRET);
    let answer = Answer { status: 200, body: body.to_string().into_bytes() };
    ask(&answer, async |service| service.secret(&parsed(SECRET)).await.ok())
}

/// Each reading finds the value of the right kind, and an error does not show it.
fn agrees(secret: &SecretValue, pointer: &str, found: Option<&Value>) {
    let text = secret.text(pointer);
    assert!(text.as_deref().ok() == found.and_then(Value::as_str).filter(|text| !text.is_empty()), "another text");
    assert!(
        secret.pointer(pointer).ok().map(|text| text.expose().clone())
            == text.as_ref().ok().map(|text| (*text).to_owned())
    );
    let integer = secret.integer(pointer);
    let as_integer = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    assert!(integer.as_ref().ok() == found.and_then(as_integer).as_ref(), "another integer");
    let boolean = secret.boolean(pointer);
    let as_boolean = |value: &Value| value.as_bool().or_else(|| value.as_str()?.parse().ok());
    assert!(boolean.as_ref().ok() == found.and_then(as_boolean).as_ref(), "another boolean");
    if !pointer.contains(CANARY) {
        let errors = [text.err(), integer.err(), boolean.err()];
        none_holds(&errors.iter().flatten().map(ToString::to_string).collect::<Vec<_>>(), CANARY);
    }
}

/// RFC 6901, written down a second time. A `~` that escapes nothing stands for itself.
fn find<'a>(tree: &'a Value, pointer: &str) -> Option<&'a Value> {
    if pointer.is_empty() {
        return Some(tree);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(tree, |tree, token| match tree {
        Value::Object(fields) => fields.get(&unescaped(token)),
        Value::Array(items) if is_index(token) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Section 4: a zero, or digits without a leading zero.
fn is_index(token: &str) -> bool {
    token == "0" || !token.starts_with('0') && !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit())
}

fn unescaped(token: &str) -> String {
    let mut plain = String::new();
    let mut rest = token.chars().peekable();
    while let Some(character) = rest.next() {
        match (character, rest.peek()) {
            ('~', Some('0')) => plain.push('~'),
            ('~', Some('1')) => plain.push('/'),
            _ => {
                plain.push(character);
                continue;
            }
        }
        rest.next();
    }
    plain
}
