//! What can go wrong, in words for the person who owns the secret.

use std::fmt;

use credjob::contract::redact::excerpt;
use credjob::prelude::*;

/// Failures of the JFrog provider.
#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "JFROG")]
#[non_exhaustive]
pub enum JfrogFailure {
    /// JFROG_BASE_URL is not the https URL of a platform. Correct the secret's parameter `jfrog_base_url`.
    #[error("SM_JFROG_BASE_URL_VALUE: {why}; give the platform's URL, such as https://example.jfrog.io")]
    #[failure(nothing_created)]
    BadBaseUrl {
        /// What is wrong.
        why: &'static str,
    },
    /// The token would expire so soon that JFrog could not revoke it. Raise `expires_in_seconds`, or set
    /// `force_revocable`.
    #[error(
        "SM_EXPIRES_IN_SECONDS_VALUE: JFrog cannot revoke a token that expires within {UNREVOCABLE_UP_TO} seconds \
         (6 hours): give a longer time, or 0 for a token that never expires, or set force_revocable (Artifactory 7.50.3 \
         or later)"
    )]
    #[failure(nothing_created)]
    UnrevocableExpiry,
    /// The login secret does not hold a bearer token. Store the token alone in it.
    #[error(
        "SM_LOGIN_SECRET_ID_VALUE: the secret holds something else than a bearer token; store the token alone, without \
         quotes, JSON or line breaks around it"
    )]
    #[failure(nothing_created)]
    BadLogin,
    /// JFrog does not accept the login token. Put a valid admin token of this platform into the login secret.
    #[error("{host} rejected the login token (401); put a valid admin token of this platform into the login secret")]
    LoginRejected {
        /// The platform's host.
        host: String,
        /// What it answered.
        #[source]
        refusal: Refusal,
    },
    /// JFrog does not allow the login to do this. Use an admin token; a longer expiry than the platform's limit is
    /// refused this way too.
    #[error(
        "{host} does not allow this (403): the login token needs the scope applied-permissions/admin, and the \
         platform may limit scopes and expires_in_seconds; its reason is in the job's log"
    )]
    NotPermitted {
        /// The platform's host.
        host: String,
        /// What it answered.
        #[source]
        refusal: Refusal,
    },
    /// JFrog refused the parameters. Correct them; JFrog's reason is in the job's log.
    #[error(
        "{host} refused the request for a token (400): check username, scope, audience and expires_in_seconds; its reason \
         is in the job's log"
    )]
    ParametersRefused {
        /// The platform's host.
        host: String,
        /// What it answered.
        #[source]
        refusal: Refusal,
    },
    /// The URL does not lead to the token API of a JFrog platform (7.21.1 or later). Correct `jfrog_base_url`.
    #[error(
        "{host} has no JFrog token API at this URL (404): check SM_JFROG_BASE_URL_VALUE, and that the platform is 7.21.1 or \
         later"
    )]
    NoTokenApi {
        /// The platform's host.
        host: String,
        /// What it answered.
        #[source]
        refusal: Refusal,
    },
    /// The answer to creating a token names no token. What it may have created is looked for and revoked.
    #[error(
        "the answer of {host} to creating a token names no token; check that no proxy or login page answers in its place"
    )]
    UnnamedToken {
        /// The platform's host.
        host: String,
        /// What is wrong with the answer.
        #[source]
        problem: AnswerProblem,
    },
    /// JFrog made an access token but not the other token that was asked for. The access token is revoked. Unset the
    /// parameter, or update the platform.
    #[error("{host} gave no {what}; unset SM_{parameter}_VALUE, or update the platform")]
    TokenMissing {
        /// The platform's host.
        host: String,
        /// The missing token.
        what: &'static str,
        /// The input that asked for it.
        parameter: &'static str,
    },
    /// The credentials id to delete does not name a JFrog token, so nothing was sent. Revoke the token by hand if there is
    /// one.
    #[error(
        "SM_CREDENTIALS_ID is neither `<token id>@<platform>` nor the id of a JFrog token (a UUID); nothing was sent: \
         revoke the token of this secret version by hand"
    )]
    #[failure(nothing_created)]
    BadCredentialsId,
    /// The token to delete belongs to another platform than the one that `jfrog_base_url` names now, so nothing was sent.
    /// Set `jfrog_base_url` back, rotate, then change it.
    #[error(
        "the token is one of {own}, but jfrog_base_url names {configured}; nothing was sent: set jfrog_base_url back to \
         {own}, rotate, then change it"
    )]
    #[failure(nothing_created)]
    OtherPlatform {
        /// The host of the token's own platform.
        own: String,
        /// The host that `jfrog_base_url` names.
        configured: String,
    },
    /// Another JFrog platform issued the token. Set `jfrog_base_url` back to the platform that did.
    #[error(
        "{host} cannot revoke the token because another platform issued it (400); set jfrog_base_url back to the \
         platform that did"
    )]
    ForeignToken {
        /// The platform's host.
        host: String,
        /// What it answered.
        #[source]
        refusal: Refusal,
    },
    /// JFrog answered with a status that its documentation does not name. Check that no proxy answers in its place.
    #[error(
        "{host} answered {operation} with status {status}, which JFrog does not document; check that no proxy answers in its place"
    )]
    UnexpectedStatus {
        /// The platform's host.
        host: String,
        /// What was asked for.
        operation: &'static str,
        /// The status.
        status: u16,
    },
    /// A web page came instead of JFrog's answer, so nothing is known to be done. Check that no proxy or login page answers
    /// in its place.
    #[error(
        "a web page answered in place of {host} ({operation}); check that no proxy or login page stands before it, and \
         SM_JFROG_BASE_URL_VALUE"
    )]
    #[failure(transient)]
    WebPage {
        /// The platform's host.
        host: String,
        /// What was asked for.
        operation: &'static str,
    },
    /// JFrog does not accept the new token. It is revoked; try again later.
    #[error("{host} does not accept the new token (401), so it was not published; rotate again later")]
    #[failure(transient)]
    TokenNotAccepted {
        /// The platform's host.
        host: String,
        /// What it answered.
        #[source]
        refusal: Refusal,
    },
    /// The list of tokens could not be understood, so nobody knows what is left of this task.
    #[error(
        "the list of tokens that {host} gave cannot be understood; look for tokens with this task's marker by hand"
    )]
    BadList {
        /// The platform's host.
        host: String,
        /// What is wrong with the answer.
        #[source]
        problem: AnswerProblem,
    },
}

/// JFrog cannot revoke a token that expires within this many seconds: the default of the platform's setting
/// `revocable-expiry-threshold` (PROVIDERS 1).
pub(crate) const UNREVOCABLE_UP_TO: i64 = 21_600;

/// The longest reason of JFrog that goes to the log, in characters.
const MAX_REASON: usize = 500;

/// What JFrog wrote about a refusal, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(String);

impl Refusal {
    /// Reads `{errors:[{code, message, detail}]}` (PROVIDERS 1); any other body is not repeated.
    pub(crate) fn of(error: &HttpError) -> Self {
        let body = error.response().and_then(|response| response.json().ok());
        let first = body.as_ref().and_then(|body| body.pointer("/errors/0"));
        let text = |key| first.and_then(|error| error.get(key)).and_then(serde_json::Value::as_str);
        let said: Vec<&str> = ["code", "message", "detail"].into_iter().filter_map(text).collect();
        let said = if said.is_empty() { "no reason given".to_owned() } else { said.join(": ") };
        Self(excerpt(&said, MAX_REASON))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JFrog's reason: {}", self.0)
    }
}

impl std::error::Error for Refusal {}

/// What is wrong with an answer of status 200.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerProblem {
    /// It is not the documented JSON.
    #[error(transparent)]
    Unreadable(HttpError),
    /// A token's id is not a UUID.
    #[error("a token_id is not a UUID")]
    BadId,
}
