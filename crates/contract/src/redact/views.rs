//! Decoded readings of a text, each byte with the place it came from.

use std::ops::Range;

use zeroize::Zeroizing;

use super::byte_lists;

/// How many layers of encoding are taken off: JSON in the JSON body of an error whose `Debug` text stands in a JSON log line has four.
const MAX_LAYERS: usize = 4;

/// One reading of a text.
pub(super) struct View {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// For each byte the range of the original text that it was decoded from.
    pub(super) origins: Vec<Range<usize>>,
}

impl View {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The range of the original text that a range of this view came from.
    pub(super) fn origin(&self, span: &Range<usize>) -> Range<usize> {
        self.origins[span.start].start..self.origins[span.end - 1].end
    }
}

/// Shows every reading of the text that differs from the text itself, some of them more than once: at most one reading per layer is held at a time.
/// Does no work for a text without `\`, `%`, `+` and numbers in a row.
pub(super) fn each_view(text: &[u8], mut show: impl FnMut(&View)) {
    if text.iter().any(|byte| matches!(byte, b'\\' | b'%' | b'+')) || byte_lists::may_hold_one(text) {
        let origins = (0..text.len()).map(|at| at..at + 1).collect();
        descend(&View { bytes: Zeroizing::new(text.to_vec()), origins }, MAX_LAYERS, &mut show);
    }
}

fn descend(view: &View, layers: usize, show: &mut impl FnMut(&View)) {
    for radix in [16, 10] {
        if let Some(found) = byte_lists::decoded(view, radix) {
            show(&found);
        }
    }
    let Some(layers) = layers.checked_sub(1) else { return };
    // Without a `+` a form is what `percent` makes of it.
    let decoders = if view.bytes.contains(&b'+') { &DECODERS[..] } else { &DECODERS[..2] };
    for decoder in decoders {
        if let Some(found) = decoded(view, *decoder) {
            show(&found);
            descend(&found, layers, show);
        }
    }
}

/// Decodes one unit at the start of a text: what it stands for and how many bytes it takes. `None` if the byte stands
/// for itself.
type Decoder = fn(&[u8]) -> Option<(Unit, usize)>;

const DECODERS: [Decoder; 3] = [escape, percent, percent_or_plus];

/// One decoded unit.
enum Unit {
    Byte(u8),
    Char(char),
}

/// `None` if there was nothing to decode.
fn decoded(view: &View, decoder: Decoder) -> Option<View> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(view.bytes.len()));
    let mut origins = Vec::with_capacity(view.bytes.len());
    let mut changed = false;
    let mut at = 0;
    while at < view.bytes.len() {
        let Some((unit, length)) = decoder(&view.bytes[at..]) else {
            bytes.push(view.bytes[at]);
            origins.push(view.origins[at].clone());
            at += 1;
            continue;
        };
        let origin = view.origin(&(at..at + length));
        match unit {
            Unit::Byte(byte) => bytes.push(byte),
            Unit::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        origins.resize(bytes.len(), origin);
        changed = true;
        at += length;
    }
    changed.then_some(View { bytes, origins })
}

fn percent(text: &[u8]) -> Option<(Unit, usize)> {
    match text {
        [b'%', high, low, ..] => Some((Unit::Byte(hex_byte(*high, *low)?), 3)),
        _ => None,
    }
}

/// As in a form: `+` is a space.
fn percent_or_plus(text: &[u8]) -> Option<(Unit, usize)> {
    match text {
        [b'+', ..] => Some((Unit::Byte(b' '), 1)),
        _ => percent(text),
    }
}

/// The escapes of JSON (RFC 8259, section 7) and of Rust's `Debug`.
fn escape(text: &[u8]) -> Option<(Unit, usize)> {
    let byte = |byte| Some((Unit::Byte(byte), 2));
    match text {
        [b'\\', b'n', ..] => byte(b'\n'),
        [b'\\', b'r', ..] => byte(b'\r'),
        [b'\\', b't', ..] => byte(b'\t'),
        [b'\\', b'b', ..] => byte(0x08),
        [b'\\', b'f', ..] => byte(0x0c),
        [b'\\', b'0', ..] => byte(0),
        [b'\\', quoted @ (b'"' | b'\'' | b'\\' | b'/'), ..] => byte(*quoted),
        [b'\\', b'x', high, low, ..] => Some((Unit::Byte(hex_byte(*high, *low)?), 4)),
        [b'\\', b'u', b'{', rest @ ..] => {
            let length = rest.iter().take(7).position(|&byte| byte == b'}')?;
            Some((Unit::Char(char::from_u32(hex_digits(&rest[..length])?)?), length + 4))
        }
        [b'\\', b'u', rest @ ..] => utf16(rest),
        _ => None,
    }
}

/// What follows `\u`: four digits, and a second escape if they are the first half of a pair.
fn utf16(rest: &[u8]) -> Option<(Unit, usize)> {
    let first = hex_digits(rest.get(..4)?)?;
    if let Some(c) = char::from_u32(first) {
        return Some((Unit::Char(c), 6));
    }
    let second = rest.get(4..6).filter(|mark| *mark == b"\\u").and_then(|_| hex_digits(rest.get(6..10)?))?;
    let pair = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    match char::decode_utf16(pair).next() {
        Some(Ok(c)) => Some((Unit::Char(c), 12)),
        _ => None,
    }
}

fn hex_byte(high: u8, low: u8) -> Option<u8> {
    hex_digits(&[high, low]).and_then(|number| u8::try_from(number).ok())
}

/// One to eight hex digits as a number.
fn hex_digits(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0, |number, &digit| Some(number << 4 | char::from(digit).to_digit(16)?))
}
