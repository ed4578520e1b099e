//! An authority and a server's certificate, for one test.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};

pub(crate) struct Certificates {
    /// The authority's certificate.
    pub(crate) authority: String,
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Certificates {
    /// A certificate for these hosts.
    pub(crate) fn for_hosts(hosts: &[&str]) -> Self {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("an authority");
        let mut server =
            CertificateParams::new(hosts.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("hosts");
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().expect("a key");
        let certificate = server.signed_by(&key, &issuer).expect("a certificate");
        Self { authority: issuer.pem(), certificate: certificate.pem(), key: key.serialize_pem() }
    }
}
