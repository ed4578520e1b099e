//! The runs that are measured: one creation of each provider.

use std::path::Path;
use std::process::Command;

use super::answer::{LOGIN, SECRET, TASK};
use super::offers::Offers;
use super::server::Server;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A certificate with an ECDSA key: an RSA key would hide everything else.
    Certificate,
    /// An access token of `jfrog`.
    Jfrog,
    /// A role on a private server.
    Postgres,
}

impl Subject {
    pub(crate) const ALL: [Self; 3] = [Self::Certificate, Self::Jfrog, Self::Postgres];

    pub(crate) fn provider(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Jfrog => "jfrog",
            Self::Postgres => "postgres",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Certificate => "certificate, create (ECDSA)",
            Self::Jfrog => "jfrog, create",
            Self::Postgres => "postgres, create",
        }
    }

    /// What the curl process beside it does.
    pub(crate) fn curl_title(self) -> &'static str {
        match self {
            Self::Certificate | Self::Jfrog => "  one curl",
            Self::Postgres => "  one curl, HTTP part only",
        }
    }

    /// What the table cannot show.
    pub(crate) fn note(self) -> Option<&'static str> {
        match self {
            Self::Certificate | Self::Jfrog => None,
            Self::Postgres => Some(
                "postgres: the columns count HTTP. To PostgreSQL, create makes one TLS connection and verify one; wall includes the server's work, on the same cores.",
            ),
        }
    }

    /// Whether it needs a real system, which the provider's target starts.
    pub(crate) fn has_target(self) -> bool {
        self == Self::Postgres
    }

    /// The job with exactly the environment of a run (PROTOCOL 1.1).
    pub(crate) fn command(self, binary: &Path, server: &Server, offers: &Offers) -> Command {
        let mut job = Command::new(binary);
        job.envs([
            ("SM_ACTION", "create_credentials"),
            ("SM_TRIGGER", "secret_creation"),
            ("SM_INSTANCE_URL", &server.service),
            ("SM_SECRET_TASK_ID", TASK),
            ("SM_SECRET_ID", SECRET),
            ("SM_SECRET_NAME", "bench"),
            ("SM_SECRET_GROUP_ID", "default"),
            ("SM_ACCESS_APIKEY", "canary-bench-api-key"),
            ("CREDJOB_IAM_URL", &server.service),
        ]);
        match self {
            Self::Certificate => job.envs([("SM_COMMON_NAME_VALUE", "example.com"), ("SM_KEY_ALGO_VALUE", "ECDSA")]),
            Self::Jfrog => job.envs([
                ("SM_JFROG_BASE_URL_VALUE", server.platform.as_str()),
                ("SM_LOGIN_SECRET_ID_VALUE", LOGIN),
                ("SM_USERNAME_VALUE", "bench"),
                ("CREDJOB_ALLOWED_HOSTS", "127.0.0.1"),
            ]),
            Self::Postgres => job.envs(offers.environment.iter().map(|(name, value)| (name, value))),
        };
        job
    }
}
