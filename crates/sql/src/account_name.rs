//! An account that is named by its marker and its server.

use std::fmt;
use std::str::FromStr;

use credjob_contract::{Marker, TaskMarker};

use crate::{Fingerprint, Identifier};

/// The lengths of a UUID's parts.
const UUID_PARTS: [usize; 5] = [8, 4, 4, 4, 12];
/// The hexadecimal digits of a marker's random part.
const RANDOM_DIGITS: usize = 12;

const _: () = assert!(AccountName::LEN <= Identifier::MAX_BYTES, "a name is whole, never cut");

/// The name of an account that this framework made: a marker and the fingerprint of the server,
/// `sm-<uuid>-<12 hex digits>-<8 hex digits>`, 61 bytes.
///
/// Anything else is somebody else's account, and is never touched. The name alone says on which server the account lives, so
/// that it can serve as credentials id: a server that does not know the name is believed only if it is that server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccountName(String);

/// The text is no name of an account of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not have the form of a marker with the fingerprint of a server")]
pub struct NoAccountName;

impl AccountName {
    /// The length in bytes: a marker, a dash and a fingerprint.
    pub const LEN: usize = Marker::LEN + 1 + Fingerprint::DIGITS;

    /// The name of the account that an attempt makes on a server.
    pub fn of(marker: &Marker, server: Fingerprint) -> Self {
        Self(format!("{marker}-{server}"))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The marker of the attempt that made the account.
    pub fn marker(&self) -> &str {
        self.0.rsplit_once('-').map_or(&self.0, |(marker, _)| marker)
    }

    /// Whether the account was made on this server.
    pub fn is_on(&self, server: Fingerprint) -> bool {
        self.0.rsplit_once('-').is_some_and(|(_, own)| own == server.to_string())
    }

    /// A `LIKE` pattern that finds the accounts of a task. A marker has no character that means something in a pattern.
    pub fn pattern(task: &TaskMarker) -> String {
        format!("{task}-%")
    }
}

impl FromStr for AccountName {
    type Err = NoAccountName;

    fn from_str(text: &str) -> Result<Self, NoAccountName> {
        let rest = text.strip_prefix("sm-").ok_or(NoAccountName)?;
        let parts: Vec<&str> = rest.split('-').collect();
        let lengths = UUID_PARTS.into_iter().chain([RANDOM_DIGITS, Fingerprint::DIGITS]);
        let hex = |part: &&str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if parts.iter().map(|part| part.len()).eq(lengths) && parts.iter().all(hex) {
            return Ok(Self(text.to_owned()));
        }
        Err(NoAccountName)
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKER: &str = "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-0001abcdefff";
    const NAME: &str = "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-0001abcdefff-9039ab61";

    #[test]
    fn a_marker_and_a_server_are_a_name_that_reads_back() {
        let task = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10".parse().unwrap();
        let marker = Marker::new(&task, [0, 1, 0xab, 0xcd, 0xef, 0xff]);
        let name = AccountName::of(&marker, Fingerprint::of("db.example.com:5432"));
        assert_eq!((name.as_str(), name.as_str().len()), (NAME, AccountName::LEN));
        assert_eq!(NAME.parse(), Ok(name.clone()));
        assert!(marker.owns(name.marker()), "{}", name.marker());
        assert_eq!(AccountName::pattern(&TaskMarker::of(&task)), "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-%");
    }

    #[test]
    fn a_name_knows_its_server_and_no_other() {
        let name: AccountName = NAME.parse().unwrap();
        assert!(name.is_on(Fingerprint::of("db.example.com:5432")));
        assert!(name.is_on(Fingerprint::of("DB.Example.com:5432")), "case does not matter");
        assert!(!name.is_on(Fingerprint::of("db.example.com:5433")));
        assert!(!name.is_on(Fingerprint::of("db.example.co:5432")));
    }

    #[test]
    fn other_names_are_not_ours() {
        for text in [
            "",
            "sm-",
            "postgres",
            "sm-admin",
            MARKER,
            &format!("{MARKER}-"),
            &format!("{MARKER}@db.example.com:5432"),
            &NAME[..60],
            &NAME[1..],
            &format!("{NAME}0"),
            &NAME.to_uppercase(),
            &format!(" {NAME}"),
        ] {
            assert_eq!(text.parse::<AccountName>(), Err(NoAccountName), "{text:?}");
        }
    }
}
