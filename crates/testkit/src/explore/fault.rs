//! What can happen to one call.

use std::fmt;
use std::str::FromStr;

use super::call::{Call, Party};

/// A fault of one call. "Applied" means that the other side did what it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No connection: not sent.
    NotSent,
    /// The connection breaks before the other side has the request.
    Lost,
    /// The connection breaks after the other side has applied the request.
    AnswerLost,
    /// Nothing comes until the attempt's timeout; never applied.
    Hang,
    /// Nothing comes until the attempt's timeout; applied at once.
    HangApplied,
    /// The connection breaks; the request is applied this many seconds later.
    Late(u32),
    /// Answered as usual; the request is applied a second time this many seconds later.
    Twice(u32),
    /// Answered with this status; not applied.
    Status(u16),
    /// Answered with this status and `Retry-After` in seconds; not applied.
    Busy(u16, u32),
    /// Applied, but answered with this status. Only 5xx: nobody can see through a refusal of what was done.
    Applied(u16),
    /// Applied, but the body of the answer cannot be read.
    Garbled,
    /// Status 200 with the web page of a proxy; not applied.
    Page,
    /// Answered by a replica that knows nothing of the last two seconds.
    Lag,
    /// The provider's code panics before the call.
    Panic,
    /// The provider's code panics after the call.
    PanicApplied,
}

/// How a provider talks to its system: which faults it can meet there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Through `job.http()`.
    Http,
    /// Through a driver of its own.
    Driver,
}

/// Long after every run of a history.
pub(crate) const AFTER_ALL: u32 = 36_000;

/// Refusals and transient answers.
const STATUSES: [u16; 13] = [302, 400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504];

impl Fault {
    /// Every fault that this call can meet, without those that look and work like another one.
    pub(crate) fn of(call: Call, protocol: Protocol) -> Vec<Self> {
        if call.party() == Party::System && protocol == Protocol::Driver {
            return Self::of_driver(call);
        }
        let mut faults = vec![Self::NotSent, Self::Lost, Self::Hang];
        faults.extend(STATUSES.map(Self::Status));
        faults.extend([Self::Busy(429, 3), Self::Busy(429, 3600), Self::Busy(503, 3), Self::Page, Self::Garbled]);
        if call.changes() {
            faults.extend([Self::AnswerLost, Self::HangApplied]);
            faults.extend([500, 502, 503, 504].map(Self::Applied));
            faults.extend(Self::DELAYS.map(Self::Late));
            faults.extend(Self::DELAYS.map(Self::Twice));
        }
        faults.extend(matches!(call, Call::Delete | Call::List | Call::ReadTask | Call::Versions).then_some(Self::Lag));
        faults
    }

    /// A second, some seconds, longer than any wait of a run's end, and after the last run.
    const DELAYS: [u32; 4] = [1, 5, 40, AFTER_ALL];

    fn of_driver(call: Call) -> Vec<Self> {
        let mut faults = vec![Self::NotSent, Self::Lost, Self::Hang, Self::Status(403), Self::Garbled];
        faults.extend([Self::Panic, Self::PanicApplied]);
        if call.changes() {
            faults.extend([Self::AnswerLost, Self::HangApplied]);
            faults.extend(Self::DELAYS.map(Self::Late));
            faults.extend(Self::DELAYS.map(Self::Twice));
        }
        faults.extend(matches!(call, Call::Delete | Call::List).then_some(Self::Lag));
        faults
    }

    /// One fault of each kind that a job can tell apart or that leaves something else behind.
    pub(crate) fn is_representative(self) -> bool {
        match self {
            Self::Late(delay) => delay != 1,
            Self::Twice(delay) => delay == 5,
            Self::Status(status) => matches!(status, 400 | 401 | 403 | 404),
            Self::Hang | Self::Busy(..) | Self::Applied(_) | Self::Panic => false,
            _ => true,
        }
    }

    /// One fault of each kind of outage.
    pub(crate) fn is_representative_outage(self) -> bool {
        matches!(self, Self::NotSent | Self::Lost | Self::AnswerLost | Self::Status(400 | 401 | 403 | 404))
            || self == Self::Late(40)
    }

    /// Whether one retry of the call can make up for it.
    pub(crate) fn is_transient(self) -> bool {
        match self {
            Self::Status(status) => matches!(status, 401 | 408 | 429 | 500 | 502 | 503 | 504),
            Self::Busy(_, seconds) => seconds < 60,
            Self::Panic | Self::PanicApplied => false,
            _ => true,
        }
    }

    /// Whether whoever made the call cannot know that it was not applied.
    pub(crate) fn leaves_doubt(self) -> bool {
        match self {
            Self::Status(status) => matches!(status, 302 | 408 | 500..),
            Self::Busy(status, _) => status >= 500,
            Self::NotSent | Self::Twice(_) | Self::Lag | Self::Panic => false,
            _ => true,
        }
    }

    /// The same happens to every call of a kind from some moment on: what then makes sense.
    pub(crate) fn can_last(self) -> bool {
        !matches!(self, Self::Twice(_) | Self::Lag)
    }

    /// Whether this fault keeps a call from doing its work and telling so.
    pub(crate) fn hides_the_answer(self) -> bool {
        !matches!(self, Self::Twice(_) | Self::Lag)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent => f.write_str("not-sent"),
            Self::Lost => f.write_str("lost"),
            Self::AnswerLost => f.write_str("answer-lost"),
            Self::Hang => f.write_str("hang"),
            Self::HangApplied => f.write_str("hang-applied"),
            Self::Late(seconds) => write!(f, "late:{seconds}"),
            Self::Twice(seconds) => write!(f, "twice:{seconds}"),
            Self::Status(status) => write!(f, "{status}"),
            Self::Busy(status, seconds) => write!(f, "{status}:{seconds}"),
            Self::Applied(status) => write!(f, "applied:{status}"),
            Self::Garbled => f.write_str("garbled"),
            Self::Page => f.write_str("page"),
            Self::Lag => f.write_str("lag"),
            Self::Panic => f.write_str("panic"),
            Self::PanicApplied => f.write_str("panic-applied"),
        }
    }
}

impl FromStr for Fault {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, number) = text.split_once(':').map_or((text, None), |(name, number)| (name, Some(number)));
        let seconds = || number.and_then(|number| number.parse().ok()).ok_or(());
        Ok(match (name, number) {
            ("not-sent", None) => Self::NotSent,
            ("lost", None) => Self::Lost,
            ("answer-lost", None) => Self::AnswerLost,
            ("hang", None) => Self::Hang,
            ("hang-applied", None) => Self::HangApplied,
            ("late", Some(_)) => Self::Late(seconds()?),
            ("twice", Some(_)) => Self::Twice(seconds()?),
            ("applied", Some(status)) => Self::Applied(status.parse().map_err(drop)?),
            ("garbled", None) => Self::Garbled,
            ("page", None) => Self::Page,
            ("lag", None) => Self::Lag,
            ("panic", None) => Self::Panic,
            ("panic-applied", None) => Self::PanicApplied,
            (status, None) => Self::Status(status.parse().map_err(drop)?),
            (status, Some(_)) => Self::Busy(status.parse().map_err(drop)?, seconds()?),
        })
    }
}
