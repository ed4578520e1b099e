//! The SCRAM-SHA-256 verifier that PostgreSQL stores in place of a password (RFC 5803 as in the manual's section 55.3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credjob_contract::Secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// What PostgreSQL itself uses, and the least that RFC 7677 allows. The passwords here are random, so more would only cost.
pub const ITERATIONS: u32 = 4096;

/// The length of the salt that PostgreSQL itself uses.
pub const SALT_BYTES: usize = 16;

/// `SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>`.
///
/// Who has it can neither log in nor learn the password, but could pose as the server, so it is kept out of logs too.
/// The password must be ASCII, which `SASLprep` (RFC 4013) leaves as it is.
pub fn verifier(password: &Secret<String>, salt: &[u8; SALT_BYTES]) -> Secret<String> {
    let text = verifier_with(password.expose().as_bytes(), salt, ITERATIONS);
    Secret::new(text)
}

fn verifier_with(password: &[u8], salt: &[u8], iterations: u32) -> String {
    let salted = salted(password, salt, iterations);
    let client_key = Zeroizing::new(hmac(&*salted, b"Client Key"));
    let stored_key: [u8; 32] = Sha256::digest(*client_key).into();
    let server_key = hmac(&*salted, b"Server Key");
    let [salt, stored, server] = [salt, &stored_key, &server_key].map(|bytes| STANDARD.encode(bytes));
    format!("SCRAM-SHA-256${iterations}:{salt}${stored}:{server}")
}

/// `Hi` of RFC 5802 section 2.2: PBKDF2 with one block.
fn salted(password: &[u8], salt: &[u8], iterations: u32) -> Zeroizing<[u8; 32]> {
    let keyed = keyed(password);
    let mut mac = keyed.clone();
    mac.update(salt);
    mac.update(&1_u32.to_be_bytes());
    let mut block: [u8; 32] = mac.finalize().into_bytes().into();
    let mut sum = Zeroizing::new(block);
    for _ in 1..iterations {
        let mut mac = keyed.clone();
        mac.update(&block);
        block = mac.finalize().into_bytes().into();
        sum.iter_mut().zip(block).for_each(|(sum, byte)| *sum ^= byte);
    }
    sum
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = keyed(key);
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104)")]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7677_gives_its_keys() {
        // Section 3: user `user`, password `pencil`. The keys are those from which its server signature follows.
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let salted = salted(b"pencil", &salt, 4096);
        let auth_message = "n=user,r=rOprNGfwEbeRWgbNEkqO,\
            r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
            c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let server_key = hmac(&*salted, b"Server Key");
        let signature = hmac(&server_key, auth_message.as_bytes());
        assert_eq!(STANDARD.encode(signature), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    #[test]
    fn a_verifier_has_the_form_that_the_server_takes() {
        let verifier = verifier(&Secret::from("canary-password"), &[7; SALT_BYTES]);
        let text = verifier.expose();
        assert!(text.starts_with("SCRAM-SHA-256$4096:BwcHBwcHBwcHBwcHBwcHBw==$"), "{text}");
        let keys = text.rsplit('$').next().unwrap();
        assert_eq!(keys.split(':').map(str::len).collect::<Vec<_>>(), [44, 44]);
        assert!(!text.contains("canary"));
    }
}
