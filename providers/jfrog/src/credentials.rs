//! Outputs of the job.

use credjob::prelude::*;

/// A JFrog access token.
#[derive(Debug, Clone, Credentials)]
pub struct JfrogToken {
    /// The access token (a JWT).
    pub access_token: Secret<String>,
    /// The reference token: 64 characters that stand for the access token.
    pub reference_token: Option<Secret<String>>,
    /// The refresh token.
    pub refresh_token: Option<Secret<String>>,
}
