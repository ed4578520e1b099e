//! ECDSA on P-256 over SHA-512: a pair that IBM's example offers and rcgen has no name for.

use aws_lc_rs::digest::{Digest, SHA256, SHA512, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use rcgen::{KeyPair, PKCS_ECDSA_P521_SHA512, PublicKeyData, SignatureAlgorithm, SigningKey};

/// Signs with a P-256 key over SHA-512.
pub(super) struct P256Sha512(EcdsaKeyPair);

impl P256Sha512 {
    /// A signer for a P-256 key.
    pub(super) fn new(key: &KeyPair) -> Result<Self, rcgen::Error> {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.serialized_der())
            .map(Self)
            .map_err(|_| rcgen::Error::CouldNotParseKeyPair)
    }
}

impl PublicKeyData for P256Sha512 {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// Of an issuer's algorithm rcgen writes only the signature's OID, and `ecdsa-with-SHA512` names no curve (RFC 5758
    /// section 3.2). The subject's key is written from the subject's own key pair.
    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P521_SHA512
    }
}

impl SigningKey for P256Sha512 {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        // FIPS 186-5 section 6.4.1: of a hash longer than the curve's order, ECDSA signs the leftmost bits; here 256. The
        // library calls any 32 bytes that it is to sign under this key "SHA-256".
        let hash = digest(&SHA512, message);
        let leftmost = &hash.as_ref()[..SHA256.output_len()];
        Digest::import_less_safe(leftmost, &SHA256)
            .and_then(|digest| self.0.sign_digest(&digest))
            .map(|signature| signature.as_ref().to_vec())
            .map_err(|_| rcgen::Error::RingUnspecified)
    }
}
