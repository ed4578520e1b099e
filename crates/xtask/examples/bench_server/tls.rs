//! A certificate authority for one run, and the certificate of the servers.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;

/// A new authority, whose certificate goes to `ca_file`, and TLS with a certificate of it for 127.0.0.1. Keys are P-256; nothing else knows them.
pub(crate) fn with_new_authority(ca_file: &Path) -> Result<Arc<ServerConfig>, String> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // rcgen gives every certificate the same name, and OpenSSL takes a certificate for self-signed whose issuer has its own name.
    authority.distinguished_name.push(DnType::CommonName, "bench authority");
    let authority = CertifiedIssuer::self_signed(authority, new_key()?).map_err(cannot)?;
    let key = new_key()?;
    let server = CertificateParams::new(["127.0.0.1".to_owned()]).map_err(cannot)?;
    let server = server.signed_by(&key, &authority).map_err(cannot)?;
    std::fs::write(ca_file, authority.pem()).map_err(cannot)?;

    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(cannot)?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = config.with_no_client_auth().with_single_cert(vec![server.der().clone()], key.into());
    config.map(Arc::new).map_err(cannot)
}

fn new_key() -> Result<KeyPair, String> {
    KeyPair::generate().map_err(cannot)
}

fn cannot(error: impl std::fmt::Display) -> String {
    format!("cannot serve TLS: {error}")
}
