//! Answers of handlers, and how they become HTTP responses.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, Response, StatusCode};
use serde_json::Value;

use crate::errors::ServiceError;
use crate::random;

/// The header that the SDKs read for the trace of a refusal (PROTOCOL 5.1).
const TRACE_HEADER: HeaderName = HeaderName::from_static("x-global-transaction-id");

/// A status and a JSON body, or none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
}

/// What a handler of the API returns.
pub(crate) type Reply = Result<Answer, ServiceError>;

impl Answer {
    pub(crate) fn ok(body: impl Into<Value>) -> Self {
        Self { status: 200, body: Some(body.into()) }
    }

    pub(crate) fn created(body: impl Into<Value>) -> Self {
        Self { status: 201, body: Some(body.into()) }
    }

    pub(crate) fn no_content() -> Self {
        Self { status: 204, body: None }
    }

    /// A refusal with its error body.
    pub(crate) fn refusal(error: &ServiceError) -> Self {
        Self { status: error.status, body: Some(error.body(&random::uuid())) }
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let trace = self.body.as_ref().and_then(|body| body["trace"].as_str()).map_or_else(random::uuid, str::to_owned);
        match self.body {
            Some(body) => response(self.status, &trace, "application/json", body.to_string()),
            None => response(self.status, &trace, "", String::new()),
        }
    }
}

/// A response of any type, for scripted faults too. An empty type leaves the header out.
pub(crate) fn response(status: u16, trace: &str, content_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    // Statuses are constants of this crate or checked when a fault is parsed; an impossible one shows as 500.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(trace) = trace.parse() {
        response.headers_mut().insert(TRACE_HEADER, trace);
    }
    if !content_type.is_empty() {
        response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(content_type));
    }
    response
}
