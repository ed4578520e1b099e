//! Where the server is and how to log in, from the login secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credjob::contract::codes;
use credjob::prelude::*;
use url::Url;

use crate::composed::Composed;
use crate::server_name::ServerName;
use crate::{PostgresFailure, PostgresParams};

/// Where IBM Cloud's service credentials keep the URL and the certificate; IBM's provider reads a key-value secret so, too.
const SERVICE_URL: &str = "/connection/postgres/composed/0";
const SERVICE_CERTIFICATE: &str = "/connection/postgres/certificate/certificate_base64";
const CERTIFICATE: &str = "/certificate_base64";
const DEFAULT_PORT: u16 = 5432;

/// What is needed to log in.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) composed: Composed,
    /// The authority's certificate, as base64 of PEM.
    pub(crate) certificate_base64: String,
    /// The same as PEM.
    pub(crate) certificate_pem: Vec<u8>,
}

/// Reads the login secret, and for user credentials the server's too.
pub(crate) async fn login(job: &Job<PostgresParams>) -> Result<Login, Failure> {
    let secret = job.read_secret(&job.params().login_secret_id).await?;
    secret.expect_type(&[SecretType::ServiceCredentials, SecretType::Kv, SecretType::UsernamePassword])?;
    if secret.secret_type() == SecretType::UsernamePassword {
        let server_secret = job.params().server_secret_id.as_ref().ok_or(PostgresFailure::NoServer)?;
        let server = job.read_secret(server_secret).await?;
        server.expect_type(&[SecretType::Kv])?;
        let composed = parts(&server, &secret)?;
        guard(job, &composed.server)?;
        return Login::new(composed, server.text(CERTIFICATE)?);
    }
    if secret.secret_type() == SecretType::ServiceCredentials || secret.text(SERVICE_URL).is_ok() {
        return Login::new(Composed::parse(&secret.pointer(SERVICE_URL)?)?, secret.text(SERVICE_CERTIFICATE)?);
    }
    let composed = match secret.pointer("/composed") {
        Ok(url) => Composed::parse(&url)?,
        Err(_) => parts(&secret, &secret)?,
    };
    Login::new(composed, secret.text(CERTIFICATE)?)
}

/// The server and the user of a login that is no URL.
fn parts(server: &SecretValue, user: &SecretValue) -> Result<Composed, Failure> {
    let bad = |why| PostgresFailure::BadLogin { why };
    if server.text("/sslmode").is_ok_and(|mode| mode != "verify-full") {
        return Err(PostgresFailure::WeakTls.into());
    }
    let port = match server.integer("/port") {
        Ok(port) => u16::try_from(port).map_err(|_| bad("the port is not a port"))?,
        Err(_) if server.text("/port").is_ok() => return Err(bad("the port is not a port").into()),
        Err(_) => DEFAULT_PORT,
    };
    let name = ServerName::new(server.text("/host")?.trim(), port).map_err(|_| bad("the host is not a host"))?;
    let [database, user_name] = [server.text("/database")?, user.text("/username")?].map(str::to_owned);
    Ok(Composed::of_parts(name, database, user_name, user.pointer("/password")?))
}

/// The host does not stand in the secret that holds the password, so the job's owner must have allowed it (DESIGN 7): whoever
/// may create a secret chooses both.
fn guard(job: &Job<PostgresParams>, server: &ServerName) -> Result<(), Failure> {
    let refused = |text: String| Failure::new(codes::HOST_NOT_ALLOWED, text).nothing_created();
    let url = Url::parse(&format!("https://{server}/")).map_err(|_| refused("the host cannot be checked".into()))?;
    job.http().guard().check(&url, "SERVER_SECRET_ID").map_err(|error| refused(error.to_string()))
}

impl Login {
    fn new(composed: Composed, certificate: &str) -> Result<Self, Failure> {
        let compact: String = certificate.split_whitespace().collect();
        let certificate_pem = STANDARD.decode(&compact).map_err(|_| PostgresFailure::BadCertificate)?;
        Ok(Self { composed, certificate_base64: compact, certificate_pem })
    }

    pub(crate) fn server(&self) -> &ServerName {
        &self.composed.server
    }
}
