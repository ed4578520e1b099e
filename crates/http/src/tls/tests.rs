use super::*;

fn file(name: &str, content: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn certificate() -> String {
    rcgen::generate_simple_self_signed(["x.example".to_owned()]).unwrap().cert.pem()
}

#[test]
fn the_bundle_is_trusted_unless_a_file_says_otherwise() {
    let roots = Roots::default().store().unwrap();
    assert_eq!(roots.len(), webpki_roots::TLS_SERVER_ROOTS.len());
}

#[test]
fn ssl_cert_file_replaces_the_bundle() {
    let (_folder, path) = file("roots.pem", &certificate());
    let roots = Roots { ssl_cert_file: Some(path), ca_file: None };
    assert_eq!(roots.store().unwrap().len(), 1);
}

#[test]
fn credjob_ca_file_adds_to_the_roots() {
    let (_folder, path) = file("ca.pem", &(certificate() + &certificate()));
    let roots = Roots { ssl_cert_file: None, ca_file: Some(path) };
    assert_eq!(roots.store().unwrap().len(), webpki_roots::TLS_SERVER_ROOTS.len() + 2);
}

#[test]
fn both_files_together_are_both_trusted() {
    let (_one, ssl) = file("roots.pem", &certificate());
    let (_two, ca) = file("ca.pem", &certificate());
    let roots = Roots { ssl_cert_file: Some(ssl), ca_file: Some(ca) };
    assert_eq!(roots.store().unwrap().len(), 2);
}

#[test]
fn a_missing_file_is_named_with_its_variable() {
    let roots = Roots { ssl_cert_file: None, ca_file: Some("/nowhere/ca.pem".into()) };
    assert_eq!(
        roots.client_config().unwrap_err().to_string(),
        "CREDJOB_CA_FILE: cannot use /nowhere/ca.pem: entity not found"
    );
}

#[test]
fn a_file_without_certificates_is_named_with_its_variable() {
    let (_folder, path) = file("empty.pem", "nothing here\n");
    let roots = Roots { ssl_cert_file: Some(path), ca_file: None };
    let text = roots.client_config().unwrap_err().to_string();
    assert!(text.starts_with("SSL_CERT_FILE: cannot use /") && text.ends_with("it holds no certificate"), "{text}");
}

#[test]
fn broken_pem_and_what_is_no_certificate_are_refused() {
    for content in [
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let (_folder, path) = file("bad.pem", content);
        let roots = Roots { ssl_cert_file: None, ca_file: Some(path) };
        assert!(roots.client_config().is_err(), "{content}");
    }
}
