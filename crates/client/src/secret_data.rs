//! The data of a secret, typed by secret type.

use std::fmt;

use credjob_contract::Secret;
use serde_json::Value;

use crate::{SecretJson, SecretType};

/// The data of a secret (PROTOCOL 4.9, column "data in GET").
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SecretData {
    /// Any text.
    Arbitrary {
        /// The text, as stored.
        payload: Secret<String>,
        /// The text parsed, when it is a JSON object or array.
        json: Option<SecretJson>,
    },
    /// User credentials.
    UsernamePassword {
        /// The user name. Not registered as a secret.
        username: String,
        /// The password.
        password: Secret<String>,
    },
    /// A JSON object.
    Kv(SecretJson),
    /// An IAM API key.
    IamCredentials {
        /// The key.
        api_key: Secret<String>,
        /// The id of the key. Not a secret.
        api_key_id: Option<String>,
        /// The service ID that owns the key. Not a secret.
        service_id: Option<String>,
    },
    /// The credentials of another IBM Cloud service: a free object, often `connection.<protocol>…`.
    ServiceCredentials(SecretJson),
    /// What a job created: text, integers and booleans under lower-case names.
    CustomCredentials(SecretJson),
    /// A certificate from elsewhere.
    ImportedCert(CertificateData),
    /// A certificate of a public authority.
    PublicCert(CertificateData),
    /// A certificate of a private authority.
    PrivateCert(CertificateData),
}

/// A certificate and what belongs to it, as PEM. Only the key is secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct CertificateData {
    /// The certificate.
    pub certificate: String,
    /// The intermediate certificates.
    pub intermediate: Option<String>,
    /// The private key; an imported certificate may have none.
    pub private_key: Option<Secret<String>>,
    /// The certificate of the authority; private certificates only.
    pub issuing_ca: Option<String>,
    /// The chain up to the root; private certificates only.
    pub ca_chain: Vec<String>,
    /// The certificate signing request.
    pub csr: Option<String>,
}

impl fmt::Debug for CertificateData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateData").field("has_private_key", &self.private_key.is_some()).finish_non_exhaustive()
    }
}

/// What stands at a place in the data.
#[derive(Clone, Copy)]
pub(crate) enum Found<'a> {
    Text(&'a str),
    Integer(i64),
    Boolean(bool),
    /// Something without a value of its own: said as in "a list".
    Other(&'static str),
}

impl SecretData {
    /// The type of the secret.
    pub fn secret_type(&self) -> SecretType {
        match self {
            Self::Arbitrary { .. } => SecretType::Arbitrary,
            Self::UsernamePassword { .. } => SecretType::UsernamePassword,
            Self::Kv(_) => SecretType::Kv,
            Self::IamCredentials { .. } => SecretType::IamCredentials,
            Self::ServiceCredentials(_) => SecretType::ServiceCredentials,
            Self::CustomCredentials(_) => SecretType::CustomCredentials,
            Self::ImportedCert(_) => SecretType::ImportedCert,
            Self::PublicCert(_) => SecretType::PublicCert,
            Self::PrivateCert(_) => SecretType::PrivateCert,
        }
    }

    /// What stands at `pointer` (RFC 6901, with its leading slash).
    pub(crate) fn find(&self, pointer: &str) -> Option<Found<'_>> {
        match self {
            Self::Arbitrary { payload, json } => in_payload(payload, json.as_ref(), pointer),
            Self::UsernamePassword { username, password } => match pointer {
                "/username" => Some(Found::Text(username)),
                "/password" => Some(Found::Text(password.expose())),
                _ => None,
            },
            Self::IamCredentials { api_key, api_key_id, service_id } => match pointer {
                "/api_key" => Some(Found::Text(api_key.expose())),
                "/api_key_id" => text(api_key_id.as_ref()),
                "/service_id" => text(service_id.as_ref()),
                _ => None,
            },
            Self::Kv(tree) | Self::ServiceCredentials(tree) | Self::CustomCredentials(tree) => in_tree(tree, pointer),
            Self::ImportedCert(cert) | Self::PublicCert(cert) | Self::PrivateCert(cert) => cert.find(pointer),
        }
    }
}

impl CertificateData {
    fn find(&self, pointer: &str) -> Option<Found<'_>> {
        match pointer {
            "/certificate" => Some(Found::Text(&self.certificate)),
            "/intermediate" => text(self.intermediate.as_ref()),
            "/private_key" => text(self.private_key.as_ref().map(Secret::expose)),
            "/issuing_ca" => text(self.issuing_ca.as_ref()),
            "/csr" => text(self.csr.as_ref()),
            "/ca_chain" => Some(Found::Other("a list")),
            _ => text(self.ca_chain.get(index(pointer.strip_prefix("/ca_chain/")?)?)),
        }
    }
}

/// An index into a list as RFC 6901 section 4 writes it: without a sign and without leading zeros.
fn index(token: &str) -> Option<usize> {
    let index: usize = token.parse().ok()?;
    (index.to_string() == token).then_some(index)
}

fn text(text: Option<&String>) -> Option<Found<'_>> {
    text.map(|text| Found::Text(text))
}

/// `/payload` is the whole text; below it, and elsewhere, the text is read as JSON.
fn in_payload<'a>(payload: &'a Secret<String>, json: Option<&'a SecretJson>, pointer: &str) -> Option<Found<'a>> {
    match pointer {
        "" | "/payload" => Some(Found::Text(payload.expose())),
        _ => {
            let tree = json?;
            let inside = pointer.strip_prefix("/payload").filter(|rest| rest.starts_with('/'));
            inside.and_then(|rest| in_tree(tree, rest)).or_else(|| in_tree(tree, pointer))
        }
    }
}

fn in_tree<'a>(tree: &'a SecretJson, pointer: &str) -> Option<Found<'a>> {
    Some(match tree.expose().pointer(pointer)? {
        Value::Null => return None,
        Value::String(text) => Found::Text(text),
        Value::Bool(value) => Found::Boolean(*value),
        Value::Number(number) => {
            number.as_i64().map_or(Found::Other("a number that is no 64-bit integer"), Found::Integer)
        }
        Value::Array(_) => Found::Other("a list"),
        Value::Object(_) => Found::Other("an object"),
    })
}
