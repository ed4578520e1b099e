//! What a secret looks like where it is not spelled out.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use zeroize::{Zeroize as _, Zeroizing};

use super::{MAX_TEXT, MIN_SECRET_LEN};

/// The shortest single line of a multi-line secret that is looked for on its own. Shorter ones (`}`, `[user]`) say
/// nothing.
const MIN_LINE_LEN: usize = 16;

/// What frames a PEM block. It is in every key and in none secret.
const PEM_FRAME: &[u8] = b"-----";

/// Every byte pattern that gives a value away; none for a value that is too short.
pub(super) fn patterns(value: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut patterns = Vec::new();
    if value.len() < MIN_SECRET_LEN {
        return patterns;
    }
    // A longer value cannot stand in a text that is let out; its lines can.
    if value.len() <= MAX_TEXT {
        encode(value, &mut patterns);
    }
    // A token file ends in a line break that the token's user cuts off.
    let trimmed = value.trim_ascii();
    if trimmed.len() < value.len() && (MIN_SECRET_LEN..=MAX_TEXT).contains(&trimmed.len()) {
        encode(trimmed, &mut patterns);
    }
    let lines: Vec<_> = trimmed.split(|&byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii).collect();
    if lines.len() > 1 {
        let telling = lines.into_iter().filter(|line| line.len() >= MIN_LINE_LEN && !line.starts_with(PEM_FRAME));
        patterns.extend(telling.map(|line| Zeroizing::new(line.to_vec())));
    }
    patterns
}

fn encode(value: &[u8], patterns: &mut Vec<Zeroizing<Vec<u8>>>) {
    patterns.push(Zeroizing::new(value.to_vec()));
    for alphabet in [b"0123456789abcdef", b"0123456789ABCDEF"] {
        patterns.push(hex(value, alphabet));
    }
    let mut base64 = vec![base64_whole(value, true), base64_whole(value, false)];
    base64.extend((0..3).map(|offset| base64_inside(value, offset)));
    for pattern in base64 {
        let url_safe = url_safe(&pattern);
        if url_safe != pattern {
            patterns.push(url_safe);
        }
        patterns.push(pattern);
    }
}

fn hex(value: &[u8], alphabet: &[u8; 16]) -> Zeroizing<Vec<u8>> {
    let mut digits = Zeroizing::new(Vec::with_capacity(value.len() * 2));
    for byte in value {
        digits.push(alphabet[usize::from(byte >> 4)]);
        digits.push(alphabet[usize::from(byte & 0x0f)]);
    }
    digits
}

fn base64_whole(value: &[u8], padded: bool) -> Zeroizing<Vec<u8>> {
    let text = if padded { STANDARD.encode(value) } else { STANDARD_NO_PAD.encode(value) };
    Zeroizing::new(text.into_bytes())
}

/// The characters that depend on the value alone when it stands `offset` bytes after the start of a group of three: the
/// first and the last character may share their bits with a neighbour and are left out.
fn base64_inside(value: &[u8], offset: usize) -> Zeroizing<Vec<u8>> {
    let mut shifted = Zeroizing::new(vec![0; offset + value.len()]);
    shifted[offset..].copy_from_slice(value);
    let mut text = STANDARD_NO_PAD.encode(&shifted).into_bytes();
    // Character i holds the bits from 6i to 6i + 6; the value holds those from 8 * offset to 8 * (offset + length).
    let from = (offset * 8).div_ceil(6);
    let to = (offset + value.len()) * 8 / 6;
    let inside = Zeroizing::new(text[from..to].to_vec());
    text.zeroize();
    inside
}

fn url_safe(standard: &[u8]) -> Zeroizing<Vec<u8>> {
    let translate = |&byte: &u8| match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => other,
    };
    Zeroizing::new(standard.iter().map(translate).collect())
}
