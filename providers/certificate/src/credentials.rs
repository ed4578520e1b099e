//! Outputs of the job, named as in IBM's example provider.

use credjob::prelude::*;

/// A private key and its certificate.
#[derive(Debug, Clone, Credentials)]
pub struct Certificate {
    /// The private key: base64 of PEM, PKCS#8.
    pub private_key_base64: Secret<String>,
    /// The certificate: base64 of PEM.
    pub certificate_base64: String,
}
