//! The redactor (DESIGN 3, promise 5): whatever leaves the process as text passes it.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use credjob::contract::redact::{MIN_SECRET_LEN, REDACTED, redact, redact_bytes, register, wipe};

use crate::input::sections;

/// An input is one or more secrets and a text, between lines of `---`.
pub(super) fn check(data: &[u8]) {
    let parts = sections(data);
    let Some((text, secrets)) = parts.split_last() else { return };
    assert!(
        matches!(redact_bytes(text), Cow::Borrowed(same) if same == *text),
        "without a secret a text stays as it is"
    );
    for secret in secrets {
        register(secret);
    }
    let secrets: Vec<&[u8]> = secrets.iter().copied().filter(|secret| secret.len() >= MIN_SECRET_LEN).collect();
    let left = redact_bytes(text);
    for secret in &secrets {
        none_of(&left, secret);
        are_found_in(text, &encodings(secret));
        inside_base64(secret, text);
    }
    if let Ok(text) = std::str::from_utf8(text) {
        let left = redact(text);
        for secret in &secrets {
            none_of(left.as_bytes(), secret);
        }
        assert!(
            redact(&left) == left || secrets.iter().any(|secret| meets_the_mark(secret)),
            "a second look finds more"
        );
    }
    wipe();
    assert!(matches!(redact_bytes(text), Cow::Borrowed(_)), "a wiped secret is still known");
}

/// Such a secret can be found in what stands in place of secrets, or across its edge.
fn meets_the_mark(secret: &[u8]) -> bool {
    secret.contains(&b'[') || secret.contains(&b']') || contains(REDACTED.as_bytes(), secret)
}

/// The secret stands nowhere, in no form that is searched as a pattern.
fn none_of(left: &[u8], secret: &[u8]) {
    let forms = [secret.to_vec(), hex(secret), hex(secret).to_ascii_uppercase(), STANDARD.encode(secret).into_bytes()];
    for piece in pieces(left) {
        assert!(!forms.iter().any(|form| contains(piece, form)), "a secret of {} bytes survives", secret.len());
    }
}

/// The encoded secret in the middle of the text, kept apart from it by spaces: an escape before it would change its meaning.
fn are_found_in(text: &[u8], encodings: &[Vec<u8>]) {
    let (before, after) = text.split_at(text.len() / 2);
    let whole = [before, &encodings.join(&b' '), after].join(&b' ');
    let left = redact_bytes(&whole);
    let pieces: Vec<_> = pieces(&left).collect();
    // The text may hold the same as a part of something else, such as `63` at the end of a longer number.
    for encoded in encodings.iter().filter(|encoded| !contains(text, encoded)) {
        let survives = pieces.iter().any(|piece| contains(piece, encoded));
        assert!(!survives, "an encoding of {} bytes survives", encoded.len());
    }
}

/// In base64 with something before and after it, at each alignment: only characters that also hold bits of a neighbour are left.
fn inside_base64(secret: &[u8], neighbour: &[u8]) {
    for before in 0..3 {
        let (front, back) = (vec![b'<'; before], neighbour);
        let whole = STANDARD_NO_PAD.encode([&front, secret, back].concat()).into_bytes();
        let left = redact_bytes(&whole);
        let kept: usize = pieces(&left).map(<[u8]>::len).sum();
        // Six bits a character; up to two characters are shared with the neighbours.
        let hidden = (secret.len() * 8).saturating_sub(2 * 5) / 6;
        assert!(kept + hidden <= whole.len(), "{kept} of {} characters are left", whole.len());
    }
}

/// What an encoder makes of the secret. Texts also get the encodings of texts.
fn encodings(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![secret.to_vec(), hex(secret), hex(secret).to_ascii_uppercase(), percent(secret, |_| true)];
    all.extend([STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].map(|engine| engine.encode(secret).into_bytes()));
    all.push(percent(secret, |byte| !byte.is_ascii_alphanumeric()));
    let pairs: Vec<String> = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    all.extend([pairs.join(":"), format!("0x{}", pairs.join(", 0x")), format!("{secret:?}")].map(String::into_bytes));
    all.push(url::form_urlencoded::byte_serialize(secret).collect::<String>().into_bytes());
    if let Ok(text) = std::str::from_utf8(secret) {
        let once = json(text);
        all.extend([once.clone(), json(&once), format!("{text:?}")].map(String::into_bytes));
        all.push(utf16(text));
        all.push(percent(once.as_bytes(), |byte| !byte.is_ascii_alphanumeric()));
        all.push(json(&json(&url::form_urlencoded::byte_serialize(secret).collect::<String>())).into_bytes());
    }
    all
}

/// As JSON, without the quotes around it.
fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Every character as `\uXXXX`.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| format!("\\u{unit:04x}").into_bytes()).collect()
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

fn percent(bytes: &[u8], encode: fn(u8) -> bool) -> Vec<u8> {
    let unit =
        |byte: &u8| if encode(*byte) || *byte == b'%' { format!("%{byte:02X}").into_bytes() } else { vec![*byte] };
    bytes.iter().flat_map(unit).collect()
}

fn pieces(left: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mark = REDACTED.as_bytes();
    let mut rest = Some(left);
    std::iter::from_fn(move || {
        let text = rest?;
        let at = text.windows(mark.len()).position(|window| window == mark);
        rest = at.map(|at| &text[at + mark.len()..]);
        Some(at.map_or(text, |at| &text[..at]))
    })
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
