//! The one door to the network: a transport sends one request once.

use std::{fmt, pin::Pin, time::Duration};

use crate::{Detail, Response, WireRequest};

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one request once. No retry, no redirect, no judgement of the status.
pub trait Transport: Send + Sync {
    /// One attempt. It must end within `timeout`, which covers everything from the name lookup to the last byte of the
    /// body.
    ///
    /// # Errors
    /// Resolves to [`TransportError::NotSent`] only if it is certain that the server got nothing of the request, else to
    /// [`TransportError::Unknown`].
    fn send<'a>(
        &'a self,
        request: &'a WireRequest,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Response, TransportError>>;
}

/// Why an attempt brought no whole answer.
#[derive(Debug, Clone)]
pub enum TransportError {
    /// The server got nothing: no name, no connection, no TLS session.
    NotSent(TransportFault),
    /// The server may have got the request: a timeout, a reset, a truncated or oversized answer.
    Unknown(TransportFault),
}

/// The story of a [`TransportError`].
#[derive(Debug, Clone)]
pub struct TransportFault {
    /// A short text that is safe to show: no URL, no driver text.
    pub text: String,
    /// What the driver said, for the log, redacted.
    pub detail: Option<Detail>,
    /// Repeating cannot help (an untrusted certificate, an answer above the limit).
    pub lasting: bool,
}

impl TransportError {
    /// The server got nothing. `text` must be safe to show.
    pub fn not_sent(text: impl Into<String>) -> Self {
        Self::NotSent(TransportFault::new(text))
    }

    /// The server may have got it. `text` must be safe to show.
    pub fn unknown(text: impl Into<String>) -> Self {
        Self::Unknown(TransportFault::new(text))
    }

    /// Adds what the driver said, for the log. It is redacted here.
    pub fn with_detail(mut self, detail: &str) -> Self {
        self.fault_mut().detail = Some(Detail::new(detail));
        self
    }

    /// Marks a fault that repeating cannot cure.
    pub fn lasting(mut self) -> Self {
        self.fault_mut().lasting = true;
        self
    }

    fn fault_mut(&mut self) -> &mut TransportFault {
        match self {
            Self::NotSent(fault) | Self::Unknown(fault) => fault,
        }
    }
}

impl TransportFault {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), detail: None, lasting: false }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(fault) | Self::Unknown(fault) => f.write_str(&fault.text),
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotSent(fault) | Self::Unknown(fault) => fault.detail.as_ref().map(|detail| detail as _),
        }
    }
}
