//! What a secret looks like once it is encoded, and what a text looks like once it is decoded.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// How many decodings are tried one after the other: a JSON body quoted in a JSON log line, inside a URL, needs three.
const LAYERS: usize = 3;

/// The shortest line of a multi-line secret that is looked for on its own.
const MIN_LINE: usize = 16;

/// What frames a PEM block; it is in every key and gives none away.
const PEM_FRAME: &[u8] = b"-----";

/// A text, or what a decoding made of it.
pub(super) struct View<'a> {
    bytes: Cow<'a, [u8]>,
    decoded: Vec<&'static str>,
}

/// The text itself and every different result of decoding it.
pub(super) fn views(bytes: &[u8]) -> Vec<View<'_>> {
    let mut views = vec![View { bytes: Cow::Borrowed(bytes), decoded: Vec::new() }];
    let mut from = 0;
    for _ in 0..LAYERS {
        let layer = from..views.len();
        from = views.len();
        for index in layer {
            for (name, decode) in
                [("URL decoding", url_decoded as fn(&[u8]) -> Vec<u8>), ("JSON unescaping", json_unescaped)]
            {
                let bytes = decode(&views[index].bytes);
                if views.iter().all(|view| *view.bytes != bytes) {
                    let decoded = views[index].decoded.iter().copied().chain([name]).collect();
                    views.push(View { bytes: Cow::Owned(bytes), decoded });
                }
            }
        }
    }
    views
}

/// How `value` stands in one of the views, if it does.
pub(super) fn find(value: &[u8], views: &[View<'_>]) -> Option<String> {
    let patterns = patterns(value);
    views.iter().find_map(|view| {
        let (form, _) = patterns.iter().find(|(_, pattern)| contains(&view.bytes, pattern))?;
        Some([form].into_iter().chain(&view.decoded).copied().collect::<Vec<_>>().join(", after "))
    })
}

fn contains(bytes: &[u8], pattern: &[u8]) -> bool {
    bytes.windows(pattern.len()).any(|window| window == pattern)
}

fn patterns(value: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut patterns = vec![("raw", value.to_vec()), ("hexadecimal", hex(value, b"0123456789abcdef"))];
    patterns.push(("hexadecimal", hex(value, b"0123456789ABCDEF")));
    for skipped in 0..3 {
        let standard = base64_inside(value, skipped);
        patterns.push(("URL-safe base64", url_safe(&standard)));
        patterns.push(("base64", standard));
    }
    let lines: Vec<&[u8]> = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).collect();
    if lines.len() > 1 {
        let telling = lines.into_iter().filter(|line| line.len() >= MIN_LINE && !line.starts_with(PEM_FRAME));
        patterns.extend(telling.map(|line| ("one of its lines", line.to_vec())));
    }
    patterns
}

fn hex(value: &[u8], digits: &[u8; 16]) -> Vec<u8> {
    value.iter().flat_map(|byte| [digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]).collect()
}

/// The characters that depend on the value alone, when it stands `skipped` bytes after the start of a group of three.
fn base64_inside(value: &[u8], skipped: usize) -> Vec<u8> {
    let shifted = [&[0; 3][..skipped], value].concat();
    let text = STANDARD_NO_PAD.encode(&shifted).into_bytes();
    // Six bits make a character: those that share bits with a neighbour of the value are left out.
    let first = (skipped * 8).div_ceil(6);
    let end = shifted.len() * 8 / 6;
    text[first..end].to_vec()
}

fn url_safe(standard: &[u8]) -> Vec<u8> {
    let translate = |byte: &u8| match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => *other,
    };
    standard.iter().map(translate).collect()
}

/// `%41` becomes `A`. A percent sign without two digits stays.
fn url_decoded(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let code =
            (*byte == b'%').then(|| after.get(..2).and_then(number)).flatten().and_then(|code| u8::try_from(code).ok());
        decoded.push(code.unwrap_or(*byte));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    decoded
}

/// `\n`, `\"`, `\u002d` and Rust's `\u{2d}` become what they stand for. Anything else after a backslash stays as it is.
fn json_unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        if let Some((character, length)) = (*byte == b'\\').then(|| escape(after)).flatten() {
            plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &after[length..];
        } else {
            plain.push(*byte);
            rest = after;
        }
    }
    plain
}

/// The character that an escape stands for, and how many bytes after the backslash spell it.
fn escape(after: &[u8]) -> Option<(char, usize)> {
    let simple = |character| Some((character, 1));
    match after.first()? {
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        character @ (b'"' | b'\'' | b'\\' | b'/') => simple(char::from(*character)),
        b'u' if after.get(1) == Some(&b'{') => {
            let length = after.iter().position(|byte| *byte == b'}')?;
            Some((char::from_u32(number(&after[2..length])?)?, length + 1))
        }
        b'u' => {
            let first = number(after.get(1..5)?)?;
            if let Some(character) = char::from_u32(first) {
                return Some((character, 5));
            }
            // A pair of surrogates: the second half is an escape of its own.
            let second = after.get(5..11)?.strip_prefix(b"\\u").and_then(number)?;
            let pair = char::decode_utf16([u16::try_from(first).ok()?, u16::try_from(second).ok()?]).next()?;
            Some((pair.ok()?, 11))
        }
        _ => None,
    }
}

/// Reads hexadecimal digits: one to eight, and nothing else.
fn number(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}
