//! Inputs of the job: names, types and `required` as in IBM's example provider.

use credjob::prelude::*;

/// Days until a certificate expires, when the secret does not say.
const DEFAULT_DAYS: i64 = 90;

/// Inputs of the certificate job.
#[derive(Debug, Clone, Params)]
pub struct CertificateParams {
    /// The common name (CN) of the certificate. It becomes its only subject alternative name when SAN is not set.
    #[param(min_length = 1, max_length = 64)] // RFC 5280 appendix A: ub-common-name
    pub common_name: String,
    /// The organization (O) of the certificate.
    #[param(max_length = 64)] // RFC 5280 appendix A: ub-organization-name
    pub org: Option<String>,
    /// The country (C) of the certificate: two letters, ISO 3166.
    #[param(pattern = "[A-Za-z]{2}")]
    pub country: Option<String>,
    /// Subject alternative names: DNS names and IP addresses, separated by commas.
    pub san: Option<String>,
    /// Days until the certificate expires.
    #[param(default = DEFAULT_DAYS, min = 1, max = 3650)]
    pub expiration_days: i64,
    /// The key: RSA with 2048 bits, or ECDSA on the curve P-256.
    #[param(default = KeyAlgorithm::Rsa)]
    pub key_algo: KeyAlgorithm,
    /// The hash function of the certificate's signature.
    #[param(default = SignatureAlgorithm::Sha256)]
    pub sign_algo: SignatureAlgorithm,
}

/// The kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ParamEnum)]
pub enum KeyAlgorithm {
    /// RSA, 2048 bits.
    Rsa,
    /// ECDSA on P-256.
    Ecdsa,
}

/// The hash function of the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ParamEnum)]
pub enum SignatureAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}
