//! What goes wrong in a run, and when.

use std::fmt;

/// The step of a run at which something goes wrong, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A request of the job, whoever it goes to.
    Call(usize),
    /// A request to the external system.
    SystemCall(usize),
    /// An await in the provider's code that is no request of the job: a computation, a driver's own socket, a pause.
    Await(usize),
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mishap {
    /// The process is killed; a request was not sent.
    Kill,
    /// The process is killed; a request was applied, its answer never read.
    KillAfter,
    /// SIGTERM; a request is not sent and its answer never comes.
    Stop,
    /// SIGTERM; a request was applied, its answer never comes.
    StopAfter,
    /// The request is lost.
    RequestLost,
    /// The request is applied, the answer lost.
    AnswerLost,
    /// Nobody answers; the request is not applied.
    Hang,
    /// Applied, but something unreadable is answered with status 200.
    Garbage,
    /// Refused with this status, not applied.
    Status(u16),
    /// Applied, but answered with this status, as by a balancer that lost patience.
    StatusAfter(u16),
}

/// One mishap at one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) step: Step,
    pub(super) mishap: Mishap,
}

impl Plan {
    pub(super) fn new(step: Step, mishap: Mishap) -> Self {
        Self { step, mishap }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Step::Call(number) => write!(f, "{} at request {}", self.mishap, number + 1),
            Step::SystemCall(number) => write!(f, "{} at request {} to the system", self.mishap, number + 1),
            Step::Await(number) => write!(f, "{} at await {} of the provider's own", self.mishap, number + 1),
        }
    }
}

impl fmt::Display for Mishap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill => f.write_str("killed"),
            Self::KillAfter => f.write_str("killed once it was applied"),
            Self::Stop => f.write_str("stopped"),
            Self::StopAfter => f.write_str("stopped once it was applied"),
            Self::RequestLost => f.write_str("request lost"),
            Self::AnswerLost => f.write_str("answer lost"),
            Self::Hang => f.write_str("no answer"),
            Self::Garbage => f.write_str("unreadable answer"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::StatusAfter(status) => write!(f, "applied, but status {status}"),
        }
    }
}
