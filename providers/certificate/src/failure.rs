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
    /// The key could not be generated. Rotate again; if it stays, report it with the job's log.
    #[error("the private key could not be generated")]
    #[failure(nothing_created)]
    KeyNotGenerated(#[source] rcgen::Error),
    /// The certificate could not be made or signed. Rotate again; if it stays, report it with the job's log.
    #[error("the certificate could not be made")]
    #[failure(nothing_created)]
    NotIssued(#[source] rcgen::Error),
    /// The new key and certificate did not pass the check before publishing. Rotate again; if it stays, report it with
    /// the job's log.
    #[error("the new key and certificate were not published: {problem}")]
    #[failure(nothing_created)]
    NotUsable {
        /// What the check found.
        problem: Problem,
    },
}

/// What the check before publishing found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
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
