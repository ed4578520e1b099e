//! Failures: a stable code, a text for the user, and a chain of sources for the log (DESIGN 9).

use std::error::Error;
use std::fmt;

use crate::codes;
use crate::ids::IdError;
use crate::redact::redact;
use crate::task::TaskError;

/// Why a step of a job did not succeed.
///
/// It carries two texts. The *message* is posted to the task: what failed, which host, what to do; short, without
/// driver text. The *source chain* is logged once. Both are redacted.
pub struct Failure {
    code: &'static str,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
    nothing_created: bool,
    transient: bool,
    outcome_unknown: bool,
}

impl Failure {
    /// A failure with a stable code (documented in a [`CodeInfo`]) and a message for the user.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: redact(&message.into()).into_owned(),
            source: None,
            nothing_created: false,
            transient: false,
            outcome_unknown: false,
        }
    }

    /// Keeps the error that caused this failure, for the log only.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Declares that nothing was created, so that no leftovers need to be looked for.
    pub fn nothing_created(mut self) -> Self {
        self.nothing_created = true;
        self
    }

    /// Declares that the same step may succeed if it is repeated.
    pub fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    /// Declares that a request was sent and that nobody can tell whether it was applied.
    pub fn outcome_unknown(mut self) -> Self {
        self.outcome_unknown = true;
        self
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        self.code
    }

    /// The text for the user.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether nothing was created. See [`Failure::nothing_created`].
    pub fn is_nothing_created(&self) -> bool {
        self.nothing_created
    }

    /// Whether a repetition may succeed. See [`Failure::transient`].
    pub fn is_transient(&self) -> bool {
        self.transient
    }

    /// Whether a request may or may not have been applied. See [`Failure::outcome_unknown`].
    pub fn is_outcome_unknown(&self) -> bool {
        self.outcome_unknown
    }

    /// The sources, outermost first, joined as `a: b: c` and redacted; empty if there are none. A source that says the
    /// same as the layer above it (a wrapper) is said once, and the message is not repeated.
    pub fn source_chain(&self) -> String {
        let mut above = self.message.clone();
        let mut layers = Vec::new();
        let mut next = self.source();
        while let Some(source) = next {
            let text = redact(&source.to_string()).into_owned();
            if text != above {
                layers.push(text.clone());
            }
            above = text;
            next = source.source();
        }
        redact(&layers.join(": ")).into_owned()
    }

    /// The failure as the task will show it.
    pub fn to_task_error(&self) -> TaskError {
        TaskError::new(self.code, &self.message)
    }
}

impl From<IdError> for Failure {
    /// The external system named what it made by something that is no credentials id.
    fn from(error: IdError) -> Self {
        Self::new(codes::BAD_CREDENTIALS, format!("the new credential cannot be named: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact(&self.message))
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("code", &self.code)
            .field("message", &redact(&self.message))
            .field("sources", &self.source_chain())
            .field("nothing_created", &self.nothing_created)
            .field("transient", &self.transient)
            .field("outcome_unknown", &self.outcome_unknown)
            .finish_non_exhaustive()
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

/// What there is to know about one failure code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeInfo {
    /// The code, for example `JFROG_LOGIN_REJECTED`. It never changes its meaning.
    pub code: &'static str,
    /// What it means and what to do.
    pub meaning: &'static str,
    /// Whether this failure proves that nothing was created.
    pub nothing_created: bool,
    /// Whether a repetition may succeed.
    pub transient: bool,
}

/// The failure codes that a provider can report, for `docs` and for the conformance suite.
pub trait FailureCodes {
    /// Every code of the provider.
    const CODES: &'static [CodeInfo];
}

/// A provider without codes of its own.
impl FailureCodes for () {
    const CODES: &'static [CodeInfo] = &[];
}

#[cfg(test)]
mod tests;
