//! The versions of a secret, without their data.

use credjob_contract::{SecretId, VersionId};
use credjob_http::Request;

use crate::secrets_manager::{Call, LOOK_TIMEOUT};
use crate::wire::{VersionBody, VersionsBody};
use crate::{ClientError, SecretsManager, Subject, object};

/// One version of a secret (PROTOCOL 4.4, metadata form).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionSummary {
    /// The id of the version.
    pub id: VersionId,
    /// `current`, `previous`, or none for versions that are history.
    pub alias: Option<VersionAlias>,
    /// The credentials id that the job reported for this version; custom credentials only.
    pub credentials_id: Option<String>,
    /// Whether the version still holds data.
    pub payload_available: bool,
    /// Whether the service rotated by itself.
    pub auto_rotated: Option<bool>,
    /// RFC 3339 text, as the service wrote it.
    pub created_at: Option<String>,
    /// RFC 3339 text, as the service wrote it; absent without a TTL.
    pub expiration_date: Option<String>,
}

/// The service's name for one of the two versions that can hold data (PROTOCOL 6.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionAlias {
    /// The newest version.
    Current,
    /// The one before it.
    Previous,
}

impl SecretsManager {
    /// Lists the versions of a secret, oldest first (PROTOCOL 4.4). Needs the role `Reader` or `SecretsReader`.
    ///
    /// # Errors
    /// [`ClientError`]: no token, refused, or no readable answer before the deadline.
    pub async fn versions(&self, secret: &SecretId) -> Result<Vec<VersionSummary>, ClientError> {
        let request = Request::get("versions_list", self.instance().api(&format!("secrets/{secret}/versions")))
            .attempt_timeout(LOOK_TIMEOUT);
        let call = Call { subject: Subject::Versions(secret.clone()), role: "Reader", request };
        self.call(call, |response| {
            let body: VersionsBody = object::body(response)?;
            let versions: Option<Vec<_>> = body.versions.into_iter().map(VersionSummary::from_body).collect();
            versions.ok_or_else(|| response.bad("a list with something that is no version"))
        })
        .await
    }
}

impl VersionSummary {
    fn from_body(body: VersionBody) -> Option<Self> {
        let alias = match body.alias.as_deref() {
            Some("current") => Some(VersionAlias::Current),
            Some("previous") => Some(VersionAlias::Previous),
            _ => None,
        };
        Some(Self {
            id: body.id.parse().ok()?,
            alias,
            credentials_id: body.credentials_id,
            payload_available: body.payload_available,
            auto_rotated: body.auto_rotated,
            created_at: body.created_at,
            expiration_date: body.expiration_date,
        })
    }
}
