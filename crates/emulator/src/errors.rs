//! The service's refusals and their body (PROTOCOL 5.1).

use serde_json::{Value, json};

/// Where every error body points.
const MORE_INFO: &str = "https://cloud.ibm.com/apidocs/secrets-manager";

/// A refusal of the Secrets Manager API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceError {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl ServiceError {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "bad_request", message)
    }

    /// A required property is absent.
    pub(crate) fn missing(property: &str) -> Self {
        Self::bad_request(format!("required.{property}:property \"{property}\" is missing"))
    }

    /// A property has a wrong value; `what` says what it must be. The value is not repeated: it may be a secret.
    pub(crate) fn invalid(property: &str, what: impl std::fmt::Display) -> Self {
        Self::bad_request(format!("invalid.{property}:property \"{property}\" {what}"))
    }

    /// The next rotation would fall after the expiry of the current version (PROTOCOL 4.3).
    pub(crate) fn rotation_after_expiry() -> Self {
        Self::new(
            400,
            "Error02009",
            "The next rotation date must not be after the expiration date of the current secret version.",
        )
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "unauthorized", "You provided no credentials or invalid credentials.")
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(403, "access_forbidden", "You are not allowed to access this resource.")
    }

    pub(crate) fn not_found(id: &str) -> Self {
        Self::new(404, "not_found", format!("A resource with id: {id} was not found."))
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(405, "method_not_allowed", "The method is not allowed for this resource.")
    }

    /// The documented sentence, then the reason, so that a person at the emulator is not left guessing.
    pub(crate) fn conflict(reason: impl std::fmt::Display) -> Self {
        Self::new(
            409,
            "conflict",
            format!("The request conflicts with the current state of the target resource: {reason}"),
        )
    }

    pub(crate) fn gone(id: &str) -> Self {
        Self::new(410, "gone", format!("A resource with id: {id} no longer exists."))
    }

    /// A lock forbids it (PROTOCOL 5.1; the code is not stated).
    pub(crate) fn locked() -> Self {
        Self::new(
            412,
            "precondition_failed",
            "The requested action can't be completed because the secret version is locked.",
        )
    }

    /// The code is not stated; recommended (PROTOCOL 5.1).
    pub(crate) fn too_many_requests() -> Self {
        Self::new(429, "too_many_requests", "Too many requests.")
    }

    pub(crate) fn not_implemented() -> Self {
        Self::new(501, "not_implemented", "The specified api is not implemented.")
    }

    /// What a scripted fault answers.
    pub(crate) fn scripted(status: u16) -> Self {
        match status {
            401 => Self::unauthorized(),
            403 => Self::forbidden(),
            404 => Self::not_found("scripted"),
            410 => Self::gone("scripted"),
            501 => Self::not_implemented(),
            400 => Self::bad_request("scripted fault"),
            402 => Self::new(402, "payment_required", "Your Trial plan is now expired."),
            409 => Self::conflict("scripted fault"),
            412 => Self::locked(),
            429 => Self::too_many_requests(),
            503 => Self::new(503, "service_unavailable", "Service Unavailable"),
            other => Self::new(other, "internal_server_error", "Internal server error"),
        }
    }

    /// The body of the answer.
    pub(crate) fn body(&self, trace: &str) -> Value {
        json!({
            "trace": trace,
            "status_code": self.status,
            "errors": [{ "code": self.code, "message": self.message, "more_info": MORE_INFO }],
        })
    }
}
