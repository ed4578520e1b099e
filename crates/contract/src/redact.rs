//! The run's redactor: a process-wide list of secret values and of what they look like once they are encoded (DESIGN 3,
//! promise 5).
//!
//! Whatever leaves the process as text passes [`redact`]: log lines, task errors, panic messages. A registered value is
//! found
//!
//! - raw, also as a single line of a multi-line value;
//! - in base64, standard and URL-safe, at each of the three alignments, so also inside a longer encoded text such as a
//!   `Basic` header;
//! - in hexadecimal, lower or upper case;
//! - URL-encoded, in any mix of encoded and plain characters;
//! - escaped as in JSON or in Rust's `Debug`, in any mix, and JSON inside JSON;
//! - in up to four layers of the last two, so that a secret in a JSON body quoted by a JSON log line is
//!   found as well;
//! - as a list of its bytes, hexadecimal or decimal: `63:61:6e`, `0x63, 0x61, 0x6e`, Rust's `[99, 97, 110]`.
//!
//! The first three are searched as patterns. For the others the *text* is decoded, since an encoder is free in what
//! it escapes.
//!
//! # Limits
//!
//! Out of reach is whatever does not hold the whole value in one text: a part of it (half a token in an error body), a
//! value that is split over two log fields or two lines, base64 that is broken into lines within the value; and whatever
//! takes more than decoding: compression, encryption, other alphabets. Texts of more than [`MAX_TEXT`] bytes are left out.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

mod byte_lists;
mod encodings;
mod registry;
mod views;

use registry::Registry;

/// What stands in place of a secret.
pub const REDACTED: &str = "[redacted]";

/// The shortest value in bytes that can be registered. It is the shortest password that the service accepts for its own
/// `username_password` secrets (PROTOCOL 4.9); anything shorter would also blank out ids and words that the log needs.
pub const MIN_SECRET_LEN: usize = 6;

/// The longest text in bytes that is searched; a longer one is left out as a whole, since a cut could halve a secret. Decoding takes some eighty
/// times the memory of a text, and a server chooses how long its error texts are. The longest text on purpose, a task error, has 4096 characters.
pub const MAX_TEXT: usize = 64 * 1024;

static REGISTRY: RwLock<Registry> = RwLock::new(Registry::new());

/// Lets a text pass without taking the lock while nothing is registered.
static ANY: AtomicBool = AtomicBool::new(false);

/// Registers a secret value until [`wipe`]. Values below [`MIN_SECRET_LEN`] bytes are not registered. Doing it twice is
/// cheap.
pub fn register(value: &[u8]) {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    registry.register(value);
    ANY.store(!registry.is_empty(), Ordering::Release);
}

/// The text with every registered value replaced by [`REDACTED`]. Borrowed if there is none in it. A text above [`MAX_TEXT`] is left out.
pub fn redact(text: &str) -> Cow<'_, str> {
    match searched(text.as_bytes()) {
        Some(spans) => replaced(text, spans),
        None => Cow::Owned(left_out(text.len())),
    }
}

/// The beginning of a text that somebody else wrote, fit for one line of an error text: redacted before it is cut to
/// `max_chars` characters, since half a secret is not recognised; control characters become spaces. It is redacted once more after
/// that, since a secret of several words may have been wrapped.
pub fn excerpt(text: &str, max_chars: usize) -> String {
    let one_line: String = redact(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    redact(&one_line).chars().take(max_chars).collect()
}

/// As [`redact`], for output that may not be UTF-8.
pub fn redact_bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some(spans) = searched(bytes) else { return Cow::Owned(left_out(bytes.len()).into_bytes()) };
    if spans.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let mut clean = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for span in spans {
        clean.extend_from_slice(&bytes[from..span.start]);
        clean.extend_from_slice(REDACTED.as_bytes());
        from = span.end;
    }
    clean.extend_from_slice(&bytes[from..]);
    Cow::Owned(clean)
}

/// Forgets every value and overwrites the redactor's copies. Call it last: what is written afterwards is not redacted.
pub fn wipe() {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    registry.wipe();
    ANY.store(false, Ordering::Release);
}

/// Where registered values stand; `None` for a text that is too long to be searched.
fn searched(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    if !ANY.load(Ordering::Acquire) {
        return Some(Vec::new());
    }
    let registry = || REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    (bytes.len() <= MAX_TEXT).then(|| registry().spans(bytes))
}

/// Stands in place of a text that is too long.
fn left_out(bytes: usize) -> String {
    format!("[{bytes} bytes left out]")
}

fn replaced(text: &str, spans: Vec<Range<usize>>) -> Cow<'_, str> {
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans.into_iter().map(|span| to_char_boundaries(text, span)) {
        // Two spans can meet once they are widened to whole characters.
        if span.start >= from {
            clean.push_str(&text[from..span.start]);
            clean.push_str(REDACTED);
        }
        from = from.max(span.end);
    }
    clean.push_str(&text[from..]);
    Cow::Owned(clean)
}

/// A secret of arbitrary bytes can begin or end within a character.
fn to_char_boundaries(text: &str, span: Range<usize>) -> Range<usize> {
    let start = (0..=span.start).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let end = (span.end..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    start..end
}

#[cfg(test)]
mod tests;
