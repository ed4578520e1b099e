//! The payload of `credentials_created` (PROTOCOL 1.5).

use credjob::contract::{FieldSpec, Payload, PayloadValue, TypeSpec};
use serde_json::{Value, json};

use crate::input::{CANARY, first_line, text};
use crate::judge::none_holds;

const TIERS: &[&str] = &["basic", "gold"];

const FIELDS: [FieldSpec; 4] = [
    FieldSpec::new("TOKEN", TypeSpec::String, true),
    FieldSpec::new("MAX_CALLS", TypeSpec::Integer, false),
    FieldSpec::new("RENEWABLE", TypeSpec::Boolean, false),
    FieldSpec::new("TIER", TypeSpec::Enum(TIERS), false),
];

/// An input is `500 true gold` in the first line, and a token in the rest.
pub(super) fn check(data: &[u8]) {
    let (line, token) = first_line(data);
    let (line, token) = (text(line), text(token));
    let mut words = line.splitn(3, ' ');
    let calls: i64 = words.next().and_then(|word| word.parse().ok()).unwrap_or_default();
    let renewable = words.next() == Some("true");
    let tier = words.next().unwrap_or_default();
    let payload = payload(&token, calls, renewable, tier);

    let read: Option<Value> = serde_json::from_str(&payload.to_json_object()).ok();
    let wanted = json!({ "token": token, "max_calls": calls, "renewable": renewable, "tier": tier });
    assert!(read == Some(wanted), "the JSON says something else than the outputs");
    let broken = payload.check(&FIELDS).err().unwrap_or_default();
    let wrong = usize::from(token.is_empty()) + usize::from(!TIERS.contains(&tier));
    assert!(broken.len() == wrong, "{} broken rules instead of {wrong}", broken.len());

    let (token, tier) = (format!("{token}{CANARY}"), format!("{tier}{CANARY}"));
    let marked = self::payload(&token, calls, renewable, &tier);
    none_holds(&marked.check(&FIELDS).err().unwrap_or_default(), CANARY);
    none_holds(&[format!("{marked:?}")], CANARY);
}

fn payload<'a>(token: &'a str, calls: i64, renewable: bool, tier: &'a str) -> Payload<'a> {
    Payload(vec![
        ("token", PayloadValue::Text(token)),
        ("max_calls", PayloadValue::Integer(calls)),
        ("renewable", PayloadValue::Boolean(renewable)),
        ("tier", PayloadValue::Text(tier)),
    ])
}
