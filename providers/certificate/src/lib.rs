//! Self-signed TLS certificates for Secrets Manager, with the inputs and outputs of IBM's example provider.
//!
//! Nothing outside Secrets Manager holds the key or the certificate: `create` makes both in memory, `delete` has nothing
//! to delete, and an attempt leaves nothing behind. See the README for inputs, outputs, failure codes and limits.

mod api;
mod credentials;
mod failure;
mod names;
mod params;
mod provider;

pub use credentials::Certificate;
pub use failure::CertificateFailure;
pub use params::{CertificateParams, KeyAlgorithm, SignatureAlgorithm};
pub use provider::CertificateProvider;
