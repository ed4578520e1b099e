//! An account that is named by its marker.

use std::fmt;
use std::str::FromStr;

use credjob_contract::{Marker, TaskMarker};

use crate::Identifier;

/// The lengths of a UUID's parts.
const UUID_PARTS: [usize; 5] = [8, 4, 4, 4, 12];
/// The hexadecimal digits of a marker's random part.
const RANDOM_DIGITS: usize = 12;

const _: () = assert!(Marker::LEN <= Identifier::MAX_BYTES, "a marker is a whole name, never a cut one");

/// The name of an account that this framework made: exactly a marker, `sm-<uuid>-<12 hex digits>`, 52 bytes.
///
/// Anything else is somebody else's account, and is never touched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccountName(String);

/// The text is no name of an account of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not have the form of a marker")]
pub struct NoAccountName;

impl AccountName {
    /// The name of the account that an attempt makes.
    pub fn of(marker: &Marker) -> Self {
        Self(marker.as_str().to_owned())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
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
        let lengths = UUID_PARTS.into_iter().chain([RANDOM_DIGITS]);
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

    const NAME: &str = "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-0001abcdefff";

    #[test]
    fn a_marker_is_a_name_that_reads_back() {
        let task = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10".parse().unwrap();
        let name = AccountName::of(&Marker::new(&task, [0, 1, 0xab, 0xcd, 0xef, 0xff]));
        assert_eq!(name.as_str(), NAME);
        assert_eq!(NAME.parse(), Ok(name));
        assert_eq!(AccountName::pattern(&TaskMarker::of(&task)), "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-%");
    }

    #[test]
    fn other_names_are_not_ours() {
        for text in [
            "",
            "sm-",
            "postgres",
            "sm-admin",
            &NAME[..51],
            &format!("{NAME}0"),
            &NAME.to_uppercase(),
            &format!(" {NAME}"),
        ] {
            assert_eq!(text.parse::<AccountName>(), Err(NoAccountName), "{text:?}");
        }
    }
}
