//! What can go wrong, in words for the person who owns the secret: what failed, where, what to do. No secret, no driver text.

use credjob::prelude::*;

/// Failures of the {{project_name}} provider. Everything else (unreachable, timed out, a bad parameter) has a code of the framework.
#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "{{code_prefix}}")]
#[non_exhaustive]
pub enum {{type_prefix}}Failure {
    /// The system refused the login token. Renew the login secret.
    #[error("the system refused the login token (401); renew the login secret")]
    #[failure(nothing_created)]
    LoginRejected,
    /// The system's answer to creating a token could not be understood. What it may have created is looked for and deleted.
    #[error("the answer to creating a token cannot be understood; check that no proxy answers in the system's place")]
    BadAnswer(#[source] HttpError),
    /// The credentials id to delete is not one of this provider and of this system, so nothing was sent. Correct the base URL, or delete the token by hand.
    #[error("the credentials id names no token of this system; correct the base URL, or delete the token by hand")]
    BadCredentialsId,
    /// The new token does not work. It is deleted; try again later.
    #[error("the system does not accept the new token (401), so it was not published; try again later")]
    #[failure(transient)]
    TokenNotAccepted,
}
