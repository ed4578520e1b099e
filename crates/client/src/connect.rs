//! A handle for people and tools: the same client as a job's, put together from a few facts.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use credjob_contract::{Auth, InstanceUrl};
use credjob_http::{Budget, Clock, HostGuard, HttpClient, Ledger, OsRandom, ReqwestTransport, Roots, TlsError};

use crate::{SecretsManager, Tokens};

/// What it takes to reach an instance.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The instance.
    pub instance: InstanceUrl,
    /// IAM; a trailing `/identity/token` is removed.
    pub iam_url: String,
    /// How to log in.
    pub auth: Auth,
    /// A PEM file trusted in addition (`CREDJOB_CA_FILE`).
    pub ca_file: Option<PathBuf>,
    /// A PEM file that replaces the bundled roots (`SSL_CERT_FILE`).
    pub ssl_cert_file: Option<PathBuf>,
    /// How long a call may take with all its attempts, token included. See [`SecretsManager::renew_budget`].
    pub patience: Duration,
}

impl SecretsManager {
    /// A handle over real sockets. An API key that IAM does not know is not tried again: a person's key is not renewed the
    /// moment before, as a job's is.
    ///
    /// # Errors
    /// [`TlsError`] if a certificate file is missing or holds no certificate. Nothing is sent.
    pub fn connect(connection: Connection) -> Result<Self, TlsError> {
        let Connection { instance, iam_url, auth, ca_file, ssl_cert_file, patience } = connection;
        let transport = ReqwestTransport::new(Roots { ssl_cert_file, ca_file });
        transport.prepare()?;
        let budget = Budget::lasting(patience);
        let http = HttpClient::new(
            Arc::new(transport),
            Clock::system(),
            Arc::new(OsRandom),
            HostGuard::closed(),
            Ledger::new(),
            budget,
        );
        let tokens = Tokens::new(http.clone(), iam_url, auth).without_key_patience();
        Ok(Self::new(http, instance, Arc::new(tokens)))
    }

    /// Gives the following calls this much time, those of clones included; after [`SecretsManager::connect`] also token
    /// fetches.
    pub fn renew_budget(&self, patience: Duration) {
        self.http().budget().set(tokio::time::Instant::now() + patience);
    }
}
