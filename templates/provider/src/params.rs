//! Inputs of the job. A field `base_url` is declared as `SMIN_BASE_URL`; its doc comment is its description.

use credjob::prelude::*;

/// Inputs of the {{project_name}} job.
#[derive(Debug, Clone, Params)]
pub struct {{type_prefix}}Params {
    /// The base URL of the system, such as `https://tokens.example.com`. Its host must be in `CREDJOB_ALLOWED_HOSTS`.
    pub base_url: String,
    /// The arbitrary secret with the token that may create and delete tokens.
    pub login_secret_id: SecretId,
    /// What the new token may do.
    #[param(default = Access::Read)]
    pub access: Access,
}

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ParamEnum)]
pub enum Access {
    /// Read only.
    Read,
    /// Read and write.
    Write,
}
