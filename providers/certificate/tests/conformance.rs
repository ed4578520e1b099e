//! The rules that every provider keeps, and what is this provider's own: its parameters, in virtual time.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use certificate_provider::CertificateProvider;
use credjob::http::script::ScriptedTransport;
use credjob::http::{Clock, SeededRandom};
use credjob::{Ending, Environment, Exit, StopSignal, World, live};
use credjob_testkit::conformance::Task;
use credjob_testkit::target::{Credential, Provocation, Target, TargetError, TargetSettings};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use serde_json::Value;

credjob_testkit::conformance!(CertificateProvider, Nowhere);

/// Nothing holds a certificate but Secrets Manager.
struct Nowhere;

impl Target for Nowhere {
    async fn start() -> Result<Self, TargetError> {
        Ok(Self)
    }

    fn settings(&self) -> TargetSettings {
        TargetSettings::new().param("common_name", "www.example.com").param("key_algo", "ECDSA")
    }

    async fn live(&self) -> Result<Option<usize>, TargetError> {
        Ok(None)
    }

    /// Whether a server could use the pair: what the key signs, the certificate proves.
    async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
        Ok(proves(payload).is_some())
    }

    async fn provoke(&self, code: &str, _made: &Credential) -> Result<Option<Provocation>, TargetError> {
        Ok(Some(match code {
            "CERTIFICATE_BAD_SAN" => Provocation::create(self.settings().param("san", "not a name")),
            "CERTIFICATE_NOT_ISSUED" => {
                Provocation::impossible("no parameters are known that the cryptographic library fails for")
            }
            _ => return Ok(None),
        }))
    }
}

fn proves(payload: &Value) -> Option<()> {
    const SIGNED: &[u8] = b"a handshake";
    let pem = |name: &str| STANDARD.decode(payload[name].as_str()?).ok();
    let key = PrivatePkcs8KeyDer::from_pem_slice(&pem("private_key_base64")?).ok()?;
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.secret_pkcs8_der()).ok()?;
    let signature = key.sign(&SystemRandom::new(), SIGNED).ok()?;
    let certificate = CertificateDer::from_pem_slice(&pem("certificate_base64")?).ok()?;
    let certificate = webpki::EndEntityCert::try_from(&certificate).ok()?;
    certificate.verify_signature(webpki::aws_lc_rs::ECDSA_P256_SHA256, SIGNED, signature.as_ref()).ok()
}

/// A job of one task, without a socket.
struct Surroundings {
    task: Task,
    variables: BTreeMap<String, String>,
}

impl Surroundings {
    /// A task to create a credential.
    fn new() -> Self {
        let settings = Nowhere.settings();
        let task = Task::new(1, &settings);
        let variables = task.variables(&settings);
        Self { task, variables }.with("SM_ACTION", "create_credentials").with("SM_TRIGGER", "secret_creation")
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn deleting(self, id: &str) -> Self {
        self.with("SM_ACTION", "delete_credentials")
            .with("SM_TRIGGER", "secret_version_data_deletion")
            .with("SM_CREDENTIALS_ID", id)
    }

    async fn live(&self) -> Ending {
        let variables = self.variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let environment = Environment::read(variables).expect("an environment that addresses the task");
        let task = self.task.clone();
        let script = ScriptedTransport::any_order()
            .with_backend(move |request| task.answer(request).expect("a request to nobody but the service"));
        let random = Arc::new(SeededRandom::new(1));
        let world = World::new(Arc::new(script), Clock::system(), random, StopSignal::never());
        Box::pin(live(&CertificateProvider, environment, world)).await
    }

    fn published(&self) -> (String, Value) {
        self.task.published().unwrap_or_else(|| panic!("not published: {:?}", self.task.error()))
    }
}

#[tokio::test(start_paused = true)]
async fn the_outputs_and_the_id_are_those_of_the_example_that_it_replaces() {
    let surroundings = Surroundings::new();
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    let (id, payload) = surroundings.published();
    let names: Vec<_> = payload.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(names, ["certificate_base64", "private_key_base64"]);
    assert!(id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
}

#[tokio::test(start_paused = true)]
async fn the_defaults_are_those_of_the_example_that_it_replaces() {
    let surroundings = Surroundings::new().with("SM_KEY_ALGO_VALUE", "");
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    let size = surroundings.published().1["private_key_base64"].as_str().map(str::len);
    assert!(size > Some(2000), "an RSA key of 2048 bits, not {size:?} characters");
}

#[tokio::test(start_paused = true)]
async fn bad_parameters_end_as_a_failure_that_names_the_variable() {
    for (name, value, code) in [
        ("SM_COMMON_NAME_VALUE", "", "CREDJOB_BAD_PARAMETER"),
        ("SM_COMMON_NAME_VALUE", "x".repeat(65).as_str(), "CREDJOB_BAD_PARAMETER"),
        ("SM_COUNTRY_VALUE", "DEU", "CREDJOB_BAD_PARAMETER"),
        ("SM_COUNTRY_VALUE", "D1", "CREDJOB_BAD_PARAMETER"),
        ("SM_EXPIRATION_DAYS_VALUE", "0", "CREDJOB_BAD_PARAMETER"),
        ("SM_EXPIRATION_DAYS_VALUE", "3651", "CREDJOB_BAD_PARAMETER"),
        ("SM_KEY_ALGO_VALUE", "ED25519", "CREDJOB_BAD_PARAMETER"),
        ("SM_SIGN_ALGO_VALUE", "SHA1", "CREDJOB_BAD_PARAMETER"),
        ("SM_SAN_VALUE", "a.example.com,not a name", "CERTIFICATE_BAD_SAN"),
    ] {
        let surroundings = Surroundings::new().with(name, value);
        assert_eq!(surroundings.live().await.exit, Exit::Done, "{name}={value}");
        let (reported, text) = surroundings.task.error().expect("a failure");
        assert_eq!(reported, code, "{name}={value}: {text}");
        assert!(text.contains(name), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_stricter_image_refuses_can_still_be_deleted() {
    let surroundings = Surroundings::new()
        .deleting("42")
        .with("SM_COMMON_NAME_VALUE", "")
        .with("SM_SAN_VALUE", "not a name")
        .with("SM_COUNTRY_VALUE", "Germany")
        .with("SM_EXPIRATION_DAYS_VALUE", "0");
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.task.status(), "credentials_deleted");
}
