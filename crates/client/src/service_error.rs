//! A refusal, in the service's own words.

use std::fmt;

use credjob_contract::redact::excerpt;
use credjob_http::{HttpError, Response};
use serde_json::Value;

/// The longest message kept, in characters. PROTOCOL 5.1 names no limit; the longest message there has 100.
const MAX_MESSAGE: usize = 500;

/// The longest code or trace id kept, in characters: a trace id is a UUID, a code one word (PROTOCOL 5.1).
pub(crate) const MAX_WORD: usize = 128;

/// The error body of Secrets Manager or IAM (PROTOCOL 5.1 and 3.1), or what could be made of an answer without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// The id under which IBM finds the request (`trace`; IAM calls it `context.requestId`).
    pub trace: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// The service's code, such as `not_found` or `BXNIM0415E`.
    pub code: Option<String>,
    /// What the service said: redacted, without control characters, at most 500 characters. Empty when it said nothing.
    pub message: String,
}

impl ServiceError {
    /// Reads an error answer: see the conversion from [`Response`].
    pub fn from_answer(status: u16, body: &[u8]) -> Self {
        Self::from(&Response::new(status, body))
    }
}

impl From<&Response> for ServiceError {
    /// The message is looked for as the official SDKs do (PROTOCOL 5.1): `errors[0].message`, `error`, `message`, `errorMessage`. A body that is no
    /// JSON yields an error without message. An answer without a trace in its body may have one in a header (PROTOCOL 5.1).
    fn from(response: &Response) -> Self {
        let body = response.json().unwrap_or(Value::Null);
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
        let first = |pointers: &[&str]| pointers.iter().find_map(|pointer| text(pointer));
        let trace = first(&["/trace", "/context/requestId"]).or_else(|| response.header("x-global-transaction-id"));
        Self {
            trace: trace.map(|trace| excerpt(trace, MAX_WORD)),
            status: response.status,
            code: first(&["/errors/0/code", "/errorCode", "/code"]).map(|code| excerpt(code, MAX_WORD)),
            message: first(&["/errors/0/message", "/error", "/message", "/errorMessage"])
                .map(|message| excerpt(message, MAX_MESSAGE))
                .unwrap_or_default(),
        }
    }
}

/// What the service said when it refused; `None` if the error is something else than a refusal.
pub(crate) fn refusal(error: &HttpError) -> Option<ServiceError> {
    error.response().filter(|_| error.is_refused()).map(ServiceError::from)
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if let Some(trace) = &self.trace {
            write!(f, " (trace {trace})")?;
        }
        Ok(())
    }
}

impl std::error::Error for ServiceError {}

#[cfg(test)]
mod tests;
