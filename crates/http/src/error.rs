//! How a request failed, in words that are safe to show.

use std::fmt;

use crate::{Cause, HostRefused, Idempotency, Response};

/// How [`HttpClient::send`](crate::HttpClient::send) failed.
///
/// `Display` says the operation, the host, the status and what to do; never a path, a query, a header or a body.
/// `source` is what the driver said, redacted, for the log.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum HttpError {
    /// No attempt reached the server. Transient, unless the cause is lasting.
    NotSent(Box<FailedCall>),
    /// The server refused. Not transient: the same request will be refused again. If an attempt before it had an unknown
    /// outcome, [`FailedCall::earlier_unknown`] says so.
    Refused(Box<FailedCall>),
    /// At least one attempt may have been applied (of a safe request: there is no usable answer). Transient, unless the
    /// cause is lasting.
    OutcomeUnknown(Box<FailedCall>),
    /// No time was left for a first attempt. Not transient.
    NoTimeLeft {
        /// What the request was for.
        operation: &'static str,
        /// The host.
        host: String,
    },
    /// The host guard refused: nothing was sent. Not transient.
    HostNotAllowed {
        /// What the request was for.
        operation: &'static str,
        /// Why.
        refusal: HostRefused,
    },
    /// Plain http to a host that is not this machine: nothing was sent. Not transient.
    InsecureUrl {
        /// What the request was for.
        operation: &'static str,
        /// The host.
        host: String,
    },
    /// The request could not be built: nothing was sent. Not transient.
    BadRequest {
        /// What the request was for.
        operation: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// The server did it, but its answer cannot be used. Not transient.
    BadBody {
        /// What the request was for.
        operation: &'static str,
        /// The host.
        host: String,
        /// What the request stated.
        idempotency: Idempotency,
        /// The status.
        status: u16,
        /// Completes "the answer is ...".
        what: String,
    },
}

/// A request that failed, with its last attempt.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FailedCall {
    /// What the request was for.
    pub operation: &'static str,
    /// The host, with its port if one is written.
    pub host: String,
    /// What the request stated.
    pub idempotency: Idempotency,
    /// How many attempts were made.
    pub attempts: u32,
    /// An attempt before the last one may have been applied.
    pub earlier_unknown: bool,
    /// Why the last attempt failed.
    pub cause: Cause,
}

impl HttpError {
    /// The status of the last answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::BadBody { status, .. } => Some(*status),
            _ => self.call()?.cause.status,
        }
    }

    /// The last answer, for reading the server's own error body. Its text is not safe to show.
    pub fn response(&self) -> Option<&Response> {
        self.call()?.cause.response.as_ref()
    }

    /// What the request was for.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::NotSent(call) | Self::Refused(call) | Self::OutcomeUnknown(call) => call.operation,
            Self::NoTimeLeft { operation, .. }
            | Self::HostNotAllowed { operation, .. }
            | Self::InsecureUrl { operation, .. }
            | Self::BadRequest { operation, .. }
            | Self::BadBody { operation, .. } => operation,
        }
    }

    /// The same request may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NotSent(call) | Self::OutcomeUnknown(call) => !call.cause.lasting,
            _ => false,
        }
    }

    /// The server answered with a refusal.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// Something of this request may have been applied: the last or an earlier attempt ended unknown, or the answer that
    /// says what was done cannot be used. Never true of a safe request, which changes nothing.
    pub fn is_outcome_unknown(&self) -> bool {
        match self {
            Self::OutcomeUnknown(call) => call.changes(),
            Self::NotSent(call) | Self::Refused(call) => call.earlier_unknown && call.changes(),
            Self::BadBody { idempotency, .. } => *idempotency != Idempotency::Safe,
            _ => false,
        }
    }

    fn call(&self) -> Option<&FailedCall> {
        match self {
            Self::NotSent(call) | Self::Refused(call) | Self::OutcomeUnknown(call) => Some(call),
            _ => None,
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(call) => {
                write!(f, "{}: {} was not reached: {}; {}", call.operation, call.host, call.cause, not_sent_hint(call))
            }
            Self::Refused(call) => {
                write!(
                    f,
                    "{}: {} refused with {}; {}",
                    call.operation,
                    call.host,
                    call.cause,
                    refused_hint(call.cause.status)
                )?;
                if self.is_outcome_unknown() {
                    f.write_str("; an earlier attempt may have been applied")?;
                }
                Ok(())
            }
            Self::OutcomeUnknown(call) => {
                let effect = if call.changes() { ", so it may or may not have done this" } else { "" };
                write!(
                    f,
                    "{}: {} gave no usable answer{effect}: {}; {}",
                    call.operation,
                    call.host,
                    call.cause,
                    unknown_hint(call)
                )
            }
            Self::NoTimeLeft { operation, host } => write!(
                f,
                "{operation}: no time is left to ask {host}; find out what took the time, or raise CREDJOB_DEADLINE and the task timeout"
            ),
            Self::HostNotAllowed { operation, refusal } => write!(f, "{operation}: {refusal}"),
            Self::InsecureUrl { operation, host } => {
                write!(
                    f,
                    "{operation}: {host} is to be asked over plain http; use an https URL (http is for this machine only)"
                )
            }
            Self::BadRequest { operation, what } => write!(f, "{operation}: {what}"),
            Self::BadBody { operation, host, status, what, .. } => write!(
                f,
                "{operation}: the answer of {host} (status {status}) is {what}; check that the URL is the right one and that no proxy or login page answers in its place"
            ),
        }
    }
}

impl std::error::Error for HttpError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.call()?.cause.detail.as_ref().map(|detail| detail as _)
    }
}

impl FailedCall {
    fn changes(&self) -> bool {
        self.idempotency != Idempotency::Safe
    }
}

fn not_sent_hint(call: &FailedCall) -> &'static str {
    match call.cause.status {
        Some(429) => "it has too much to do: try again later",
        _ if call.cause.lasting => "trying again will not help",
        _ => "check the host name, and that the job's network reaches it",
    }
}

fn refused_hint(status: Option<u16>) -> &'static str {
    match status {
        Some(401) => "check that the login is right and not expired",
        Some(403) => "check that the login may do this",
        Some(404) => "check the URL and that what it names exists",
        Some(409) => "check what exists there already",
        _ => "check the parameters and the login",
    }
}

fn unknown_hint(call: &FailedCall) -> &'static str {
    match call.cause.status {
        Some(300..400) => "redirects are not followed: use the URL it redirects to",
        _ if call.cause.lasting => "trying again will not help",
        _ if call.changes() => "look there for what it left, then try again",
        _ => "try again, and look at the server's state if it happens again",
    }
}

#[cfg(test)]
mod tests;
