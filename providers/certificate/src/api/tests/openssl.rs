//! The certificates as another implementation sees them: the real `openssl`.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::*;

/// A key and its certificate in files, and what is known of them.
struct Files {
    _directory: TempDir,
    key: PathBuf,
    certificate: PathBuf,
    serial: u128,
    what: String,
}

fn files(order: &Order) -> Files {
    let issued = issue(order, SystemTime::now()).unwrap();
    let directory = TempDir::new().unwrap();
    let key = directory.path().join("key.pem");
    let certificate = directory.path().join("certificate.pem");
    std::fs::write(&key, issued.private_key_pem.expose()).unwrap();
    std::fs::write(&certificate, &issued.certificate_pem).unwrap();
    let what = format!("{:?} with {:?}", order.key, order.signature);
    Files { _directory: directory, key, certificate, serial: issued.serial, what }
}

fn command() -> Command {
    let mut command = Command::new("openssl");
    // The machine's own configuration must not decide.
    command.env("OPENSSL_CONF", "/dev/null").stdin(Stdio::null());
    command
}

fn missing(error: &std::io::Error) -> ! {
    panic!("cannot run openssl ({error}); install it: `apt-get install -y openssl` or `brew install openssl@3`")
}

/// What `openssl` prints; it must succeed.
fn openssl(arguments: &[&str], file: &Path) -> String {
    let output = command().args(arguments).arg(file).output().unwrap_or_else(|error| missing(&error));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "openssl {arguments:?}: {err}{out}");
    out.into_owned()
}

fn x509(files: &Files, arguments: &[&str]) -> String {
    let mut all = vec!["x509", "-noout"];
    all.extend(arguments);
    all.push("-in");
    openssl(&all, &files.certificate)
}

#[test]
fn a_strict_verifier_accepts_it_as_its_own_root_for_a_server() {
    for order in every_kind() {
        let files = files(&order);
        let root = files.certificate.to_str().unwrap();
        let output = openssl(
            &[
                "verify",
                "-x509_strict",
                "-check_ss_sig",
                "-purpose",
                "sslserver",
                "-verify_hostname",
                "www.example.com",
                "-CAfile",
                root,
            ],
            &files.certificate,
        );
        assert!(output.contains(": OK"), "{}: {output}", files.what);
    }
}

#[test]
fn key_and_certificate_hold_the_same_public_key() {
    for order in every_kind() {
        let files = files(&order);
        let of_key = openssl(&["pkey", "-pubout", "-in"], &files.key);
        assert_eq!(x509(&files, &["-pubkey"]), of_key, "{}", files.what);
        openssl(&["pkey", "-check", "-noout", "-in"], &files.key);
    }
}

#[test]
fn the_text_shows_what_was_asked_for() {
    for order in every_kind() {
        let files = files(&order);
        let text = x509(&files, &["-text", "-nameopt", "utf8,sep_comma_plus"]);
        let (key, signature, usage) = match (order.key, order.signature) {
            (KeyAlgorithm::Rsa, SignatureAlgorithm::Sha256) => {
                ("(2048 bit)", "sha256WithRSAEncryption", "Digital Signature, Key Encipherment")
            }
            (KeyAlgorithm::Rsa, SignatureAlgorithm::Sha512) => {
                ("(2048 bit)", "sha512WithRSAEncryption", "Digital Signature, Key Encipherment")
            }
            (KeyAlgorithm::Ecdsa, SignatureAlgorithm::Sha256) => {
                ("NIST CURVE: P-256", "ecdsa-with-SHA256", "Digital Signature\n")
            }
            (KeyAlgorithm::Ecdsa, SignatureAlgorithm::Sha512) => {
                ("NIST CURVE: P-256", "ecdsa-with-SHA512", "Digital Signature\n")
            }
        };
        for expected in [
            key,
            signature,
            usage,
            "Version: 3 (0x2)",
            "Subject: C=DE,O=Example & Söhne,CN=www.example.com",
            "Issuer: C=DE,O=Example & Söhne,CN=www.example.com",
            "TLS Web Server Authentication",
            "CA:FALSE",
            "DNS:www.example.com, DNS:*.api.example.com, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7",
        ] {
            assert!(text.contains(expected), "{}: no {expected:?} in {text}", files.what);
        }
    }
}

#[test]
fn the_serial_number_is_the_credentials_id() {
    let files = files(&order(KeyAlgorithm::Ecdsa, SignatureAlgorithm::Sha256));
    let printed = x509(&files, &["-serial"]);
    let hex = printed.trim().strip_prefix("serial=").unwrap();
    assert_eq!(u128::from_str_radix(hex, 16).unwrap(), files.serial);
}

#[test]
fn it_is_good_for_its_names_and_addresses_and_no_others() {
    let files = files(&order(KeyAlgorithm::Ecdsa, SignatureAlgorithm::Sha256));
    for (option, name, good) in [
        ("-checkhost", "www.example.com", true),
        ("-checkhost", "v1.api.example.com", true),
        ("-checkhost", "example.com", false),
        ("-checkip", "192.0.2.7", true),
        ("-checkip", "2001:db8::7", true),
        ("-checkip", "192.0.2.8", false),
    ] {
        let output = x509(&files, &[option, name]);
        assert_eq!(!output.contains("does NOT match"), good, "{name}: {output}");
    }
}

#[test]
fn a_tls_client_that_trusts_it_talks_to_a_server_that_uses_it() {
    for order in every_kind() {
        let files = files(&order);
        let server = Server::start(&files);
        for version in ["-tls1_2", "-tls1_3"] {
            let root = files.certificate.to_str().unwrap();
            let output = command()
                .args(["s_client", version, "-connect", &server.address, "-CAfile", root])
                .args(["-verify_return_error", "-verify_hostname", "www.example.com"])
                .output()
                .unwrap_or_else(|error| missing(&error));
            let out = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success() && out.contains("Verification: OK"),
                "{} {version}: {out}{}",
                files.what,
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}

/// `openssl s_server` on a port that it chooses; ends with the test.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(files: &Files) -> Self {
        let mut process = command()
            .args(["s_server", "-accept", "127.0.0.1:0", "-www", "-cert"])
            .arg(&files.certificate)
            .arg("-key")
            .arg(&files.key)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| missing(&error));
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("ACCEPT ").map(ToOwned::to_owned))
            .expect("s_server ended without listening");
        Self { process, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
