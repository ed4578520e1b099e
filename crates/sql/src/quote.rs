//! Where a text becomes a part of a statement. Names cannot be bound as parameters, so they are quoted here and nowhere else.

use std::fmt;
use std::str::FromStr;

/// A name in a database: a role, a schema, a table. Its `Display` is quoted and may stand in a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identifier(String);

/// Why a text cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// It has no characters.
    #[error("is empty")]
    Empty,
    /// The server would cut it silently, and then it would be another name.
    #[error("is longer than {} bytes", Identifier::MAX_BYTES)]
    TooLong,
    /// A NUL byte ends a text in the server's protocol.
    #[error("holds a NUL character")]
    Nul,
}

impl Identifier {
    /// `NAMEDATALEN - 1`: longer names are cut by PostgreSQL (its manual, section 4.1.1).
    pub const MAX_BYTES: usize = 63;

    /// The name itself, unquoted: for a bound parameter or for people.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Identifier {
    type Err = IdentifierError;

    fn from_str(name: &str) -> Result<Self, IdentifierError> {
        match name {
            "" => Err(IdentifierError::Empty),
            _ if name.len() > Self::MAX_BYTES => Err(IdentifierError::TooLong),
            _ if name.contains('\0') => Err(IdentifierError::Nul),
            _ => Ok(Self(name.to_owned())),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

/// A text as a string literal. Right with `standard_conforming_strings` on and off: a backslash makes it an `E''` literal.
/// A NUL, which no text of the server can hold, ends it.
pub fn literal(text: &str) -> String {
    let text = text.split('\0').next().unwrap_or_default();
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        // The space keeps the prefix apart from a word before it.
        return format!(" E'{}'", quoted.replace('\\', "\\\\"));
    }
    format!("'{quoted}'")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quoted(name: &str) -> Result<String, IdentifierError> {
        name.parse::<Identifier>().map(|name| name.to_string())
    }

    #[test]
    fn quotes_in_names_are_doubled() {
        assert_eq!(quoted("plain").as_deref(), Ok("\"plain\""));
        assert_eq!(quoted(r#"a"; DROP ROLE b; --"#).as_deref(), Ok(r#""a""; DROP ROLE b; --""#));
    }

    #[test]
    fn names_that_the_server_would_change_are_refused() {
        assert_eq!(quoted(""), Err(IdentifierError::Empty));
        assert_eq!(quoted("a\0b"), Err(IdentifierError::Nul));
        assert!(quoted(&"a".repeat(63)).is_ok());
        assert_eq!(quoted(&"a".repeat(64)), Err(IdentifierError::TooLong));
        assert_eq!(quoted(&"ä".repeat(32)), Err(IdentifierError::TooLong), "bytes count, not characters");
    }

    #[test]
    fn literals_are_safe_with_and_without_standard_conforming_strings() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal(r"a\' OR 1"), r" E'a\\'' OR 1'");
        assert_eq!(literal("a\0b"), "'a'");
    }

    proptest! {
        #[test]
        fn a_quoted_name_reads_back_as_itself(name in "[^\0]{1,15}") {
            let quoted = super::tests::quoted(&name).unwrap();
            let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap();
            prop_assert_eq!(inside.replace("\"\"", "\""), name);
            prop_assert!(!inside.replace("\"\"", "").contains('"'));
        }
    }
}
