//! One request as handlers see it.

use std::collections::HashMap;
use std::time::SystemTime;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, RawPathParams, Request};
use serde_json::Value;

use crate::errors::ServiceError;
use crate::fields::Object;
use crate::principal::Principal;
use crate::role::Permission;
use crate::state::{Secret, State};

/// Who sent a request; the service puts it beside every request before it is routed. `None`: nobody known.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Option<Principal>);

/// A request with its parts, not yet authenticated.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) caller: Option<Principal>,
    pub(crate) body: Bytes,
    path: HashMap<String, String>,
    query: HashMap<String, String>,
    config_type: Option<String>,
}

/// An authenticated request at a moment of the emulator's time.
pub(crate) struct Ask {
    pub(crate) caller: Principal,
    pub(crate) now: SystemTime,
    /// The value of `X-Sm-Accept-Configuration-Type`.
    pub(crate) config_type: Option<String>,
    path: HashMap<String, String>,
    query: HashMap<String, String>,
    body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Incoming {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let path = match RawPathParams::from_request_parts(&mut parts, state).await {
            Ok(parameters) => parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            Err(_) => HashMap::new(),
        };
        let query = parts.uri.query().map(parse_form).unwrap_or_default();
        let config_type = parts.headers.get("x-sm-accept-configuration-type").and_then(|value| value.to_str().ok());
        // The service has read the body before; it cannot fail or be too long here.
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let caller = parts.extensions.remove::<Caller>().and_then(|caller| caller.0);
        Ok(Self { caller, body, path, query, config_type: config_type.map(str::to_owned) })
    }
}

impl Incoming {
    /// Requires a known caller.
    pub(crate) fn authenticated(self, now: SystemTime) -> Result<Ask, ServiceError> {
        let caller = self.caller.ok_or_else(ServiceError::unauthorized)?;
        Ok(Ask { caller, now, config_type: self.config_type, path: self.path, query: self.query, body: self.body })
    }
}

/// Reads `a=1&b=2` with URL encoding.
pub(crate) fn parse_form(text: &str) -> HashMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

impl Ask {
    /// A parameter of the path.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// A parameter of the query; an empty one counts as absent.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// All parameters of the query.
    pub(crate) fn queries(&self) -> &HashMap<String, String> {
        &self.query
    }

    /// Whether a body came with the request.
    pub(crate) fn has_body(&self) -> bool {
        !self.body.is_empty()
    }

    /// The body as a JSON object.
    pub(crate) fn object(&self) -> Result<Object, ServiceError> {
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(ServiceError::bad_request("the body must be a JSON object")),
            // The parser's own text is not repeated: it may quote the body.
            Err(_) => Err(ServiceError::bad_request("the body is not valid JSON")),
        }
    }

    /// The place of the secret of the path, if the caller has the action in its group.
    pub(crate) fn secret(&self, state: &State, parameter: &str, permission: Permission) -> Result<usize, ServiceError> {
        self.caller.require_somewhere(permission)?;
        let index = state.secret_index(self.param(parameter))?;
        self.caller.require_in(permission, &state.secrets[index].group)?;
        Ok(index)
    }

    /// The place of the version of the path.
    pub(crate) fn version(&self, secret: &Secret) -> Result<usize, ServiceError> {
        let id = self.param("id");
        secret.version_index(id).ok_or_else(|| ServiceError::not_found(id))
    }
}
