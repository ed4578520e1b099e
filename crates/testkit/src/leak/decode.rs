//! What a text looks like once it is decoded.

use std::borrow::Cow;

/// How many decodings are tried one after the other: JSON in a JSON body, by its `Debug` in a JSON log line, needs four.
const LAYERS: usize = 4;

/// How a text around a secret can be encoded.
pub(super) const DECODINGS: [&str; 3] = ["URL decoding", "form decoding", "JSON unescaping"];

type Decoder = fn(&[u8]) -> Vec<u8>;

/// In the order of [`DECODINGS`].
const DECODERS: [Decoder; 3] = [url_decoded, form_decoded, json_unescaped];

/// A text, or what a decoding made of it.
pub(super) struct View<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// One of [`DECODINGS`] for each layer, the outermost first.
    pub(super) decoded: Vec<&'static str>,
}

/// The text itself and every different result of decoding it.
pub(super) fn views(bytes: &[u8]) -> Vec<View<'_>> {
    let mut views = vec![View { bytes: Cow::Borrowed(bytes), decoded: Vec::new() }];
    let mut from = 0;
    for _ in 0..LAYERS {
        let layer = from..views.len();
        from = views.len();
        for index in layer {
            for (name, decode) in DECODINGS.into_iter().zip(DECODERS) {
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

/// As in the body of a form: `+` is a space.
fn form_decoded(text: &[u8]) -> Vec<u8> {
    url_decoded(&text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect::<Vec<_>>())
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
