//! The job: what Secrets Manager asks for.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credjob::prelude::*;

use crate::api::{self, Order};
use crate::{Certificate, CertificateFailure, CertificateParams};

/// Makes self-signed TLS certificates.
#[derive(Debug, Clone, Copy)]
pub struct CertificateProvider;

impl CredentialsProvider for CertificateProvider {
    type Params = CertificateParams;
    type Credentials = Certificate;
    type Codes = CertificateFailure;

    async fn create(&self, job: &Job<CertificateParams>) -> Result<Created<Certificate>, Failure> {
        let order = Order::new(job.params())?;
        // No marker: nothing is made outside this process, so an attempt leaves nothing to find.
        let issued = job.compute(move || Ok(api::issue(&order, SystemTime::now())?)).await?;
        let id = CredentialsId::new(issued.serial.to_string())?;
        let credentials = Certificate {
            private_key_base64: Secret::new(STANDARD.encode(issued.private_key_pem.expose())),
            certificate_base64: STANDARD.encode(&issued.certificate_pem),
        };
        Ok(Created::new(id, credentials))
    }

    /// Nothing holds the credential but Secrets Manager itself, which deletes its own copy.
    async fn delete(&self, _job: &Job<CertificateParams>, _id: &CredentialsId) -> Result<Deletion, Failure> {
        Ok(Deletion::Deleted)
    }

    /// Reads the outputs back as a user will, and proves that key, certificate and credentials id belong together.
    async fn verify(&self, job: &Job<CertificateParams>, created: &Created<Certificate>) -> Result<(), Failure> {
        let created = created.clone();
        job.compute(move || {
            let Certificate { private_key_base64, certificate_base64 } = &created.credentials;
            Ok(api::check(private_key_base64.expose(), certificate_base64, created.id.as_str(), SystemTime::now())?)
        })
        .await
    }

    async fn leftovers(&self, _job: &Job<CertificateParams>, _task: &TaskMarker) -> Result<Leftovers, Failure> {
        Ok(Leftovers::none())
    }
}
