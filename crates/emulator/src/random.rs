//! Random ids and keys.

use std::fmt::Write as _;

/// A random UUID of version 4, in the form of every id of the service (PROTOCOL 5.3).
pub(crate) fn uuid() -> String {
    let mut bytes = bytes::<16>();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        push_hex(&mut text, *byte);
    }
    text
}

/// 44 letters and digits, the length of an IBM API key.
pub(crate) fn api_key() -> String {
    let mut key = String::with_capacity(44);
    for byte in bytes::<22>() {
        push_hex(&mut key, byte);
    }
    key
}

fn push_hex(text: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(text, "{byte:02x}");
}

#[expect(clippy::expect_used, reason = "an operating system without randomness cannot run an emulator")]
fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_pattern_of_the_service() {
        let id = uuid();
        assert_eq!(id.len(), 36);
        assert!(crate::patterns::is_uuid(&id), "{id}");
        assert_ne!(id, uuid());
    }

    #[test]
    fn keys_are_long_and_plain() {
        assert_eq!(api_key().len(), 44);
    }
}
