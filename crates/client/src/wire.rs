//! The service's JSON, as far as a job needs it (PROTOCOL 3.1, 4.2, 4.4, 4.9). Private: the emulator has its own.

use credjob_contract::Secret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::secret_json::{self, TooManyTexts};
use crate::{SecretJson, object};

/// The answer of IAM.
#[derive(Deserialize)]
pub(crate) struct TokenBody {
    pub(crate) access_token: Secret<String>,
    /// Seconds.
    pub(crate) expires_in: Option<i64>,
    /// Seconds since 1970.
    pub(crate) expiration: Option<i64>,
}

/// The list of a secret's tasks. It is not paged.
#[derive(Deserialize)]
pub(crate) struct TasksBody {
    #[serde(deserialize_with = "object::list")]
    pub(crate) tasks: Vec<TaskBody>,
}

/// A task. Strict where a decision hangs on it, lenient elsewhere.
#[derive(Deserialize)]
pub(crate) struct TaskBody {
    pub(crate) id: String,
    pub(crate) status: String,
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    pub(crate) action: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) trigger: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) secret_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) secret_version_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) errors: Option<Vec<TaskErrorBody>>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) created_by: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) updated_by: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) creation_date: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) last_update_date: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct TaskErrorBody {
    #[serde(default)]
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) description: String,
}

/// The list of a secret's versions. It is not paged.
#[derive(Deserialize)]
pub(crate) struct VersionsBody {
    #[serde(deserialize_with = "object::list")]
    pub(crate) versions: Vec<VersionBody>,
}

/// A version without its data. Strict on what tells whether a version owns a credential.
#[derive(Deserialize)]
pub(crate) struct VersionBody {
    pub(crate) id: String,
    pub(crate) alias: Option<String>,
    pub(crate) credentials_id: Option<String>,
    pub(crate) payload_available: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) auto_rotated: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) created_at: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) expiration_date: Option<String>,
}

/// A secret of any type with its data. Secret texts are registered with the redactor while they are parsed.
#[derive(Deserialize)]
pub(crate) struct SecretBody {
    pub(crate) id: String,
    pub(crate) secret_type: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) state: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) state_description: Option<String>,

    pub(crate) payload: Option<Secret<String>>,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Secret<String>>,
    #[serde(default, deserialize_with = "secret_json::read")]
    pub(crate) data: Option<Result<SecretJson, TooManyTexts>>,
    pub(crate) api_key: Option<Secret<String>>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) api_key_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) service_id: Option<String>,
    #[serde(default, deserialize_with = "secret_json::read")]
    pub(crate) credentials: Option<Result<SecretJson, TooManyTexts>>,
    #[serde(default, deserialize_with = "secret_json::read")]
    pub(crate) credentials_content: Option<Result<SecretJson, TooManyTexts>>,
    pub(crate) certificate: Option<String>,
    pub(crate) intermediate: Option<String>,
    pub(crate) private_key: Option<Secret<String>>,
    pub(crate) issuing_ca: Option<String>,
    pub(crate) ca_chain: Option<Vec<String>>,
    pub(crate) csr: Option<String>,
}

/// A page of locks.
#[derive(Deserialize)]
pub(crate) struct LocksBody {
    #[serde(deserialize_with = "object::list")]
    pub(crate) locks: Vec<LockBody>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) total_count: Option<u64>,
}

/// A lock. Only its name is needed to act on it.
#[derive(Deserialize)]
pub(crate) struct LockBody {
    pub(crate) name: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) description: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) attributes: Option<serde_json::Map<String, Value>>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) secret_version_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) secret_version_alias: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) created_by: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) created_at: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) updated_at: Option<String>,
}

/// The locked versions of a secret.
#[derive(Deserialize)]
pub(crate) struct SecretLocksBody {
    pub(crate) secret_id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) secret_name: Option<String>,
    #[serde(deserialize_with = "object::list")]
    pub(crate) versions: Vec<LockedVersionBody>,
}

#[derive(Deserialize)]
pub(crate) struct LockedVersionBody {
    pub(crate) version_id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) version_alias: Option<String>,
    pub(crate) locks: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) payload_available: Option<bool>,
}

/// A field that nothing depends on: another type than expected counts as absent.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}
