//! The id of a token.

use std::fmt;
use std::str::FromStr;

/// The id of a token: a UUID (PROVIDERS 1), and nothing else.
///
/// It becomes the last part of a URL. An empty id would call another route there, and `me` would mean the login itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenId(String);

/// The text is no UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoTokenId;

/// Lengths of the groups of a UUID (RFC 9562 section 4).
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

impl FromStr for TokenId {
    type Err = NoTokenId;

    fn from_str(text: &str) -> Result<Self, NoTokenId> {
        let groups = text.split('-');
        let lengths = groups.clone().map(str::len);
        let hex = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
        if lengths.eq(GROUPS) && groups.into_iter().all(hex) { Ok(Self(text.to_owned())) } else { Err(NoTokenId) }
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_an_id() {
        for id in ["7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c", "7E0EEC6B-6D2F-4A6E-9F6B-0D9E8F7A6B5C"] {
            assert_eq!(id.parse::<TokenId>().map(|id| id.to_string()).as_deref(), Ok(id));
        }
    }

    #[test]
    fn nothing_else_is_an_id() {
        for text in [
            "",
            "me",
            "revoke",
            "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5",
            "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c-",
            "7e0eec6b6d2f4a6e9f6b0d9e8f7a6b5c",
            "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5g",
            "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c ",
            "../7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b",
            "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c/",
        ] {
            assert_eq!(text.parse::<TokenId>(), Err(NoTokenId), "{text:?}");
        }
    }
}
