//! What came back.

use std::fmt;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{HttpError, Idempotency, Request, json};

/// An answer: status, headers and the whole body. `Debug` never shows the body, which is wiped on drop.
#[derive(Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    body: Zeroizing<Vec<u8>>,
    operation: &'static str,
    host: String,
    idempotency: Idempotency,
}

impl Response {
    /// An answer with a body and no headers, as a scripted server gives it.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Zeroizing::new(body.into()),
            operation: "the request",
            host: String::new(),
            idempotency: Idempotency::Never,
        }
    }

    /// An answer with a JSON body.
    pub fn from_json(status: u16, body: &Value) -> Self {
        let mut response = Self::new(status, body.to_string());
        response.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }

    /// Adds a header; a name or value that HTTP does not allow is left out.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(crate) fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// Says what the answer answers, for the texts of errors.
    pub(crate) fn of(mut self, request: &Request) -> Self {
        self.operation = request.operation();
        self.host = request.wire.host();
        self.idempotency = request.idempotency();
        self
    }

    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text.
    ///
    /// # Errors
    /// [`HttpError::BadBody`] if it is not UTF-8.
    pub fn text(&self) -> Result<&str, HttpError> {
        std::str::from_utf8(&self.body).map_err(|_| self.bad("not UTF-8 text"))
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`HttpError::BadBody`] if it is not JSON, or has more than [`MAX_JSON_VALUES`](crate::MAX_JSON_VALUES). The text says where, never what.
    pub fn json(&self) -> Result<Value, HttpError> {
        self.json_as()
    }

    /// The body as JSON of a known shape.
    ///
    /// # Errors
    /// [`HttpError::BadBody`] if it is not JSON, has another shape, or more than [`MAX_JSON_VALUES`](crate::MAX_JSON_VALUES). The text says where, never what.
    pub fn json_as<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        json(&self.body).map_err(|error| self.bad(&error.to_string()))
    }

    /// The error for an answer of this request that cannot be used. `what` completes "the answer is ..." and must be
    /// safe to show.
    pub fn bad(&self, what: &str) -> HttpError {
        HttpError::BadBody {
            operation: self.operation,
            host: self.host.clone(),
            idempotency: self.idempotency,
            status: self.status,
            what: what.to_owned(),
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_read() {
        let answer = Response::from_json(200, &json!({ "a": 1 }));
        assert_eq!(answer.json().unwrap()["a"], 1);
        assert_eq!(answer.header("Content-Type"), Some("application/json"));
    }

    #[test]
    fn a_body_that_is_no_json_is_named_but_not_shown() {
        let text = Response::new(200, "<html>canary-body").json().unwrap_err().to_string();
        assert!(text.contains("not JSON (line 1, column 1)"), "{text}");
        assert!(!text.contains("canary-body"), "{text}");
    }

    #[test]
    fn json_of_another_shape_is_named_but_not_shown() {
        let error = Response::new(200, "\"canary-body\"").json_as::<u32>().unwrap_err();
        let text = error.to_string();
        assert!(text.contains("JSON without what is needed"), "{text}");
        assert!(!text.contains("canary-body"), "{text}");
    }

    #[test]
    fn text_must_be_utf_8() {
        assert_eq!(Response::new(200, "ok").text().unwrap(), "ok");
        assert!(Response::new(200, vec![0xff]).text().is_err());
    }

    #[test]
    fn debug_shows_no_body_and_no_header_value() {
        let text = format!("{:?}", Response::new(200, "canary-body").with_header("x-token", "canary-header"));
        assert!(!text.contains("canary"), "{text}");
        assert!(text.contains("x-token"), "{text}");
    }
}
