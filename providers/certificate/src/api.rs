//! Keys and certificates: the only file (with its submodules) that makes or checks them.

mod p256_sha512;
mod pem;

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credjob::prelude::*;
use rcgen::{
    CertificateParams as Template, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, PKCS_RSA_SHA512, PublicKeyData as _, RsaKeySize, SanType,
    SerialNumber, SigningKey as _,
};
use rustls_pki_types::alg_id::RSA_ENCRYPTION;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer, SignatureVerificationAlgorithm, UnixTime};
use webpki::aws_lc_rs as verifiers;
use zeroize::Zeroizing;

use self::p256_sha512::P256Sha512;
use crate::failure::Problem;
use crate::names::{AlternativeName, alternative_names};
use crate::{CertificateFailure, CertificateParams, KeyAlgorithm, SignatureAlgorithm};

/// How far back a certificate's validity begins, for users whose clock is behind the job's.
const CLOCK_SKEW: Duration = Duration::from_secs(60);
/// Seconds of a day.
const DAY: u64 = 86_400;

/// A certificate to make: parameters that are known to be good.
#[derive(Debug)]
pub(crate) struct Order {
    subject: DistinguishedName,
    names: Vec<SanType>,
    lifetime: Duration,
    key: KeyAlgorithm,
    signature: SignatureAlgorithm,
}

/// A key and its certificate.
#[derive(Debug)]
pub(crate) struct Issued {
    /// The serial number, which is the credentials id in decimal.
    pub(crate) serial: u128,
    /// PKCS#8.
    pub(crate) private_key_pem: Secret<String>,
    pub(crate) certificate_pem: String,
}

impl Order {
    /// Checks what the parameter rules cannot: the names.
    pub(crate) fn new(params: &CertificateParams) -> Result<Self, CertificateFailure> {
        let names = alternative_names(params.san.as_deref(), &params.common_name)?;
        Ok(Self {
            subject: subject(params).map_err(Problem::NoCertificate)?,
            names: names.into_iter().map(general_name).collect::<Result<_, _>>().map_err(Problem::NoCertificate)?,
            // The parameter's range is 1 to 3650.
            lifetime: Duration::from_secs(params.expiration_days.unsigned_abs() * DAY),
            key: params.key_algo,
            signature: params.sign_algo,
        })
    }

    fn template(&self, serial: u128, now: SystemTime) -> Template {
        let mut template = Template::default();
        template.serial_number = Some(SerialNumber::from_slice(&serial.to_be_bytes()));
        template.not_before = (now - CLOCK_SKEW).into();
        template.not_after = (now + self.lifetime).into();
        template.distinguished_name = self.subject.clone();
        template.subject_alt_names.clone_from(&self.names);
        // A leaf, as in IBM's example: `CA:FALSE`, good for a TLS server and for nothing else.
        template.is_ca = IsCa::ExplicitNoCa;
        template.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        template.key_usages = match self.key {
            KeyAlgorithm::Rsa => vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment],
            // RFC 8813 section 3: an ECDSA key cannot encipher.
            KeyAlgorithm::Ecdsa => vec![KeyUsagePurpose::DigitalSignature],
        };
        template
    }
}

/// Makes a new key and a certificate for it, valid from `now` on.
pub(crate) fn issue(order: &Order, now: SystemTime) -> Result<Issued, CertificateFailure> {
    let key = new_key(order).map_err(Problem::NoKey)?;
    let serial = new_serial().map_err(Problem::NoCertificate)?;
    let template = order.template(serial, now);
    let certificate = match (order.key, order.signature) {
        (KeyAlgorithm::Ecdsa, SignatureAlgorithm::Sha512) => {
            P256Sha512::new(&key).and_then(|signer| template.signed_by(&*key, &Issuer::from_params(&template, signer)))
        }
        _ => template.self_signed(&*key),
    };
    let certificate = certificate.map_err(Problem::NoCertificate)?;
    Ok(Issued {
        serial,
        private_key_pem: Secret::new(std::mem::take(&mut *pem::encode("PRIVATE KEY", key.serialized_der()))),
        certificate_pem: std::mem::take(&mut *pem::encode("CERTIFICATE", certificate.der())),
    })
}

/// Proves that a published pair will work: both read back, the certificate names this key and accepts its signatures,
/// verifies for a TLS server at `now` as its own root, and carries `id` as its serial number.
pub(crate) fn check(
    private_key_base64: &str,
    certificate_base64: &str,
    id: &str,
    now: SystemTime,
) -> Result<(), CertificateFailure> {
    let key = read_key(private_key_base64).ok_or(Problem::UnreadableKey)?;
    let der = STANDARD
        .decode(certificate_base64)
        .ok()
        .and_then(|pem| CertificateDer::from_pem_slice(&pem).ok())
        .ok_or(Problem::UnreadableCertificate)?;
    let certificate = webpki::EndEntityCert::try_from(&der).map_err(|_| Problem::UnreadableCertificate)?;
    if !belongs_to(&certificate, &key) {
        return Err(Problem::ForeignKey.into());
    }
    if decimal(certificate.serial()).as_deref() != Some(id) {
        return Err(Problem::ForeignSerial.into());
    }
    let anchor = webpki::anchor_from_trusted_cert(&der).map_err(|_| Problem::UnreadableCertificate)?;
    let now = UnixTime::since_unix_epoch(now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default());
    certificate
        .verify_for_usage(SIGNATURES, &[anchor], &[], now, webpki::KeyUsage::server_auth(), None, None)
        .map_err(|_| Problem::NotVerified)?;
    Ok(())
}

/// The signatures that [`issue`] makes.
const SIGNATURES: &[&dyn SignatureVerificationAlgorithm] = &[
    verifiers::RSA_PKCS1_2048_8192_SHA256,
    verifiers::RSA_PKCS1_2048_8192_SHA512,
    verifiers::ECDSA_P256_SHA256,
    verifiers::ECDSA_P256_SHA512,
];

fn new_key(order: &Order) -> Result<Zeroizing<KeyPair>, rcgen::Error> {
    let key = match (order.key, order.signature) {
        (KeyAlgorithm::Rsa, SignatureAlgorithm::Sha256) => {
            KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)
        }
        (KeyAlgorithm::Rsa, SignatureAlgorithm::Sha512) => {
            KeyPair::generate_rsa_for(&PKCS_RSA_SHA512, RsaKeySize::_2048)
        }
        (KeyAlgorithm::Ecdsa, _) => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
    };
    key.map(Zeroizing::new)
}

/// A positive number of exactly 127 bits, 126 of them random.
///
/// RFC 5280 section 4.1.2.2 allows 159 bits; the CA/Browser Forum asks for 64 random ones.
fn new_serial() -> Result<u128, rcgen::Error> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| rcgen::Error::RingUnspecified)?;
    Ok(u128::from_be_bytes(bytes) >> 2 | 1 << 126)
}

fn subject(params: &CertificateParams) -> Result<DistinguishedName, rcgen::Error> {
    let mut subject = DistinguishedName::new();
    if let Some(country) = &params.country {
        // RFC 5280 appendix A: X520countryName is a PrintableString.
        subject.push(DnType::CountryName, DnValue::PrintableString(country.to_ascii_uppercase().try_into()?));
    }
    if let Some(org) = &params.org {
        subject.push(DnType::OrganizationName, org.as_str());
    }
    subject.push(DnType::CommonName, params.common_name.as_str());
    Ok(subject)
}

fn general_name(name: AlternativeName) -> Result<SanType, rcgen::Error> {
    Ok(match name {
        AlternativeName::Dns(name) => SanType::DnsName(name.try_into()?),
        AlternativeName::Ip(address) => SanType::IpAddress(address),
    })
}

fn read_key(base64: &str) -> Option<Zeroizing<KeyPair>> {
    let pem = Zeroizing::new(STANDARD.decode(base64).ok()?);
    let der = Zeroizing::new(PrivatePkcs8KeyDer::from_pem_slice(&pem).ok()?);
    // Named, since rcgen would try four kinds of key before RSA, and each try reads and checks the whole RSA key.
    let algorithm = if is_rsa(der.secret_pkcs8_der()) { &PKCS_RSA_SHA256 } else { &PKCS_ECDSA_P256_SHA256 };
    KeyPair::from_pkcs8_der_and_sign_algo(&der, algorithm).ok().map(Zeroizing::new)
}

/// Whether a PKCS#8 key is of RSA: the algorithm stands before everything but a length and the version (RFC 5208 section 5).
fn is_rsa(pkcs8: &[u8]) -> bool {
    const BEFORE: usize = 16;
    pkcs8.windows(RSA_ENCRYPTION.len()).take(BEFORE).any(|part| part == &*RSA_ENCRYPTION)
}

fn belongs_to(certificate: &webpki::EndEntityCert<'_>, key: &KeyPair) -> bool {
    // What is signed does not matter: a fixed text shows as well as a random one that this key made the signature.
    const CHALLENGE: &[u8] = b"credjob: this key belongs to this certificate";
    let verifier = if key.algorithm() == &PKCS_ECDSA_P256_SHA256 {
        verifiers::ECDSA_P256_SHA256
    } else {
        verifiers::RSA_PKCS1_2048_8192_SHA256
    };
    certificate.subject_public_key_info().as_ref() == key.subject_public_key_info()
        && key
            .sign(CHALLENGE)
            .is_ok_and(|signature| certificate.verify_signature(verifier, CHALLENGE, &signature).is_ok())
}

/// A big-endian number in decimal, if it has at most 128 bits.
fn decimal(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(&[0]).unwrap_or(bytes);
    if bytes.len() > size_of::<u128>() {
        return None;
    }
    Some(bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte)).to_string())
}

#[cfg(test)]
mod tests;
