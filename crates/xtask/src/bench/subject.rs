//! The runs that are measured.

use std::path::Path;
use std::process::Command;

use super::offers::Offers;
use super::servers::Servers;

/// A job and what it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A certificate with an ECDSA key: an RSA key would hide everything else.
    CertificateEcdsa,
    /// A certificate with an RSA key.
    CertificateRsa,
    /// An access token of `jfrog`, which is tried before it is published.
    Jfrog,
    /// A role on a private server.
    Postgres,
}

/// What Secrets Manager asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Delete,
}

impl Action {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
        }
    }
}

impl Subject {
    pub(crate) fn provider(self) -> &'static str {
        match self {
            Self::CertificateEcdsa | Self::CertificateRsa => "certificate",
            Self::Jfrog => "jfrog",
            Self::Postgres => "postgres",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::CertificateEcdsa => "certificate ECDSA",
            Self::CertificateRsa => "certificate RSA",
            Self::Jfrog => "jfrog",
            Self::Postgres => "postgres",
        }
    }

    /// The job with exactly the environment of a run (PROTOCOL 1.1).
    pub(crate) fn command(self, action: Action, binary: &Path, servers: &Servers, offers: &Offers) -> Command {
        let mut job = Command::new(binary);
        job.env_clear().envs([
            ("SM_INSTANCE_URL", servers.fact("service")),
            ("SM_SECRET_TASK_ID", servers.fact("task")),
            ("SM_SECRET_ID", servers.fact("secret")),
            ("SM_SECRET_NAME", "bench"),
            ("SM_SECRET_GROUP_ID", "default"),
            ("SM_ACCESS_APIKEY", "canary-bench-api-key"),
            ("CREDJOB_IAM_URL", servers.fact("iam")),
        ]);
        servers.wire.trust(&mut job, &servers.ca_file);
        match action {
            Action::Create => job.envs([("SM_ACTION", "create_credentials"), ("SM_TRIGGER", "secret_creation")]),
            Action::Delete => job.envs([
                ("SM_ACTION", "delete_credentials"),
                ("SM_TRIGGER", "secret_version_data_deletion"),
                ("SM_CREDENTIALS_ID", servers.fact("credentials")),
                // Any id: nothing is asked about the version.
                ("SM_SECRET_VERSION_ID", servers.fact("login")),
            ]),
        };
        match self {
            Self::CertificateEcdsa | Self::CertificateRsa => {
                let key = if self == Self::CertificateRsa { "RSA" } else { "ECDSA" };
                job.envs([("SM_COMMON_NAME_VALUE", "example.com"), ("SM_KEY_ALGO_VALUE", key)])
            }
            Self::Jfrog => job.envs([
                ("SM_JFROG_BASE_URL_VALUE", servers.fact("platform")),
                ("SM_LOGIN_SECRET_ID_VALUE", servers.fact("login")),
                ("SM_USERNAME_VALUE", "bench"),
                ("CREDJOB_ALLOWED_HOSTS", "127.0.0.1"),
            ]),
            Self::Postgres => job.envs(offers.environment.iter().map(|(name, value)| (name, value))),
        };
        job
    }
}
