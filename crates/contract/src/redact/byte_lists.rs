//! A text written as the numbers of its bytes: `63:61:6e`, `0x63, 0x61, 0x6e`, Rust's `[99, 97, 110]`.

use zeroize::Zeroizing;

use super::MIN_SECRET_LEN;
use super::views::View;

/// The longest way to write a byte: `0x63`.
const LONGEST_NUMBER: usize = 4;

/// What may stand between two numbers, in any mix.
const fn separates(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' | b';' | b'-')
}

/// A quick look: false for nearly every text that holds no list.
pub(super) fn may_hold_one(text: &[u8]) -> bool {
    let (mut words, mut length) = (0, 0);
    for &byte in text {
        if byte.is_ascii_alphanumeric() {
            length += 1;
        } else if separates(byte) && length <= LONGEST_NUMBER {
            words += usize::from(length > 0);
            length = 0;
            // The last word of the list may end otherwise.
            if words == MIN_SECRET_LEN - 1 {
                return true;
            }
        } else {
            (words, length) = (0, 0);
        }
    }
    false
}

/// The text with each list of numbers in base `radix` read as bytes; `None` if it holds none.
pub(super) fn decoded(view: &View, radix: u32) -> Option<View> {
    let text: &[u8] = &view.bytes;
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut origins = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let list = list(&text[at..], radix);
        if list.count >= MIN_SECRET_LEN {
            let end = at + list.length;
            while at < end {
                if let Some((byte, length)) = number(&text[at..], radix) {
                    bytes.push(byte);
                    origins.push(view.origin(&(at..at + length)));
                    at += length;
                } else {
                    at += 1;
                }
            }
        } else {
            // At least one byte, and a word as a whole: a number does not begin within one.
            let word = text[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let end = at + list.length.max(word).max(1);
            bytes.extend_from_slice(&text[at..end]);
            origins.extend_from_slice(&view.origins[at..end]);
            at = end;
        }
    }
    (bytes.len() < text.len()).then_some(View { bytes, origins })
}

/// How many numbers follow one another at the start of a text, and up to where.
struct List {
    count: usize,
    length: usize,
}

fn list(text: &[u8], radix: u32) -> List {
    let mut list = List { count: 0, length: 0 };
    let mut at = 0;
    while let Some((_, length)) = number(&text[at..], radix) {
        list = List { count: list.count + 1, length: at + length };
        let gap = text[list.length..].iter().take_while(|byte| separates(**byte)).count();
        if gap == 0 {
            break;
        }
        at = list.length + gap;
    }
    list
}

/// The number of a byte at the start of a text, and its length: up to two hexadecimal digits, also behind `0x`, or up to three decimal ones.
fn number(text: &[u8], radix: u32) -> Option<(u8, usize)> {
    let prefix = if radix == 16 && text.starts_with(b"0x") { 2 } else { 0 };
    let digits = text[prefix..].iter().take(LONGEST_NUMBER).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let number = std::str::from_utf8(&text[prefix..prefix + digits]).ok()?;
    Some((u8::from_str_radix(number, radix).ok()?, prefix + digits))
}
