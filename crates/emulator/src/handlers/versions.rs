//! `/secrets/{secret_id}/versions` (PROTOCOL 4.4).

use serde_json::{Value, json};

use crate::answer::{Answer, Reply};
use crate::ask::Ask;
use crate::errors::ServiceError;
use crate::fields::Fields;
use crate::handlers::plain_types;
use crate::handlers::secret_create::METADATA_LIMIT;
use crate::role::Permission;
use crate::state::{Action, NewTask, Secret, SecretState, SecretType, State, Trigger, Version};

/// Oldest first; the placeholder of a pending rotation is not listed.
pub(crate) fn list(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretVersionsList)?;
    let secret = &state.secrets[index];
    let versions: Vec<Value> = secret.versions.iter().map(|version| version.metadata(secret).into()).collect();
    Ok(Answer::ok(json!({ "total_count": versions.len(), "versions": versions })))
}

/// Rotates: custom credentials by a task, other types at once.
pub(crate) fn create(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretVersionCreate)?;
    let body = ask.object()?;
    let fields = Fields(&body);
    let metadata = fields.small_object("custom_metadata", METADATA_LIMIT)?.cloned();
    let version_metadata = fields.small_object("version_custom_metadata", METADATA_LIMIT)?.cloned();
    if state.secrets[index].previous_is_locked() {
        return Err(ServiceError::locked());
    }
    if state.secrets[index].secret_type == SecretType::CustomCredentials {
        check_rotation(&state.secrets[index])?;
        let rotation = NewTask {
            action: Action::Create,
            trigger: Trigger::ManualRotation,
            version_id: None,
            by: ask.caller.iam_id.clone(),
            version_metadata: version_metadata.clone(),
        };
        state.queue(index, rotation, ask.now);
    } else {
        plain_types::rotate(state, index, fields, &ask.caller.iam_id, ask.now)?;
    }
    let secret = &mut state.secrets[index];
    secret.updated_at = ask.now;
    if metadata.is_some() {
        secret.custom_metadata = metadata;
    }
    let is_custom = secret.custom.is_some();
    if let Some(version) = secret.versions.last_mut().filter(|_| !is_custom) {
        version.custom_metadata = version_metadata;
        let version = version.clone();
        return Ok(Answer::created(version.full(&state.secrets[index])));
    }
    Ok(Answer::created(Version::placeholder(secret, &ask.caller.iam_id, ask.now)))
}

/// One creation at a time, and only of a secret that lives (PROTOCOL 6.3).
fn check_rotation(secret: &Secret) -> Result<(), ServiceError> {
    if secret.is_creating() {
        return Err(ServiceError::conflict("a task that creates credentials is queued or processing"));
    }
    if secret.state != SecretState::Active {
        return Err(ServiceError::conflict("the secret is not active"));
    }
    Ok(())
}

/// The version with its data: 410 once the data is gone.
pub(crate) fn read(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretVersionRead)?;
    let version = ask.version(&state.secrets[index])?;
    let secret = &mut state.secrets[index];
    if secret.lock_forbids_reading() {
        return Err(ServiceError::locked());
    }
    let awaits_first = secret.is_creating() && secret.state == SecretState::PreActivation;
    let found = &mut secret.versions[version];
    if found.data.is_some() {
        found.downloaded = true;
    } else if !awaits_first {
        return Err(ServiceError::gone(&found.id));
    }
    let secret = &state.secrets[index];
    Ok(Answer::ok(secret.versions[version].full(secret)))
}

pub(crate) fn read_metadata(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretVersionMetadataRead)?;
    let secret = &state.secrets[index];
    Ok(Answer::ok(secret.versions[ask.version(secret)?].metadata(secret)))
}

/// Only `version_custom_metadata` can change.
pub(crate) fn patch(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretVersionMetadataUpdate)?;
    let version = ask.version(&state.secrets[index])?;
    let body = ask.object()?;
    if let Some(other) = body.keys().find(|key| key.as_str() != "version_custom_metadata") {
        return Err(ServiceError::invalid(other, "cannot be changed"));
    }
    if let Some(metadata) = Fields(&body).small_object("version_custom_metadata", METADATA_LIMIT)? {
        state.secrets[index].versions[version].custom_metadata = Some(metadata.clone());
    }
    let secret = &state.secrets[index];
    Ok(Answer::ok(secret.versions[version].metadata(secret)))
}

/// Custom credentials: current and previous. IAM credentials: current.
pub(crate) fn delete_data(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretVersionDataDelete)?;
    let secret = &state.secrets[index];
    let version = ask.version(secret)?;
    let alias = secret.alias(&secret.versions[version].id);
    let is_awaited = secret.versions[version].deletion.is_some();
    let allowed = match secret.secret_type {
        SecretType::CustomCredentials => alias.is_some() || is_awaited,
        SecretType::IamCredentials => alias == Some("current"),
        _ => false,
    };
    if !allowed {
        return Err(ServiceError::bad_request("the data of this version cannot be deleted"));
    }
    if secret.versions[version].is_locked() {
        return Err(ServiceError::locked());
    }
    state.delete_version_data(index, version, &ask.caller.iam_id, ask.now)?;
    Ok(Answer::no_content())
}

/// Only private certificates have actions, and those are missing here.
pub(crate) fn act(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretActionCreate)?;
    match state.secrets[index].secret_type {
        SecretType::PrivateCert => Err(ServiceError::not_implemented()),
        _ => Err(ServiceError::bad_request("versions of this type have no actions")),
    }
}
