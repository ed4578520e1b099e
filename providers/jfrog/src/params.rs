//! Inputs of the job: names, types and `required` as in IBM's example provider, and one of our own.

use credjob::prelude::*;

/// Seconds until a token expires, when the secret does not say: 90 days, as in IBM's example provider.
const DEFAULT_EXPIRY: i64 = 90 * 86_400;

/// Inputs of the JFrog job. Lengths are those of JFrog's API (PROVIDERS 1).
#[derive(Debug, Clone, Params)]
pub struct JfrogParams {
    /// The user that the token is for; by default the owner of the login token. Name a service, not a person.
    #[param(max_length = 255)]
    pub username: Option<String>,
    /// The scope of the token, such as `applied-permissions/groups:readers`.
    #[param(default = "applied-permissions/user", max_length = 500)]
    pub scope: String,
    /// Seconds until the token expires; 0 = never. JFrog cannot revoke tokens of 1 to 21600 seconds: they are refused.
    #[param(default = DEFAULT_EXPIRY, min = 0)]
    pub expires_in_seconds: i64,
    /// Whether JFrog gives a refresh token too.
    #[param(default = false)]
    pub refreshable: bool,
    /// A description; it follows the marker and is cut to 1024 characters with it.
    #[param(max_length = 1024)]
    pub description: Option<String>,
    /// The services that accept the token, separated by spaces.
    #[param(default = "*@*", max_length = 255)]
    pub audience: String,
    /// Whether JFrog gives a reference token too (Artifactory 7.38.10 or later).
    #[param(default = false)]
    pub include_reference_token: bool,
    /// The secret with an admin token of the platform: arbitrary, or custom credentials with `access_token`.
    pub login_secret_id: SecretId,
    /// The platform's base URL, such as `https://example.jfrog.io`. Its host must be in `CREDJOB_ALLOWED_HOSTS`.
    pub jfrog_base_url: String,
    /// Whether JFrog keeps the token revocable however soon it expires (Artifactory 7.50.3 or later).
    #[param(default = false)]
    pub force_revocable: bool,
}
