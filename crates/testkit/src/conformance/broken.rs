//! What a provider got wrong.

use std::fmt;

use crate::target::TargetError;

/// A rule that the provider does not keep, or a target that could not be used. The text says what to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken(String);

/// How a check ended.
pub type Verdict = Result<(), Broken>;

impl Broken {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The same, with the place where it was found in front.
    pub(super) fn at(self, place: impl fmt::Display) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Broken {}

impl From<TargetError> for Broken {
    fn from(error: TargetError) -> Self {
        Self(format!("the target cannot be used: {error}"))
    }
}

/// Ends a check unless the condition holds.
macro_rules! ensure {
    ($holds:expr, $($text:tt)+) => {
        if !$holds {
            return Err($crate::conformance::broken::Broken::new(format!($($text)+)));
        }
    };
}

pub(super) use ensure;
