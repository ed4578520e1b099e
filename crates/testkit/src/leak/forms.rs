//! What a secret looks like where it is not spelled out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The shortest line of a multi-line secret that is looked for on its own.
const MIN_LINE: usize = 16;

/// The shortest secret whose halves are looked for too: whoever cuts a text before it is redacted lets half a secret out.
const MIN_HALVED: usize = 24;

/// What frames a PEM block; it is in every key and gives none away.
const PEM_FRAME: &[u8] = b"-----";

/// How a secret can be written, without the decodings of the text around it.
pub(super) const FORMS: [&str; 8] =
    [RAW, LINE, HALF, "base64", "URL-safe base64", "hexadecimal", "hexadecimal with separators", "a list of its bytes"];

const RAW: &str = "raw";
const LINE: &str = "one of its lines";
pub(super) const HALF: &str = "half of it";

/// Everything that gives a secret away, and how it is written there. No pattern is empty.
pub(super) fn patterns(value: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut patterns = vec![(RAW, value.to_vec())];
    for digits in [b"0123456789abcdef", b"0123456789ABCDEF"] {
        patterns.push(("hexadecimal", hex(value, digits, b"")));
        for separator in [":", "-", " ", ", "] {
            patterns.push(("hexadecimal with separators", hex(value, digits, separator.as_bytes())));
        }
        patterns.push(("a list of its bytes", hex(value, digits, b", 0x")));
    }
    let numbers: Vec<String> = value.iter().map(u8::to_string).collect();
    for separator in [", ", ",", " "] {
        patterns.push(("a list of its bytes", numbers.join(separator).into_bytes()));
    }
    for skipped in 0..3 {
        let standard = base64_inside(value, skipped);
        patterns.push(("URL-safe base64", url_safe(&standard)));
        patterns.push(("base64", standard));
    }
    let lines: Vec<&[u8]> = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).collect();
    if lines.len() > 1 {
        let telling = lines.into_iter().filter(|line| line.len() >= MIN_LINE && !line.starts_with(PEM_FRAME));
        patterns.extend(telling.map(|line| (LINE, line.to_vec())));
    }
    if value.len() >= MIN_HALVED && !value.starts_with(PEM_FRAME) {
        let (first, second) = value.split_at(value.len() / 2);
        patterns.extend([(HALF, first.to_vec()), (HALF, second.to_vec())]);
    }
    patterns
}

fn hex(value: &[u8], digits: &[u8; 16], separator: &[u8]) -> Vec<u8> {
    let pairs: Vec<[u8; 2]> =
        value.iter().map(|byte| [digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]).collect();
    pairs.iter().map(<[u8; 2]>::as_slice).collect::<Vec<_>>().join(separator)
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
