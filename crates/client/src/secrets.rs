//! Reading a secret.

use credjob_contract::{Secret, SecretId};
use credjob_http::Request;

use crate::secret_json::TooManyTexts;
use crate::secrets_manager::Call;
use crate::wire::SecretBody;
use crate::{
    CertificateData, ClientError, SecretData, SecretJson, SecretType, SecretValue, SecretsManager, Subject, leaves,
    object,
};

/// The least role that may read the data of a secret (PROTOCOL 3.4).
const SECRETS_READER: &str = "SecretsReader";

/// The service's words for its states, for answers that give the number only (PROTOCOL 5.5).
const STATES: [(i64, &str); 5] =
    [(0, "pre_activation"), (1, "active"), (2, "suspended"), (3, "deactivated"), (5, "destroyed")];

impl SecretsManager {
    /// Reads a secret with its data (PROTOCOL 4.3). Needs the role `SecretsReader` on the secret's group.
    ///
    /// Every secret text in it is known to the redactor when this returns.
    ///
    /// # Errors
    /// [`ClientError`]: no token, not found, forbidden, no readable answer before the deadline, of a type that is not
    /// supported, with too many texts, or without data because its task has not finished or its data has expired.
    pub async fn secret(&self, secret: &SecretId) -> Result<SecretValue, ClientError> {
        let request = Request::get("secret_read", self.instance().api(&format!("secrets/{secret}")));
        let call = Call { subject: Subject::Secret(secret.clone()), role: SECRETS_READER, request };
        let body: SecretBody = self
            .call(call, |response| {
                let body: SecretBody = object::body(response)?;
                if body.id == secret.as_str() { Ok(body) } else { Err(response.bad("not this secret")) }
            })
            .await?;
        value(secret, body)
    }
}

fn value(id: &SecretId, mut body: SecretBody) -> Result<SecretValue, ClientError> {
    let Some(secret_type) = SecretType::from_word(&body.secret_type) else {
        return Err(ClientError::unsupported(id, &body.secret_type));
    };
    let name = body.name.take();
    let state = state(&body);
    match data(secret_type, body) {
        Some(Ok(data)) => Ok(SecretValue::new(id.clone(), name, data)),
        None => Err(ClientError::no_data(id, secret_type, &state)),
        Some(Err(TooManyTexts)) => Err(ClientError::TooManyTexts { secret: id.clone(), secret_type }),
    }
}

fn state(body: &SecretBody) -> String {
    let named = || STATES.iter().find(|(number, _)| Some(*number) == body.state).map(|(_, word)| (*word).to_owned());
    body.state_description.clone().or_else(named).unwrap_or_else(|| String::from("unknown"))
}

/// The data, or `None` while the secret has none.
fn data(secret_type: SecretType, body: SecretBody) -> Option<Result<SecretData, TooManyTexts>> {
    let tree = |tree: Option<Result<SecretJson, _>>| tree.filter(|tree| !matches!(tree, Ok(tree) if tree.is_empty()));
    Some(Ok(match secret_type {
        SecretType::Arbitrary => return Some(arbitrary(body.payload?)),
        SecretType::Kv => return Some(tree(body.data)?.map(SecretData::Kv)),
        SecretType::ServiceCredentials => return Some(tree(body.credentials)?.map(SecretData::ServiceCredentials)),
        SecretType::CustomCredentials => {
            return Some(tree(body.credentials_content)?.map(SecretData::CustomCredentials));
        }
        SecretType::UsernamePassword => {
            SecretData::UsernamePassword { username: body.username?, password: body.password? }
        }
        SecretType::IamCredentials => SecretData::IamCredentials {
            api_key: body.api_key?,
            api_key_id: body.api_key_id,
            service_id: body.service_id,
        },
        SecretType::ImportedCert => SecretData::ImportedCert(certificate(body)?),
        SecretType::PublicCert => SecretData::PublicCert(certificate(body)?),
        SecretType::PrivateCert => SecretData::PrivateCert(certificate(body)?),
    }))
}

fn arbitrary(payload: Secret<String>) -> Result<SecretData, TooManyTexts> {
    leaves::register_text(payload.expose());
    let json = SecretJson::parse(payload.expose())?;
    Ok(SecretData::Arbitrary { payload, json })
}

fn certificate(body: SecretBody) -> Option<CertificateData> {
    Some(CertificateData {
        certificate: body.certificate?,
        intermediate: body.intermediate,
        private_key: body.private_key,
        issuing_ca: body.issuing_ca,
        ca_chain: body.ca_chain.unwrap_or_default(),
        csr: body.csr,
    })
}

#[cfg(test)]
mod tests;
