//! TLS for jobs: an explicit crypto provider and a root store that is built once.
//!
//! Neither the process-wide default provider nor the platform's verifier is used. The first is ambiguous when a build
//! holds both providers; the second reads the machine's certificate directory at each start (4 to 6 ms, SERVERS section 4)
//! and is missing in a container that holds nothing but the job.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, Error, RootCertStore,
    crypto::{CryptoProvider, KeyProvider},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::SigningKey,
};

/// The variable that names a PEM file used instead of the bundled roots.
const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
/// The variable that names a PEM file trusted in addition.
const CREDJOB_CA_FILE: &str = "CREDJOB_CA_FILE";

/// Whom to trust: Mozilla's roots, bundled in the binary, unless a file says otherwise. The default is the bundle alone.
#[derive(Debug, Clone, Default)]
pub struct Roots {
    /// A PEM file that replaces the bundle (`SSL_CERT_FILE`).
    pub ssl_cert_file: Option<PathBuf>,
    /// A PEM file trusted in addition (`CREDJOB_CA_FILE`).
    pub ca_file: Option<PathBuf>,
}

/// Why the roots cannot be used. The text names the variable and the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read, or something in it is no certificate.
    #[error("{variable}: cannot use {}: {reason}", file.display())]
    File {
        /// The variable.
        variable: &'static str,
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The crypto provider refuses the protocol versions; a fault of the build.
    #[error("the crypto provider of this build speaks no usable TLS version")]
    Provider,
}

impl Roots {
    /// A client configuration that trusts these roots. Reads the files.
    ///
    /// # Errors
    /// [`TlsError`] if a file is missing or holds no certificate.
    pub fn client_config(&self) -> Result<ClientConfig, TlsError> {
        let store = self.store()?;
        let provider = CryptoProvider { key_provider: &NoClientKeys, ..provider() };
        let builder = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .map_err(|_| TlsError::Provider)?;
        Ok(builder.with_root_certificates(store).with_no_client_auth())
    }

    fn store(&self) -> Result<RootCertStore, TlsError> {
        let mut store = RootCertStore::empty();
        match &self.ssl_cert_file {
            Some(file) => add_file(&mut store, SSL_CERT_FILE, file)?,
            None => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        if let Some(file) = &self.ca_file {
            add_file(&mut store, CREDJOB_CA_FILE, file)?;
        }
        Ok(store)
    }
}

fn add_file(store: &mut RootCertStore, variable: &'static str, file: &Path) -> Result<(), TlsError> {
    let problem = |reason: &str| TlsError::File { variable, file: file.to_owned(), reason: reason.to_owned() };
    let pem = std::fs::read(file).map_err(|error| problem(&error.kind().to_string()))?;
    let mut added = 0;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| problem("it is not PEM"))?;
        // The system's own bundle may hold a certificate that rustls cannot read; one's own file may not.
        match store.add(certificate) {
            Ok(()) => added += 1,
            Err(_) if variable == SSL_CERT_FILE => {}
            Err(_) => return Err(problem("it holds something that is no certificate")),
        }
    }
    if added == 0 {
        return Err(problem("it holds no certificate"));
    }
    Ok(())
}

/// A job never identifies itself by a certificate. So nothing that loads private keys and signs with them is linked: 60 kB
/// less in every image.
#[derive(Debug)]
struct NoClientKeys;

impl KeyProvider for NoClientKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        Err(Error::General("a job has no client certificate".to_owned()))
    }
}

#[cfg(feature = "aws-lc-rs")]
pub(crate) fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
pub(crate) fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
compile_error!(
    "credjob-http needs a crypto provider: enable the feature `ring` (the default of `credjob`) or `aws-lc-rs`"
);

#[cfg(test)]
mod tests;
