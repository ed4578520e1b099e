//! What a broken promise is.

use std::fmt;
use std::time::Duration;

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Broken {
    /// 1: the version of this task names a credential that does not work.
    Dangling(String),
    /// 2: a credential without an owner, and no run with exit code 4 or 5 has named it.
    Orphan(String),
    /// 2: the same, of an instance beside the one whose credential is published.
    LosersOrphan(String),
    /// 2: a credential without an owner that was named, although a re-run could have deleted it.
    Avoidable(String),
    /// 2: a run ended with 0 or 3, "nothing is left behind", and something was there when it looked last.
    FalseAllClear(String),
    /// 2: exit code 4 or 5, and no log event names anything.
    NothingNamed(u8),
    /// 3: the task says that the credential is deleted; it works.
    FalseDelete(String),
    /// 4: the task was never told, and nothing kept the last run from it.
    Unreported,
    /// 4: exit code 0, and the task is still open.
    FalseDone,
    /// 5: a secret in the output or on the task.
    Leak(String),
    /// 6: a run took longer than its deadline, or than SIGTERM leaves.
    TooLong(Duration),
    /// 6: another task update after a 400 or 404 to one.
    UpdateAfterRefusal,
    /// DESIGN 6: a credential that this task has nothing to do with was deleted.
    StrangerHarmed(String),
    /// The run itself panicked.
    Crashed,
}

impl Broken {
    /// The line of the promise, in a few words.
    pub fn line(&self) -> &'static str {
        match self {
            Self::Dangling(_) => "1 no dangling",
            Self::Orphan(_)
            | Self::LosersOrphan(_)
            | Self::Avoidable(_)
            | Self::FalseAllClear(_)
            | Self::NothingNamed(_) => "2 no orphan",
            Self::FalseDelete(_) => "3 no false delete",
            Self::Unreported | Self::FalseDone => "4 always reported",
            Self::Leak(_) => "5 no leak",
            Self::TooLong(_) | Self::UpdateAfterRefusal => "6 bounded",
            Self::StrangerHarmed(_) => "strangers are left alone",
            Self::Crashed => "the run does not panic",
        }
    }

    /// Whether `other` is of the same kind.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dangling(id) => write!(f, "dangling: the version owns `{id}`, which does not work"),
            Self::Orphan(id) => write!(f, "orphan: `{id}` has no owner, and no run with exit code 4 or 5 has named it"),
            Self::LosersOrphan(id) => {
                write!(f, "orphan beside another instance's credential: `{id}` has no owner, and no run has named it")
            }
            Self::Avoidable(id) => {
                write!(f, "avoidable orphan: `{id}` has no owner and was named, but a re-run could have deleted it")
            }
            Self::FalseAllClear(id) => {
                write!(f, "false all-clear: a run said that nothing is left, but `{id}` was there when it looked")
            }
            Self::NothingNamed(exit) => write!(f, "exit code {exit} without an event that names anything"),
            Self::FalseDelete(id) => write!(f, "false delete: the task says deleted, but `{id}` works"),
            Self::Unreported => f.write_str("unreported: the task is open, and nothing kept the last run from it"),
            Self::FalseDone => f.write_str("exit code 0, but the task is open"),
            Self::Leak(name) => write!(f, "leak: `{name}` left the process"),
            Self::TooLong(took) => write!(f, "unbounded: {took:?}"),
            Self::UpdateAfterRefusal => f.write_str("a task update after a 400 or 404 to one"),
            Self::StrangerHarmed(id) => write!(f, "`{id}` belongs to somebody else and was deleted"),
            Self::Crashed => f.write_str("the run panicked"),
        }
    }
}
