//! Which server an account was made on, in few characters.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// The first four bytes of the SHA-256 of a server's `host:port` in lower case; shown as 8 hexadecimal digits.
///
/// It tells the servers of one operator apart. It is too short to withstand somebody who looks for a host name that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(u32);

impl Fingerprint {
    /// The length as text.
    pub const DIGITS: usize = 8;

    /// The fingerprint of the server that is addressed as `host:port`. Another address gives another fingerprint, even if it
    /// leads to the same server.
    pub fn of(server: &str) -> Self {
        let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(server.to_lowercase()).into();
        Self(u32::from_be_bytes([a, b, c, d]))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_never_change() {
        // printf '%s' "$server" | sha256sum
        for (server, expected) in [
            ("db.example.com:5432", "9039ab61"),
            ("DB.Example.com:5432", "9039ab61"),
            ("db.example.com:5433", "8eb3a30d"),
            ("[::1]:5432", "7dfe936e"),
        ] {
            assert_eq!(Fingerprint::of(server).to_string(), expected, "{server}");
        }
    }

    #[test]
    fn zeros_at_the_beginning_stay() {
        assert_eq!(Fingerprint(0xab).to_string(), "000000ab");
        assert_eq!(Fingerprint(0).to_string().len(), Fingerprint::DIGITS);
    }
}
