//! PEM text (RFC 7468) in memory that is wiped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// RFC 7468 section 2: characters of a full line.
const LINE: usize = 64;

/// Encodes `der` under `label`.
pub(super) fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    let mut base64 = Zeroizing::new(String::with_capacity(der.len().div_ceil(3) * 4));
    STANDARD.encode_string(der, &mut base64);
    // Room for everything at once: a text that grows leaves copies behind.
    let room = base64.len() + base64.len().div_ceil(LINE) + 2 * ("-----BEGIN -----\n".len() + label.len());
    let mut pem = Zeroizing::new(String::with_capacity(room));
    pem.extend(["-----BEGIN ", label, "-----\n"]);
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        // base64 is ASCII: every byte is a character.
        let (line, after) = rest.split_at(rest.len().min(LINE));
        pem.extend([line, "\n"]);
        rest = after;
    }
    pem.extend(["-----END ", label, "-----\n"]);
    pem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_64_characters_and_the_last_the_rest() {
        let pem = encode("THING", &[0; 60]);
        let lines: Vec<_> = pem.lines().collect();
        assert_eq!(lines, ["-----BEGIN THING-----", &"A".repeat(64), &"A".repeat(16), "-----END THING-----"]);
        assert!(pem.ends_with("-----\n"));
    }

    #[test]
    fn the_text_never_grows_past_its_first_room() {
        for length in [1, 47, 48, 49, 1217] {
            let pem = encode("PRIVATE KEY", &vec![7; length]);
            assert!(pem.capacity() < pem.len() + LINE, "{length}");
        }
    }
}
