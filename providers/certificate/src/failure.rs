//! What can go wrong, in words for the person who owns the secret.

use credjob::prelude::*;

/// Failures of the certificate provider. None of them leaves anything behind: nothing is kept outside Secrets Manager.
#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "CERTIFICATE")]
#[non_exhaustive]
pub enum CertificateFailure {
    /// An entry of SAN is neither a DNS name nor an IP address. Correct the secret's parameter `san`.
    #[error(
        "SM_SAN_VALUE: entry {position} is neither a DNS name (letters, digits, hyphens and dots; `*.` in front is \
         allowed; international names in their `xn--` form) nor an IP address"
    )]
    #[failure(nothing_created)]
    BadSan {
        /// Which entry, counted from 1.
        position: usize,
    },
    /// No key and certificate could be made that pass the check before publishing. Rotate again; if it stays, report it with
    /// the job's log.
    #[error("no certificate was issued: {0}; rotate again, and report it with the job's log if it stays")]
    #[failure(nothing_created)]
    NotIssued(#[from] Problem),
}

/// Why no certificate was issued: it could not be made, or the check before publishing found something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The cryptographic library made no key.
    #[error("the private key could not be generated")]
    NoKey(#[source] rcgen::Error),
    /// The cryptographic library made no certificate or no signature.
    #[error("the certificate could not be made or signed")]
    NoCertificate(#[source] rcgen::Error),
    /// The key does not parse.
    #[error("the private key cannot be read back")]
    UnreadableKey,
    /// The certificate does not parse.
    #[error("the certificate cannot be read back")]
    UnreadableCertificate,
    /// The certificate names another public key, or does not accept a signature of this key.
    #[error("the certificate belongs to another key")]
    ForeignKey,
    /// The certificate's serial number is not the credentials id.
    #[error("the certificate's serial number is not the credentials id")]
    ForeignSerial,
    /// The certificate does not verify for a TLS server with itself as the only trusted root.
    #[error("the certificate does not verify for a TLS server")]
    NotVerified,
}
