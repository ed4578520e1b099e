//! How the requests travel.

use std::path::Path;
use std::process::Command;

/// Plain HTTP, or TLS by whom job and curl trust. Both verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// HTTP.
    Plain,
    /// Only the authority of the servers: curl has nothing else to read.
    PrivateAuthority,
    /// That authority and the public ones: the job's are in its binary, curl reads the directory's file.
    FullDirectory,
}

impl Wire {
    pub(crate) const ALL: [Self; 3] = [Self::Plain, Self::PrivateAuthority, Self::FullDirectory];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Plain => "plain HTTP",
            Self::PrivateAuthority => "TLS, one private CA",
            Self::FullDirectory => "TLS, full CA directory",
        }
    }

    pub(crate) fn is_tls(self) -> bool {
        self != Self::Plain
    }

    /// Tells a job whom to trust.
    pub(crate) fn trust(self, job: &mut Command, ca_file: &Path) {
        match self {
            Self::Plain => {}
            Self::PrivateAuthority => drop(job.env("SSL_CERT_FILE", ca_file)),
            Self::FullDirectory => drop(job.env("CREDJOB_CA_FILE", ca_file)),
        }
    }
}
