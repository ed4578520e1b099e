//! `POST /secrets`: what all types share, and custom credentials (PROTOCOL 4.3).

use crate::answer::{Answer, Reply};
use crate::ask::Ask;
use crate::errors::ServiceError;
use crate::fields::{Fields, Object};
use crate::handlers::plain_types::{self, Plain};
use crate::patterns::is_name;
use crate::random;
use crate::role::Permission;
use crate::state::{
    Action, Custom, Group, NewTask, Rotation, Secret, SecretState, SecretType, State, Trigger, Version,
};

/// Size of `custom_metadata` and `version_custom_metadata` (PROTOCOL 4.3).
pub(super) const METADATA_LIMIT: usize = 10 * 1024;

pub(super) fn create(ask: &Ask, state: &mut State) -> Reply {
    ask.caller.require_somewhere(Permission::SecretCreate)?;
    let body = ask.object()?;
    let fields = Fields(&body);
    let secret_type = fields.required_text("secret_type", 1..=64)?;
    let secret_type =
        SecretType::parse(secret_type).ok_or_else(|| ServiceError::invalid("secret_type", "is not known"))?;
    let mut secret = read_common(ask, state, fields, secret_type)?;
    let version_metadata = fields.small_object("version_custom_metadata", METADATA_LIMIT)?.cloned();
    let by = ask.caller.iam_id.as_str();
    if secret_type == SecretType::CustomCredentials {
        secret.custom = Some(read_custom(state, fields)?);
        secret.versions.push(Version { custom_metadata: version_metadata.clone(), ..Version::pending(by, ask.now) });
    } else {
        let Plain { data, extras, version_extras } = plain_types::read_prototype(secret_type, fields, state, ask.now)?;
        secret.state = SecretState::Active;
        secret.extras = extras;
        secret.versions.push(Version {
            custom_metadata: version_metadata.clone(),
            extras: version_extras,
            ..Version::with_data(data, by, ask.now)
        });
    }
    let is_custom = secret.custom.is_some();
    state.secrets.push(secret);
    let index = state.secrets.len() - 1;
    if is_custom {
        let creation = NewTask {
            action: Action::Create,
            trigger: Trigger::SecretCreation,
            version_id: None,
            by: by.to_owned(),
            version_metadata,
        };
        state.queue(index, creation, ask.now);
    }
    let secret = &state.secrets[index];
    // The documented answer of custom credentials has no data yet; other types answer with theirs.
    Ok(Answer::created(secret.full(&state.identity, &[])))
}

fn read_common(ask: &Ask, state: &State, fields: Fields<'_>, secret_type: SecretType) -> Result<Secret, ServiceError> {
    let name = fields.required_text("name", 2..=256)?;
    check_name(state, secret_type, name, None)?;
    let group = fields.text("secret_group_id", 7..=36)?.unwrap_or(Group::DEFAULT);
    if state.group_index(group).is_err() {
        return Err(ServiceError::invalid("secret_group_id", "is not a secret group"));
    }
    ask.caller.require_in(Permission::SecretCreate, group)?;
    Ok(Secret {
        id: random::uuid(),
        secret_type,
        name: name.to_owned(),
        description: fields.text("description", 0..=1024)?.map(str::to_owned),
        group: group.to_owned(),
        labels: fields.texts("labels", 0..=30, 2..=64)?.unwrap_or_default(),
        custom_metadata: fields.small_object("custom_metadata", METADATA_LIMIT)?.cloned(),
        created_by: ask.caller.iam_id.clone(),
        created_at: ask.now,
        updated_at: ask.now,
        retrieved_at: None,
        downloaded: false,
        state: SecretState::PreActivation,
        versions: Vec::new(),
        tasks: Vec::new(),
        extras: Object::new(),
        custom: None,
        deleted: false,
    })
}

/// The pattern, and unique among the secrets of the type.
pub(super) fn check_name(
    state: &State,
    secret_type: SecretType,
    name: &str,
    own: Option<usize>,
) -> Result<(), ServiceError> {
    if !is_name(name) {
        return Err(ServiceError::invalid("name", "must consist of letters, digits, dashes, dots and underscores"));
    }
    let same = |secret: &Secret| !secret.deleted && secret.secret_type == secret_type && secret.name == name;
    let taken = state.secrets.iter().enumerate().any(|(index, secret)| same(secret) && Some(index) != own);
    if taken { Err(ServiceError::conflict("a secret of this type with this name exists")) } else { Ok(()) }
}

fn read_custom(state: &State, fields: Fields<'_>) -> Result<Custom, ServiceError> {
    let configuration = fields.required_text("configuration", 2..=128)?;
    let known = state.configuration(configuration);
    let known =
        known.ok_or_else(|| ServiceError::invalid("configuration", "is not a custom credentials configuration"))?;
    let parameters = fields.object("parameters")?.cloned().unwrap_or_default();
    known.schema.check_parameters(&parameters)?;
    let ttl = Custom::read_ttl(fields)?;
    let rotation = Rotation::read(fields)?;
    Custom::check_policy(rotation.as_ref(), ttl)?;
    Ok(Custom {
        configuration: configuration.to_owned(),
        parameters,
        rotation,
        ttl,
        next_rotation: None,
        task_count: 0,
        last_failed_task: None,
        last_rotation_failed: None,
    })
}
