//! Outputs of the job. A field `token` is declared as `SMOUT_TOKEN`.

use credjob::prelude::*;

/// What Secrets Manager stores.
#[derive(Debug, Clone, Credentials)]
pub struct {{type_prefix}}Token {
    /// The token.
    pub token: Secret<String>,
}
