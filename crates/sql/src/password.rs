//! Passwords that a machine makes and a machine types.

use credjob_contract::Secret;
use zeroize::Zeroizing;

/// 64 characters, so that six random bits choose one without bias. All of them stand for themselves in a URL (RFC 3986
/// section 2.3), in `.pgpass` (which gives `:` and `\` a meaning), in a shell word and in a `key=value` string.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What a password must be. It always begins with a letter and holds upper case, lower case and a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    length: usize,
}

/// The random source gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct PasswordError;

impl PasswordPolicy {
    /// 48 characters, some 287 bits. Clients and poolers are known to cut or refuse passwords of 64 and more.
    pub const STRONG: Self = Self { length: 48 };

    /// Draws a password. `fill` fills a slice with random bytes fit for keys.
    ///
    /// Whole candidates are drawn until one fits, so all passwords that fit are equally likely.
    ///
    /// # Errors
    /// [`PasswordError`] if `fill` fails.
    pub fn generate<E>(
        self,
        mut fill: impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<Secret<String>, PasswordError> {
        let mut random = Zeroizing::new(vec![0; self.length]);
        loop {
            fill(&mut random).map_err(|_| PasswordError)?;
            let mut candidate = Zeroizing::new(String::with_capacity(self.length));
            candidate.extend(random.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 63)])));
            if self.fits(&candidate) {
                return Ok(Secret::new(candidate.to_string()));
            }
        }
    }

    /// Whether a text keeps the policy.
    pub fn fits(self, text: &str) -> bool {
        text.len() == self.length
            && text.bytes().all(|byte| ALPHABET.contains(&byte))
            && text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().any(|byte| byte.is_ascii_uppercase())
            && text.bytes().any(|byte| byte.is_ascii_lowercase())
            && text.bytes().any(|byte| byte.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator (xorshift), so that the test is the same every time.
    fn source() -> impl FnMut(&mut [u8]) -> Result<(), ()> {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        move |target| {
            for byte in target {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                *byte = state.to_le_bytes()[3];
            }
            Ok(())
        }
    }

    #[test]
    fn every_password_keeps_the_policy() {
        let mut source = source();
        for _ in 0..500 {
            let password = PasswordPolicy::STRONG.generate(&mut source).unwrap();
            assert!(PasswordPolicy::STRONG.fits(password.expose()));
        }
    }

    #[test]
    fn every_character_is_equally_likely() {
        let (mut source, mut counts) = (source(), [0_i32; 64]);
        for _ in 0..2_000 {
            let password = PasswordPolicy::STRONG.generate(&mut source).unwrap();
            // The first character is a letter by policy.
            for byte in password.expose().bytes().skip(1) {
                counts[ALPHABET.iter().position(|known| *known == byte).unwrap()] += 1;
            }
        }
        let expected = 2_000 * 47 / 64;
        let off = counts.iter().filter(|count| (*count - expected).abs() > expected / 6);
        assert_eq!(off.count(), 0, "{counts:?}");
    }

    #[test]
    fn without_randomness_there_is_no_password() {
        assert!(PasswordPolicy::STRONG.generate(|_: &mut [u8]| Err(())).is_err());
    }

    #[test]
    fn what_misses_a_class_does_not_fit() {
        for text in ["a".repeat(48), "A1".repeat(24), format!("-{}", "aA1".repeat(16)), "aA1:".repeat(12)] {
            assert!(!PasswordPolicy::STRONG.fits(&text), "{text}");
        }
    }
}
