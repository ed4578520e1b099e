use super::*;

mod openssl;

const NAMES: &str = "www.example.com, *.api.example.com, 192.0.2.7, 2001:db8::7";

fn order(key_algo: KeyAlgorithm, sign_algo: SignatureAlgorithm) -> Order {
    Order::new(&params(key_algo, sign_algo)).unwrap()
}

fn params(key_algo: KeyAlgorithm, sign_algo: SignatureAlgorithm) -> CertificateParams {
    CertificateParams {
        common_name: "www.example.com".to_owned(),
        org: Some("Example & Söhne".to_owned()),
        country: Some("de".to_owned()),
        san: Some(NAMES.to_owned()),
        expiration_days: 90,
        key_algo,
        sign_algo,
    }
}

/// Every pair of key and hash.
fn every_kind() -> impl Iterator<Item = Order> {
    [KeyAlgorithm::Rsa, KeyAlgorithm::Ecdsa]
        .into_iter()
        .flat_map(|key| [SignatureAlgorithm::Sha256, SignatureAlgorithm::Sha512].map(|signature| order(key, signature)))
}

fn quick() -> Issued {
    issue(&order(KeyAlgorithm::Ecdsa, SignatureAlgorithm::Sha256), SystemTime::now()).unwrap()
}

fn checked(key: &Issued, certificate: &Issued, id: &str, now: SystemTime) -> Result<(), CertificateFailure> {
    check(&STANDARD.encode(key.private_key_pem.expose()), &STANDARD.encode(&certificate.certificate_pem), id, now)
}

fn problem(result: Result<(), CertificateFailure>) -> Problem {
    match result {
        Err(CertificateFailure::NotIssued(problem)) => problem,
        other => panic!("expected a problem, got {other:?}"),
    }
}

#[test]
fn every_kind_of_certificate_passes_the_check() {
    let now = SystemTime::now();
    for order in every_kind() {
        let issued = issue(&order, now).unwrap();
        checked(&issued, &issued, &issued.serial.to_string(), now)
            .unwrap_or_else(|failure| panic!("{order:?}: {failure}"));
    }
}

#[test]
fn a_key_of_another_certificate_is_found_out() {
    let (one, other) = (quick(), quick());
    let id = one.serial.to_string();
    assert_eq!(problem(checked(&other, &one, &id, SystemTime::now())), Problem::ForeignKey);
}

#[test]
fn a_credentials_id_that_is_not_the_serial_number_is_found_out() {
    let issued = quick();
    let id = (issued.serial + 1).to_string();
    assert_eq!(problem(checked(&issued, &issued, &id, SystemTime::now())), Problem::ForeignSerial);
}

#[test]
fn a_certificate_with_a_changed_signature_is_found_out() {
    let issued = quick();
    let mut der = CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes()).unwrap().to_vec();
    *der.last_mut().unwrap() ^= 1;
    let changed = Issued { certificate_pem: pem::encode("CERTIFICATE", &der).to_string(), ..quick() };
    let id = issued.serial.to_string();
    assert_eq!(problem(checked(&issued, &changed, &id, SystemTime::now())), Problem::NotVerified);
}

#[test]
fn garbage_is_named_as_what_it_is() {
    let issued = quick();
    let key = STANDARD.encode(issued.private_key_pem.expose());
    let certificate = STANDARD.encode(&issued.certificate_pem);
    let now = SystemTime::now();
    for garbage in ["", "?", "AAAA"] {
        assert_eq!(problem(check(garbage, &certificate, "1", now)), Problem::UnreadableKey);
        assert_eq!(problem(check(&key, garbage, "1", now)), Problem::UnreadableCertificate);
    }
}

#[test]
fn a_certificate_is_valid_from_a_minute_ago_until_its_days_are_over() {
    let now = SystemTime::now();
    let issued = issue(&order(KeyAlgorithm::Ecdsa, SignatureAlgorithm::Sha256), now).unwrap();
    let id = issued.serial.to_string();
    let second = Duration::from_secs(1);
    let end = now + Duration::from_secs(90 * DAY);
    assert!(checked(&issued, &issued, &id, now - CLOCK_SKEW + second).is_ok());
    assert!(checked(&issued, &issued, &id, end - second).is_ok());
    assert_eq!(problem(checked(&issued, &issued, &id, now - CLOCK_SKEW - 2 * second)), Problem::NotVerified);
    assert_eq!(problem(checked(&issued, &issued, &id, end + 2 * second)), Problem::NotVerified);
}

#[test]
fn serial_numbers_are_positive_differ_and_have_127_bits() {
    let serials: Vec<_> = (0..64).map(|_| new_serial().unwrap()).collect();
    assert!(serials.iter().all(|serial| serial.leading_zeros() == 1));
    assert_eq!(serials.iter().collect::<std::collections::HashSet<_>>().len(), serials.len());
}

#[test]
fn big_numbers_are_read_as_decimals() {
    assert_eq!(decimal(&[0, 0xff]).as_deref(), Some("255"));
    assert_eq!(decimal(&u128::MAX.to_be_bytes()).as_deref(), Some("340282366920938463463374607431768211455"));
    assert_eq!(decimal(&[1; 17]), None);
}

#[test]
fn no_key_shows_in_debug_output() {
    let issued = quick();
    let key = issued.private_key_pem.expose().lines().nth(1).unwrap().to_owned();
    assert!(!format!("{issued:?}").contains(&key));
}
