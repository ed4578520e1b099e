//! How one attempt ended: the vocabulary of DESIGN section 6.

use std::{fmt, sync::Arc, time::Duration};

use crate::Response;

/// What is known about the effect of one attempt.
#[derive(Debug, Clone)]
#[must_use = "an attempt that is not judged may be lost"]
pub enum Attempt<T> {
    /// The server did it.
    Applied(T),
    /// The server did nothing, and the same request may do better later (no connection, no token, 429).
    NotSent(Cause),
    /// The server did nothing and says why (any other 4xx except 408).
    Refused(Cause),
    /// Nobody can tell (timeout, reset, 408, 3xx, 5xx, a truncated or oversized answer).
    Unknown(Cause),
}

/// The kind of an [`Attempt`] without its story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// See [`Attempt::Applied`].
    Applied,
    /// See [`Attempt::NotSent`].
    NotSent,
    /// See [`Attempt::Refused`].
    Refused,
    /// See [`Attempt::Unknown`].
    Unknown,
}

/// Why an attempt was not applied. Every text in it is safe to show; only `response` holds what the server wrote.
#[derive(Debug, Clone)]
pub struct Cause {
    /// The status, when there was one.
    pub status: Option<u16>,
    /// What happened, short and safe to show.
    pub text: String,
    /// The server's wish, counted from the moment of the answer.
    pub retry_after: Option<Duration>,
    /// The answer itself, for callers that read the server's error body.
    pub response: Option<Response>,
    /// What the driver said, redacted, for the log.
    pub detail: Option<Detail>,
    /// Repeating cannot help: an untrusted certificate, a redirect, an answer above the limit.
    pub lasting: bool,
}

/// A redacted text for the log: the end of a source chain.
#[derive(Clone, PartialEq, Eq)]
pub struct Detail(Arc<str>);

impl<T> Attempt<T> {
    /// The kind of this ending.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Applied(_) => Outcome::Applied,
            Self::NotSent(_) => Outcome::NotSent,
            Self::Refused(_) => Outcome::Refused,
            Self::Unknown(_) => Outcome::Unknown,
        }
    }

    /// Why it was not applied; `None` when it was.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Applied(_) => None,
            Self::NotSent(cause) | Self::Refused(cause) | Self::Unknown(cause) => Some(cause),
        }
    }

    /// Turns the applied value into another one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Attempt<U> {
        self.and_then(|value| Attempt::Applied(change(value)))
    }

    /// Judges the applied value once more, for example because a 2xx must also hold the right body.
    pub fn and_then<U>(self, judge: impl FnOnce(T) -> Attempt<U>) -> Attempt<U> {
        match self {
            Self::Applied(value) => judge(value),
            Self::NotSent(cause) => Attempt::NotSent(cause),
            Self::Refused(cause) => Attempt::Refused(cause),
            Self::Unknown(cause) => Attempt::Unknown(cause),
        }
    }
}

impl Outcome {
    /// The word used in logs and in the summary.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Cause {
    /// A cause without an answer. `text` must be safe to show.
    pub fn new(text: impl Into<String>) -> Self {
        Self { status: None, text: text.into(), retry_after: None, response: None, detail: None, lasting: false }
    }

    /// Adds what the driver said; it is redacted here.
    pub fn with_detail(mut self, detail: &str) -> Self {
        self.detail = Some(Detail::new(detail));
        self
    }

    /// Marks a cause that repeating cannot cure.
    pub fn lasting(mut self) -> Self {
        self.lasting = true;
        self
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.detail.as_ref().map(|detail| detail as _)
    }
}

impl Detail {
    /// Redacts `text` and keeps it.
    pub fn new(text: &str) -> Self {
        Self(credjob_contract::redact::redact(text).into())
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl std::error::Error for Detail {}
