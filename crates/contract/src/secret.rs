//! A value that must not leave the process by accident.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::{Zeroize, Zeroizing};

use crate::redact;

/// What a [`Secret`] can hold.
pub trait SecretContent: Zeroize {
    /// The bytes that the redactor must look for.
    fn secret_bytes(&self) -> &[u8];
}

impl SecretContent for String {
    fn secret_bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl SecretContent for Vec<u8> {
    fn secret_bytes(&self) -> &[u8] {
        self
    }
}

/// A secret value. It is registered with the redactor at once, wiped when dropped, and has no `Display`, no `Serialize`
/// and no revealing `Debug`. Reading it takes an explicit [`Secret::expose`].
#[derive(Clone)]
pub struct Secret<T: SecretContent>(Zeroizing<T>);

impl<T: SecretContent> Secret<T> {
    /// Wraps a value and registers it with the run's redactor (values below [`redact::MIN_SECRET_LEN`] bytes cannot be
    /// redacted).
    pub fn new(value: T) -> Self {
        redact::register(value.secret_bytes());
        Self(Zeroizing::new(value))
    }

    /// The value itself. Do not put it into a log, an error or a URL.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: SecretContent> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", redact::REDACTED)
    }
}

impl From<String> for Secret<String> {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self::new(value.to_owned())
    }
}

impl From<Vec<u8>> for Secret<Vec<u8>> {
    fn from(value: Vec<u8>) -> Self {
        Self::new(value)
    }
}

impl<'de> Deserialize<'de> for Secret<String> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_value() {
        let secret = Secret::from("secret-debug-canary");
        assert_eq!(format!("{secret:?}"), "Secret([redacted])");
        assert_eq!(format!("{:#?}", Some(&secret)), "Some(\n    Secret([redacted]),\n)");
    }

    #[test]
    fn a_new_secret_is_known_to_the_redactor() {
        let _secret = Secret::from("secret-new-canary");
        assert_eq!(redact::redact("x secret-new-canary y"), "x [redacted] y");
    }

    #[test]
    fn a_deserialized_secret_is_known_to_the_redactor() {
        let secret: Secret<String> = serde_json::from_str("\"secret-serde-canary\"").unwrap();
        assert_eq!(secret.expose(), "secret-serde-canary");
        assert_eq!(redact::redact("secret-serde-canary"), redact::REDACTED);
    }

    #[test]
    fn bytes_are_known_to_the_redactor() {
        let secret = Secret::new(b"secret-bytes-canary".to_vec());
        assert_eq!(redact::redact("secret-bytes-canary"), redact::REDACTED);
        assert_eq!(secret.expose(), b"secret-bytes-canary");
    }

    #[test]
    fn a_clone_exposes_the_same_value() {
        let secret = Secret::from("secret-clone-canary");
        assert_eq!(secret.clone().expose(), secret.expose());
    }

    #[test]
    fn the_error_of_a_value_of_another_type_stays_silent_about_secrets() {
        let error = serde_json::from_str::<Secret<String>>("{\"a\":\"x\"}").unwrap_err();
        assert!(error.to_string().starts_with("invalid type: map, expected a string"));
    }
}
