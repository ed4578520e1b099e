//! The secret types without tasks, far enough to be created, rotated and read (PROTOCOL 4.9).

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::errors::ServiceError;
use crate::fields::{Fields, Object};
use crate::patterns;
use crate::random;
use crate::state::{SecretType, State, Version};
use crate::times::{is_rfc3339, rfc3339};

/// Text that stands for a certificate which the emulator cannot issue.
const PLACEHOLDER_CERTIFICATE: &str =
    "-----BEGIN CERTIFICATE-----\nZW11bGF0b3I6IG5vdCBhIHJlYWwgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
/// Text that stands for the private key of such a certificate.
const PLACEHOLDER_KEY: &str =
    "-----BEGIN PRIVATE KEY-----\nZW11bGF0b3I6IG5vdCBhIHJlYWwgcHJpdmF0ZSBrZXk=\n-----END PRIVATE KEY-----\n";
/// How long the certificate that a placeholder stands for is said to be valid.
const PLACEHOLDER_LIFE: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// Size of the data of a key-value secret (PROTOCOL 4.9).
const MAX_KV: usize = 512 * 1024;
/// Length of a certificate, chain or key.
const PEM: std::ops::RangeInclusive<usize> = 50..=100_000;

/// A secret's data, and the metadata that only its type has.
#[derive(Default)]
pub(super) struct Plain {
    pub(super) data: Object,
    pub(super) extras: Object,
    /// Metadata of the version.
    pub(super) version_extras: Object,
}

/// Reads the prototype of a type.
pub(super) fn read_prototype(
    secret_type: SecretType,
    fields: Fields<'_>,
    state: &mut State,
    now: SystemTime,
) -> Result<Plain, ServiceError> {
    let mut plain = Plain::default();
    match secret_type {
        SecretType::Arbitrary => {
            plain.keep_expiration(fields)?;
            plain.hide("payload", fields.required_text("payload", 0..=1_000_000)?);
        }
        SecretType::UsernamePassword => {
            plain.keep_expiration(fields)?;
            plain.show("rotation", json!({ "auto_rotate": false }));
            plain.keep(fields, &["rotation", "password_generation_policy"]);
            plain.hide("username", fields.required_text("username", 2..=64)?);
            plain.hide("password", password(fields)?);
        }
        SecretType::Kv => plain.hide("data", key_values(fields)?),
        SecretType::IamCredentials => iam_credentials(&mut plain, fields, state, now)?,
        SecretType::ServiceCredentials => service_credentials(&mut plain, fields)?,
        SecretType::ImportedCert => imported_certificate(&mut plain, fields, now)?,
        SecretType::PublicCert => {
            fields.required_text("ca", 2..=128)?;
            fields.required_text("dns", 2..=128)?;
            plain.show("key_algorithm", "RSA2048");
            plain.show("rotation", json!({ "auto_rotate": false, "rotate_keys": false }));
            plain.keep(fields, &["ca", "dns", "common_name", "alt_names", "key_algorithm", "bundle_certs", "rotation"]);
            issued_certificate(&mut plain, fields, &["intermediate"])?;
        }
        SecretType::PrivateCert => {
            fields.required_text("certificate_template", 2..=128)?;
            fields.required_text("common_name", 2..=128)?;
            plain.show("issuer", "credjob-emulator");
            plain.show("signing_algorithm", "SHA256-RSA");
            plain.describe_certificate(now);
            plain.keep(
                fields,
                &["certificate_template", "common_name", "alt_names", "ip_sans", "uri_sans", "ttl", "rotation"],
            );
            issued_certificate(&mut plain, fields, &["issuing_ca"])?;
            plain.hide(
                "ca_chain",
                fields.array("ca_chain", 1..=10)?.cloned().unwrap_or_else(|| vec![json!(PLACEHOLDER_CERTIFICATE)]),
            );
        }
        // It has a handler of its own.
        SecretType::CustomCredentials => return Err(ServiceError::not_implemented()),
    }
    Ok(plain)
}

/// Makes a new current version; the one before previous loses its data.
pub(super) fn rotate(
    state: &mut State,
    index: usize,
    fields: Fields<'_>,
    by: &str,
    now: SystemTime,
) -> Result<(), ServiceError> {
    let secret = &state.secrets[index];
    let current = secret.current();
    let mut data = current.and_then(|version| version.data.clone()).unwrap_or_default();
    let mut version_extras = current.map(|version| version.extras.clone()).unwrap_or_default();
    match secret.secret_type {
        SecretType::Arbitrary => {
            data.insert("payload".to_owned(), json!(fields.required_text("payload", 0..=1_000_000)?));
        }
        SecretType::UsernamePassword => {
            data.insert("password".to_owned(), password(fields)?.into());
        }
        SecretType::Kv => {
            data.insert("data".to_owned(), key_values(fields)?.into());
        }
        SecretType::IamCredentials => {
            if fields.has("restore_from_version") {
                return Err(ServiceError::not_implemented());
            }
            data.insert("api_key".to_owned(), json!(issue_key(state, now)));
        }
        SecretType::ImportedCert => {
            let mut plain = Plain::default();
            imported_certificate(&mut plain, fields, now)?;
            (data, version_extras) = (plain.data, plain.version_extras);
        }
        // Issued and generated data stays the same: the emulator has no issuer.
        SecretType::PublicCert
        | SecretType::PrivateCert
        | SecretType::ServiceCredentials
        | SecretType::CustomCredentials => {}
    }
    let versions = &mut state.secrets[index].versions;
    versions.push(Version { extras: version_extras, ..Version::with_data(data, by, now) });
    if let Some(pushed_out) = versions.len().checked_sub(3) {
        versions[pushed_out].data = None;
    }
    Ok(())
}

impl Plain {
    /// Adds secret data.
    fn hide(&mut self, key: &str, value: impl Into<Value>) {
        self.data.insert(key.to_owned(), value.into());
    }

    /// Adds metadata.
    fn show(&mut self, key: &str, value: impl Into<Value>) {
        self.extras.insert(key.to_owned(), value.into());
    }

    /// Echoes metadata of the prototype as it is.
    fn keep(&mut self, fields: Fields<'_>, keys: &[&str]) {
        for key in keys {
            if let Some(value) = fields.0.get(*key) {
                self.show(key, value.clone());
            }
        }
    }

    /// Facts that the models of the SDKs require; the emulator reads no certificate, so they are made up.
    fn describe_certificate(&mut self, now: SystemTime) {
        let validity = json!({ "not_before": rfc3339(now), "not_after": rfc3339(now + PLACEHOLDER_LIFE) });
        for (key, value) in [("serial_number", json!("00:00:00:00")), ("validity", validity)] {
            self.show(key, value.clone());
            self.version_extras.insert(key.to_owned(), value);
        }
    }

    fn keep_expiration(&mut self, fields: Fields<'_>) -> Result<(), ServiceError> {
        if let Some(date) = fields.text("expiration_date", 1..=64)? {
            if !is_rfc3339(date) {
                return Err(ServiceError::invalid("expiration_date", "must be a date and time of RFC 3339"));
            }
            self.show("expiration_date", date);
        }
        Ok(())
    }
}

/// The given password, or 32 random characters.
fn password(fields: Fields<'_>) -> Result<String, ServiceError> {
    let given = fields.text("password", 6..=256)?;
    Ok(given.map_or_else(|| random::uuid().replace('-', ""), str::to_owned))
}

fn key_values(fields: Fields<'_>) -> Result<Object, ServiceError> {
    let data = fields.small_object("data", MAX_KV)?.ok_or_else(|| ServiceError::missing("data"))?;
    if data.is_empty() {
        return Err(ServiceError::invalid("data", "must have at least one key"));
    }
    Ok(data.clone())
}

fn iam_credentials(
    plain: &mut Plain,
    fields: Fields<'_>,
    state: &mut State,
    now: SystemTime,
) -> Result<(), ServiceError> {
    const MIN: Duration = Duration::from_secs(60);
    const MAX: Duration = Duration::from_secs(90 * 24 * 60 * 60);
    let ttl = patterns::duration(fields.required_text("ttl", 1..=10)?).filter(|ttl| (MIN..=MAX).contains(ttl));
    let ttl = ttl.ok_or_else(|| ServiceError::invalid("ttl", "must be a duration from 1m to 90d"))?;
    let reuse = fields.flag("reuse_api_key")?.ok_or_else(|| ServiceError::missing("reuse_api_key"))?;
    let service_id = fields.text("service_id", 46..=50)?;
    let groups = fields.texts("access_groups", 1..=10, 1..=128)?;
    if service_id.is_none() && groups.is_none() {
        return Err(ServiceError::missing("access_groups"));
    }
    plain.keep(fields, &["access_groups", "account_id", "rotation"]);
    plain.show("ttl", ttl.as_secs().to_string());
    plain.show("reuse_api_key", reuse);
    plain.show("service_id_is_static", service_id.is_some());
    plain.show("service_id", service_id.map_or_else(|| format!("ServiceId-{}", random::uuid()), str::to_owned));
    plain.show("api_key_id", format!("ApiKey-{}", random::uuid()));
    plain.hide("api_key", issue_key(state, now));
    Ok(())
}

/// A key that works, with the roles of jobs in the whole instance.
fn issue_key(state: &mut State, now: SystemTime) -> String {
    let mut principal = state.job_principal(&format!("iam-ServiceId-{}", random::uuid()), "", None);
    principal.scope = None;
    state.iam.issue_key(principal, now)
}

/// The credentials come from a service that the emulator does not have, so the prototype may bring them.
fn service_credentials(plain: &mut Plain, fields: Fields<'_>) -> Result<(), ServiceError> {
    let source = fields.object("source_service")?.ok_or_else(|| ServiceError::missing("source_service"))?;
    let instance =
        Fields(source).object("instance")?.ok_or_else(|| ServiceError::missing("source_service.instance"))?;
    Fields(instance).required_text("crn", 9..=512)?;
    plain.keep(fields, &["source_service", "ttl", "rotation"]);
    plain.hide("credentials", fields.object("credentials")?.cloned().unwrap_or_default());
    Ok(())
}

fn imported_certificate(plain: &mut Plain, fields: Fields<'_>, now: SystemTime) -> Result<(), ServiceError> {
    plain.describe_certificate(now);
    plain.keep(fields, &["managed_csr"]);
    if !fields.has("managed_csr") {
        fields.required("certificate")?;
    }
    for key in ["certificate", "intermediate", "private_key"] {
        if let Some(pem) = fields.text(key, PEM)? {
            plain.hide(key, pem);
        }
    }
    Ok(())
}

/// Certificate and key, and further texts if given: from the prototype or placeholders.
fn issued_certificate(plain: &mut Plain, fields: Fields<'_>, others: &[&str]) -> Result<(), ServiceError> {
    plain.hide("certificate", fields.text("certificate", PEM)?.unwrap_or(PLACEHOLDER_CERTIFICATE));
    plain.hide("private_key", fields.text("private_key", PEM)?.unwrap_or(PLACEHOLDER_KEY));
    for key in others {
        plain.hide(key, fields.text(key, PEM)?.unwrap_or(PLACEHOLDER_CERTIFICATE));
    }
    Ok(())
}
