//! What a scripted server does with a call.

use std::time::Duration;

use serde_json::Value;

use crate::Response;

/// What happens to one call.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) kind: Kind,
    pub(super) delay: Duration,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Response(Response),
    Apply,
    Fault(Fault),
}

/// What can go wrong with one call. "Applied" means that the backend sees the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// No connection: certainly not sent.
    ConnectionRefused,
    /// The connection breaks before the server has the request: outcome unknown, not applied.
    RequestLost,
    /// The connection breaks after the server has applied the request: outcome unknown, applied.
    ResponseLost,
    /// Nothing comes until the attempt's timeout: outcome unknown, not applied.
    Hang,
    /// Nothing comes until the attempt's timeout: outcome unknown, applied at once.
    HangAfterApply,
    /// Nothing comes until the attempt's timeout, and the server applies the request this long after it was sent. It does
    /// so before it looks at the next call after that time, or at [`ScriptedTransport::settle`](super::ScriptedTransport::settle).
    AppliedLate(Duration),
    /// This status with an empty body, not applied.
    Status(u16),
    /// Applied, but this status with an empty body.
    AppliedBut(u16),
    /// Status 200 with a body that is no JSON, not applied.
    Garbage,
    /// Status 200 with a body that is no JSON, applied.
    AppliedGarbage,
}

impl Answer {
    /// A status with a JSON body. The backend does not see the request.
    pub fn json(status: u16, body: &Value) -> Self {
        Response::from_json(status, body).into()
    }

    /// A status with an empty body. The backend does not see the request.
    pub fn status(status: u16) -> Self {
        Response::new(status, "").into()
    }

    /// Whatever the backend answers.
    pub fn apply() -> Self {
        Self::of(Kind::Apply)
    }

    /// The same after some time. A time beyond the attempt's timeout means that it ends unknown.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn of(kind: Kind) -> Self {
        Self { kind, delay: Duration::ZERO }
    }
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self::of(Kind::Response(response))
    }
}

impl From<Fault> for Answer {
    fn from(fault: Fault) -> Self {
        Self::of(Kind::Fault(fault))
    }
}
