//! What a provider got wrong.

use std::fmt;

use super::rule::Rule;
use crate::target::TargetError;

/// A rule that the provider does not keep, or a target that could not be used. The text says what to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    text: String,
    of_target: bool,
}

/// How a check ended.
pub type Verdict = Result<(), Broken>;

impl Broken {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), of_target: false }
    }

    /// The same, with the place where it was found in front.
    pub(super) fn at(self, place: impl fmt::Display) -> Self {
        Self { text: format!("{place}: {}", self.text), ..self }
    }

    /// What to do about it.
    pub(super) fn fix(&self, rule: &Rule) -> &'static str {
        if self.of_target {
            "make the target of the tests work; this says nothing about the provider"
        } else {
            rule.fix
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Broken {}

impl From<TargetError> for Broken {
    fn from(error: TargetError) -> Self {
        Self { text: format!("the target cannot be used: {error}"), of_target: true }
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
