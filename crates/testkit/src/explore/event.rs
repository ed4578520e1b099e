//! What can happen to a process or to the task while a call is made.

use std::fmt;
use std::str::FromStr;

/// Something that happens at the moment of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// SIGKILL before the other side has the request.
    Kill,
    /// SIGKILL after the request was applied, before its answer arrives.
    KillApplied,
    /// SIGTERM when the call begins; its answer arrives.
    Term,
    /// SIGTERM while the call is under way; it is never applied and never answered.
    TermCut,
    /// SIGTERM while the call is under way; it is applied and never answered.
    TermCutApplied,
    /// SIGTERM ten milliseconds after the call ended.
    TermLater,
    /// The user deletes the task before the request arrives.
    Cancel,
    /// The service gives up on the task (task timeout) before the request arrives.
    TimeOut,
    /// Another instance of the same task starts before the request arrives, which waits meanwhile.
    Twin(Twin),
    /// Another instance starts after the request was applied, before its answer arrives.
    TwinApplied(Twin),
}

/// A second instance beside a first one.
///
/// It makes some calls, then the first instance goes on to its end, then the second does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Twin {
    /// Its retry counter: 0 for an instance that was started twice, 1 for a re-run beside a run that is still alive.
    pub retry: u8,
    /// After how many calls it is the first instance's turn again; [`Twin::TO_THE_END`] = not before it has ended.
    pub calls: u8,
}

impl Twin {
    /// The second instance runs to its end in one go.
    pub const TO_THE_END: u8 = u8::MAX;
}

impl Event {
    /// Events without a second instance. Those "applied" make sense only of calls that change something.
    pub(crate) fn simple(changes: bool) -> Vec<Self> {
        let mut events = vec![Self::Kill, Self::Term, Self::TermCut, Self::TermLater, Self::Cancel, Self::TimeOut];
        if changes {
            events.extend([Self::KillApplied, Self::TermCutApplied]);
        }
        events
    }

    /// Events with a second instance.
    pub(crate) fn twins(changes: bool) -> Vec<Self> {
        let mut events = Vec::new();
        for retry in [0, 1] {
            for calls in [1, 2, 3, 4, 5, Twin::TO_THE_END] {
                let twin = Twin { retry, calls };
                events.push(Self::Twin(twin));
                events.extend(changes.then_some(Self::TwinApplied(twin)));
            }
        }
        events
    }

    /// Whether it can come together with a fault of the same call.
    pub(crate) fn goes_with_a_fault(self) -> bool {
        matches!(self, Self::TermLater | Self::Cancel | Self::TimeOut)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill => f.write_str("kill"),
            Self::KillApplied => f.write_str("kill-applied"),
            Self::Term => f.write_str("term"),
            Self::TermCut => f.write_str("term-cut"),
            Self::TermCutApplied => f.write_str("term-cut-applied"),
            Self::TermLater => f.write_str("term-later"),
            Self::Cancel => f.write_str("cancel"),
            Self::TimeOut => f.write_str("time-out"),
            Self::Twin(twin) => write!(f, "twin:{twin}"),
            Self::TwinApplied(twin) => write!(f, "twin-applied:{twin}"),
        }
    }
}

impl fmt::Display for Twin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.calls {
            Self::TO_THE_END => write!(f, "{}:end", self.retry),
            calls => write!(f, "{}:{calls}", self.retry),
        }
    }
}

impl FromStr for Event {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text.split_once(':') {
            Some(("twin", twin)) => Self::Twin(twin.parse()?),
            Some(("twin-applied", twin)) => Self::TwinApplied(twin.parse()?),
            Some(_) => return Err(()),
            None => match text {
                "kill" => Self::Kill,
                "kill-applied" => Self::KillApplied,
                "term" => Self::Term,
                "term-cut" => Self::TermCut,
                "term-cut-applied" => Self::TermCutApplied,
                "term-later" => Self::TermLater,
                "cancel" => Self::Cancel,
                "time-out" => Self::TimeOut,
                _ => return Err(()),
            },
        })
    }
}

impl FromStr for Twin {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (retry, calls) = text.split_once(':').ok_or(())?;
        let calls = if calls == "end" { Self::TO_THE_END } else { calls.parse().map_err(drop)? };
        Ok(Self { retry: retry.parse().map_err(drop)?, calls })
    }
}
