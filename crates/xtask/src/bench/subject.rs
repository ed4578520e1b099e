//! The runs that are measured: one creation of each provider.

use std::path::Path;
use std::process::Command;

use super::server::{LOGIN, SECRET, Server, TASK};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A certificate with an ECDSA key: an RSA key would hide everything else.
    Certificate,
    /// An access token of `jfrog`.
    Jfrog,
}

impl Subject {
    pub(crate) const ALL: [Self; 2] = [Self::Certificate, Self::Jfrog];

    pub(crate) fn provider(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Jfrog => "jfrog",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Certificate => "certificate, create (ECDSA)",
            Self::Jfrog => "jfrog, create",
        }
    }

    /// The job with exactly the environment of a run (PROTOCOL 1.1).
    pub(crate) fn command(self, binary: &Path, server: &Server) -> Command {
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
        };
        job
    }
}
