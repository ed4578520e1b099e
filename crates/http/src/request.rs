//! What to send, and what may be done when the answer is lost.

use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use credjob_contract::Secret;
use reqwest::{
    Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use crate::client::DEFAULT_ATTEMPT_TIMEOUT;

/// What may be done with a request whose outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// Changes nothing: repeat at will.
    Safe,
    /// Changes something, but twice is like once (PUT or DELETE of a known resource): repeat at will.
    Idempotent,
    /// Mints something new each time: never repeat after an unknown outcome.
    Never,
}

/// A request with its operation's name and its idempotency.
///
/// The builder methods never fail; what is wrong (a URL that does not parse, a header with a line break) is reported as
/// [`HttpError::BadRequest`](crate::HttpError::BadRequest) when the request is sent, before anything leaves the process.
#[derive(Clone)]
pub struct Request {
    pub(crate) wire: WireRequest,
    pub(crate) idempotency: Idempotency,
    pub(crate) creating: Option<bool>,
    pub(crate) host_parameter: Option<&'static str>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) problem: Option<String>,
}

/// What a transport sends.
///
/// `Debug` shows the operation, the method, the host, header names and the length of the body, nothing else.
#[derive(Clone)]
pub struct WireRequest {
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    /// Wiped when the last clone is dropped.
    pub(crate) body: Option<Bytes>,
}

impl Request {
    /// A request of any method. GET, HEAD and OPTIONS are [`Idempotency::Safe`], PUT and DELETE are
    /// [`Idempotency::Idempotent`], everything else is [`Idempotency::Never`] until said otherwise.
    ///
    /// `operation` says in a few words what the request is for ("create the token"). It names the request in errors,
    /// logs and the ledger, so it is a constant and holds no data.
    pub fn new(method: Method, operation: &'static str, url: impl AsRef<str>) -> Self {
        let idempotency = match method {
            Method::GET | Method::HEAD | Method::OPTIONS => Idempotency::Safe,
            Method::PUT | Method::DELETE => Idempotency::Idempotent,
            _ => Idempotency::Never,
        };
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let (url, problem) = match Url::parse(url.as_ref()) {
            Ok(url) => (url, None),
            // The text may hold a secret, so only the parser's reason is kept.
            Err(reason) => (nowhere(), Some(format!("the URL is not valid: {reason}"))),
        };
        Self {
            wire: WireRequest { operation, method, url, headers, body: None },
            idempotency,
            creating: None,
            host_parameter: None,
            attempt_timeout: DEFAULT_ATTEMPT_TIMEOUT,
            problem,
        }
    }

    /// A GET: safe.
    pub fn get(operation: &'static str, url: impl AsRef<str>) -> Self {
        Self::new(Method::GET, operation, url)
    }

    /// A POST: never repeated after an unknown outcome, and creating, unless said otherwise.
    pub fn post(operation: &'static str, url: impl AsRef<str>) -> Self {
        Self::new(Method::POST, operation, url)
    }

    /// A PUT: idempotent.
    pub fn put(operation: &'static str, url: impl AsRef<str>) -> Self {
        Self::new(Method::PUT, operation, url)
    }

    /// A PATCH: never repeated after an unknown outcome, and creating, unless said otherwise.
    pub fn patch(operation: &'static str, url: impl AsRef<str>) -> Self {
        Self::new(Method::PATCH, operation, url)
    }

    /// A DELETE: idempotent.
    pub fn delete(operation: &'static str, url: impl AsRef<str>) -> Self {
        Self::new(Method::DELETE, operation, url)
    }

    /// Sets a header; the last value of a name wins.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => {
                self.wire.headers.insert(name, value);
                self
            }
            (Ok(name), Err(_)) => self.wrong(format!("the value of header `{name}` holds a control character")),
            (Err(_), _) => self.wrong("a header's name is not valid".to_owned()),
        }
    }

    /// Sets a header whose value is secret: it is marked sensitive and wiped after use.
    pub fn secret_header(self, name: &str, value: &Secret<String>) -> Self {
        self.sensitive(name, Zeroizing::new(value.expose().clone().into_bytes()))
    }

    /// Logs in with a bearer token (RFC 6750 section 2.1).
    pub fn bearer(self, token: &Secret<String>) -> Self {
        self.authorization("Bearer ", token.expose().as_bytes())
    }

    /// Logs in with a user name and a password (RFC 7617).
    pub fn basic(self, user: &str, password: &Secret<String>) -> Self {
        if user.contains(':') {
            return self.wrong("a user name for basic authentication holds a colon".to_owned());
        }
        let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
        let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        self.authorization("Basic ", encoded.as_bytes())
    }

    /// Sets a JSON body.
    pub fn json(self, value: &Value) -> Self {
        // `Value` has string keys only and the writer is memory, so its Display cannot fail.
        self.body("application/json", value.to_string().into_bytes())
    }

    /// Sets a form body (`application/x-www-form-urlencoded`).
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        // Room for everything percent-encoded: a text that grows leaves copies of a secret behind.
        let room = fields.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
        let text = form_urlencoded::Serializer::new(String::with_capacity(room)).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", text.into_bytes())
    }

    /// Sets a body of any type. It is wiped when the last copy of the request is dropped.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.wire.body = Some(Bytes::from_owner(Zeroizing::new(body.into())));
        self.header(CONTENT_TYPE.as_str(), content_type)
    }

    /// States that the request changes nothing ([`Idempotency::Safe`]).
    pub fn safe(mut self) -> Self {
        self.idempotency = Idempotency::Safe;
        self
    }

    /// States that twice is like once ([`Idempotency::Idempotent`]).
    pub fn idempotent(mut self) -> Self {
        self.idempotency = Idempotency::Idempotent;
        self
    }

    /// States that each request mints something new ([`Idempotency::Never`]).
    pub fn never(mut self) -> Self {
        self.idempotency = Idempotency::Never;
        self
    }

    /// States that the request creates the credential, whatever its idempotency (a PUT that makes a user, say).
    /// Requests that are [`Idempotency::Never`] are creating without saying so.
    pub fn creating(mut self) -> Self {
        self.creating = Some(true);
        self
    }

    /// States that the request creates no credential although it may not be repeated (a POST that starts a session, say).
    pub fn not_creating(mut self) -> Self {
        self.creating = Some(false);
        self
    }

    /// States that the host of the URL came from this parameter, so the host guard decides (DESIGN section 7).
    pub fn host_from_parameter(mut self, parameter: &'static str) -> Self {
        self.host_parameter = Some(parameter);
        self
    }

    /// Bounds each attempt; [`DEFAULT_ATTEMPT_TIMEOUT`] otherwise. The budget cuts it further.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The operation's name.
    pub fn operation(&self) -> &'static str {
        self.wire.operation
    }

    /// The stated idempotency.
    pub fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// What a transport sends, for whoever plays a server or calls a transport without the engine.
    pub fn into_wire(self) -> WireRequest {
        self.wire
    }

    /// Whether the ledger counts it as creating.
    pub fn is_creating(&self) -> bool {
        self.creating.unwrap_or(self.idempotency == Idempotency::Never)
    }

    fn authorization(self, scheme: &str, credentials: &[u8]) -> Self {
        let mut value = Zeroizing::new(Vec::with_capacity(scheme.len() + credentials.len()));
        value.extend_from_slice(scheme.as_bytes());
        value.extend_from_slice(credentials);
        self.sensitive(AUTHORIZATION.as_str(), value)
    }

    fn sensitive(mut self, name: &str, value: Zeroizing<Vec<u8>>) -> Self {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
            return self.wrong("a header's name is not valid".to_owned());
        };
        let Ok(mut value) = HeaderValue::from_maybe_shared(Bytes::from_owner(value)) else {
            return self
                .wrong(format!("the secret for header `{name}` holds a control character, such as a line break"));
        };
        value.set_sensitive(true);
        self.wire.headers.insert(name, value);
        self
    }

    /// Keeps the first problem; the caller mends one and meets the next.
    fn wrong(mut self, problem: String) -> Self {
        self.problem.get_or_insert(problem);
        self
    }
}

impl WireRequest {
    /// The operation's name.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL. It may hold secrets in its path or query: show only [`WireRequest::host`].
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The host with its port if one is written; empty if the URL has none.
    pub fn host(&self) -> String {
        match (self.url.host_str(), self.url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => String::new(),
        }
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body; empty if there is none.
    pub fn body(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("wire", &self.wire)
            .field("idempotency", &self.idempotency)
            .field("creating", &self.is_creating())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for WireRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireRequest")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("host", &self.host())
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_bytes", &self.body().len())
            .finish_non_exhaustive()
    }
}

/// Stands in for a URL that does not parse; the problem noted beside it keeps it from being used.
fn nowhere() -> Url {
    #[expect(clippy::expect_used, reason = "a constant URL that parses, as each test of a bad URL proves")]
    Url::parse("https://invalid./").expect("a constant URL")
}

#[cfg(test)]
mod tests;
