//! The certificate provider, which has no system: nothing holds a certificate but Secrets Manager.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credjob_testkit::target::{Target, TargetError, TargetSettings};
use serde_json::Value;

/// No system at all.
pub(crate) struct CertificateTarget;

impl Target for CertificateTarget {
    async fn start() -> Result<Self, TargetError> {
        Ok(Self)
    }

    fn settings(&self) -> TargetSettings {
        TargetSettings::new().param("common_name", "www.example.com").param("key_algo", "ECDSA")
    }

    async fn live(&self) -> Result<Option<usize>, TargetError> {
        Ok(None)
    }

    /// Whether both halves are there. Whether they fit is a test of its own.
    async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
        let is_pem = |output: &str| {
            let pem = STANDARD.decode(payload[output].as_str().unwrap_or_default()).unwrap_or_default();
            pem.starts_with(b"-----BEGIN ")
        };
        Ok(is_pem("private_key_base64") && is_pem("certificate_base64"))
    }
}
