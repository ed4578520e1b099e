//! Exit codes of a job: a contract with whoever runs it (DESIGN 6).

use std::fmt;

/// How a job run ended. Code Engine starts the container again after any code but 0, up to the job's retry limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// 0: the task is final, gone, or has refused us for good (400/404), and nothing is left behind.
    Done = 0,
    /// 2: the task cannot be addressed (environment incomplete), or bad usage.
    CannotAddress = 2,
    /// 3: nothing was reported, nothing is left behind.
    NothingReported = 3,
    /// 4: a credential is, or may be, orphaned; its id or marker is in the log.
    Orphan = 4,
    /// 5: a credential was kept because a version may own it; its id is in the log.
    Kept = 5,
}

impl Exit {
    /// Every exit code, smallest first.
    pub const ALL: &'static [Self] =
        &[Self::Done, Self::CannotAddress, Self::NothingReported, Self::Orphan, Self::Kept];

    /// The process exit code.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What the code says, in one sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "The task is final, gone, or has refused us for good, and nothing is left behind.",
            Self::CannotAddress => {
                "The task cannot be addressed because the environment is incomplete, or the usage was wrong."
            }
            Self::NothingReported => "Nothing was reported, and nothing is left behind.",
            Self::Orphan => "A credential is, or may be, orphaned; its id or marker is in the log.",
            Self::Kept => "A credential was kept because a version may own it; its id is in the log.",
        }
    }

    /// What a re-run of the container does after this code.
    pub const fn rerun(self) -> &'static str {
        match self {
            Self::Done => "not asked for",
            Self::CannotAddress => "useless",
            Self::NothingReported => "closes the task",
            Self::Orphan => "cleans",
            Self::Kept => "closes, then cleans",
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code(), self.meaning())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_design() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [0, 2, 3, 4, 5]);
    }

    #[test]
    fn every_code_has_a_meaning_of_its_own() {
        for (at, exit) in Exit::ALL.iter().enumerate() {
            assert!(
                Exit::ALL[..at].iter().all(|other| other.meaning() != exit.meaning() && other.rerun() != exit.rerun())
            );
        }
    }

    #[test]
    fn display_shows_code_and_meaning() {
        assert_eq!(Exit::NothingReported.to_string(), "3 (Nothing was reported, and nothing is left behind.)");
    }
}
