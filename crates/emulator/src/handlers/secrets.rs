//! `/secrets` (PROTOCOL 4.3).

use serde_json::Value;

use crate::answer::{Answer, Reply};
use crate::ask::Ask;
use crate::errors::ServiceError;
use crate::fields::{Fields, Object};
use crate::handlers::paging::{listed, page, search, sort_by, sort_key};
use crate::handlers::secret_create::{self, METADATA_LIMIT, check_name};
use crate::role::Permission;
use crate::state::{Custom, Rotation, Secret, SecretType, State};

/// What `sort` may name.
const SORT_KEYS: [&str; 7] =
    ["id", "created_at", "updated_at", "retrieved_at", "expiration_date", "secret_type", "name"];
/// What a patch of any type may hold.
const COMMON_FIELDS: [&str; 4] = ["name", "description", "labels", "custom_metadata"];
/// What a patch of custom credentials may hold beside them.
const CUSTOM_FIELDS: [&str; 3] = ["rotation", "ttl", "parameters"];
/// What a patch of some other types may hold; the emulator only stores it.
const PLAIN_FIELDS: [&str; 3] = ["rotation", "ttl", "expiration_date"];

pub(crate) fn create(ask: &Ask, state: &mut State) -> Reply {
    secret_create::create(ask, state)
}

pub(crate) fn list(ask: &Ask, state: &mut State) -> Reply {
    ask.caller.require_somewhere(Permission::SecretsList)?;
    let groups = listed(ask, "groups");
    let types = listed(ask, "secret_types");
    if types.iter().flatten().any(|word| SecretType::parse(word).is_none()) {
        return Err(ServiceError::invalid("secret_types", "holds an unknown type"));
    }
    let labels = listed(ask, "match_all_labels").unwrap_or_default();
    let search = search(ask)?;
    let wanted = |secret: &&Secret| {
        !secret.deleted
            && ask.caller.sees(&secret.group)
            && groups.as_ref().is_none_or(|groups| groups.contains(&secret.group.as_str()))
            && types.as_ref().is_none_or(|types| types.contains(&secret.secret_type.as_str()))
            && labels.iter().all(|label| secret.labels.iter().any(|own| own == label))
            && search.as_ref().is_none_or(|search| matches(secret, search))
    };
    let secrets = state.secrets.iter().filter(wanted);
    let mut items: Vec<Value> =
        secrets.map(|secret| secret.metadata(&state.identity, &state.referenced_by(&secret.id)).into()).collect();
    if let Some((key, descending)) = sort_key(ask, &SORT_KEYS)? {
        sort_by(&mut items, key, descending);
    }
    Ok(Answer::ok(page(ask, &state.identity.url, "/api/v2/secrets", "secrets", items)?))
}

fn matches(secret: &Secret, search: &str) -> bool {
    let own =
        [secret.id.as_str(), &secret.name, secret.description.as_deref().unwrap_or(""), secret.secret_type.as_str()];
    own.into_iter().chain(secret.labels.iter().map(String::as_str)).any(|text| text.to_lowercase().contains(search))
}

pub(crate) fn read(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "id", Permission::SecretRead)?;
    retrieve(ask, state, index)
}

/// By group name, type and name; the default group is addressed as `default`.
pub(crate) fn read_by_name(ask: &Ask, state: &mut State) -> Reply {
    ask.caller.require_somewhere(Permission::SecretRead)?;
    let (group, name) = (ask.param("group"), ask.param("name"));
    let secret_type = SecretType::parse(ask.param("secret_type"));
    let secret_type = secret_type.ok_or_else(|| ServiceError::invalid("secret_type", "is not known"))?;
    let group = state.groups.iter().find(|known| known.name == group).map(|group| group.id.clone());
    let group = group.ok_or_else(|| ServiceError::not_found(ask.param("group")))?;
    ask.caller.require_in(Permission::SecretRead, &group)?;
    let found = |secret: &Secret| {
        !secret.deleted && secret.group == group && secret.secret_type == secret_type && secret.name == name
    };
    let index = state.secrets.iter().position(found).ok_or_else(|| ServiceError::not_found(name))?;
    retrieve(ask, state, index)
}

/// Answers with the data, and notes that it was read.
fn retrieve(ask: &Ask, state: &mut State, index: usize) -> Reply {
    let secret = &mut state.secrets[index];
    if secret.lock_forbids_reading() {
        return Err(ServiceError::locked());
    }
    if let Some(version) = secret.versions.last_mut().filter(|version| version.data.is_some()) {
        version.downloaded = true;
        secret.downloaded = true;
        secret.retrieved_at = Some(ask.now);
    }
    let secret = &state.secrets[index];
    Ok(Answer::ok(secret.full(&state.identity, &state.referenced_by(&secret.id))))
}

pub(crate) fn read_metadata(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "id", Permission::SecretMetadataRead)?;
    Ok(metadata(state, index))
}

fn metadata(state: &State, index: usize) -> Answer {
    let secret = &state.secrets[index];
    Answer::ok(secret.metadata(&state.identity, &state.referenced_by(&secret.id)))
}

pub(crate) fn patch(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "id", Permission::SecretMetadataUpdate)?;
    let body = ask.object()?;
    let fields = Fields(&body);
    // A copy takes the changes, so that a refusal changes nothing.
    let mut secret = state.secrets[index].clone();
    refuse_others(&secret, &body)?;
    if let Some(name) = fields.text("name", 2..=256)? {
        check_name(state, secret.secret_type, name, Some(index))?;
        name.clone_into(&mut secret.name);
    }
    if let Some(description) = fields.text("description", 0..=1024)? {
        secret.description = Some(description.to_owned());
    }
    if let Some(labels) = fields.texts("labels", 0..=30, 2..=64)? {
        secret.labels = labels;
    }
    if let Some(metadata) = fields.small_object("custom_metadata", METADATA_LIMIT)? {
        secret.custom_metadata = Some(metadata.clone());
    }
    if secret.custom.is_some() {
        patch_custom(ask, state, &mut secret, fields)?;
    } else {
        let stored = PLAIN_FIELDS.iter().filter_map(|key| Some(((*key).to_owned(), body.get(*key)?.clone())));
        secret.extras.extend(stored);
    }
    secret.updated_at = ask.now;
    state.secrets[index] = secret;
    Ok(metadata(state, index))
}

fn refuse_others(secret: &Secret, body: &Object) -> Result<(), ServiceError> {
    let own = if secret.custom.is_some() { CUSTOM_FIELDS } else { PLAIN_FIELDS };
    let other = body.keys().find(|key| !COMMON_FIELDS.contains(&key.as_str()) && !own.contains(&key.as_str()));
    other.map_or(Ok(()), |key| Err(ServiceError::invalid(key, "cannot be changed")))
}

/// New `ttl` and `parameters` count for the next version; a new policy starts its interval now.
fn patch_custom(ask: &Ask, state: &State, secret: &mut Secret, fields: Fields<'_>) -> Result<(), ServiceError> {
    let expires = secret.current().filter(|version| version.data.is_some()).and_then(|version| version.expires);
    let is_active = secret.current().is_some_and(|version| version.data.is_some());
    let Some(custom) = &mut secret.custom else { return Ok(()) };
    if let Some(ttl) = Custom::read_ttl(fields)? {
        custom.ttl = Some(ttl);
    }
    if let Some(parameters) = fields.object("parameters")? {
        merge(&mut custom.parameters, parameters);
        let configuration = state.configuration(&custom.configuration);
        let configuration =
            configuration.ok_or_else(|| ServiceError::conflict("the configuration no longer exists"))?;
        configuration.schema.check_parameters(&custom.parameters)?;
    }
    let rotation = Rotation::read(fields)?;
    let policy_changed = rotation.is_some();
    if policy_changed {
        custom.rotation = rotation;
    }
    Custom::check_policy(custom.rotation.as_ref(), custom.ttl)?;
    if policy_changed && is_active {
        custom.next_rotation = custom.rotation_after(ask.now);
        if custom.next_rotation.zip(expires).is_some_and(|(next, expires)| next > expires) {
            return Err(ServiceError::rotation_after_expiry());
        }
    }
    Ok(())
}

/// RFC 7396 for an object without nested ones.
fn merge(target: &mut Object, patch: &Object) {
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            target.insert(key.clone(), value.clone());
        }
    }
}

/// Refused while the provider may still hold credentials; `force_delete=true` overrides (PROTOCOL 6.6).
pub(crate) fn delete(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "id", Permission::SecretDelete)?;
    let force = match ask.query("force_delete") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(ServiceError::invalid("force_delete", "must be true or false")),
    };
    let secret = &state.secrets[index];
    if force && secret.custom.is_none() {
        return Err(ServiceError::invalid("force_delete", "is only for custom credentials"));
    }
    if !state.referenced_by(&secret.id).is_empty() {
        return Err(ServiceError::conflict("configurations refer to the secret"));
    }
    if secret.locks_total() > 0 {
        return Err(ServiceError::locked());
    }
    if secret.custom.is_some() && secret.is_outstanding() && !force {
        return Err(ServiceError::conflict(
            "credentials of the secret still have to be deleted, or a task is unfinished",
        ));
    }
    state.delete_secret(index, ask.now);
    Ok(Answer::no_content())
}

/// Custom credentials have no actions; those of certificates are missing here.
pub(crate) fn act(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "id", Permission::SecretActionCreate)?;
    match state.secrets[index].secret_type {
        SecretType::PublicCert | SecretType::PrivateCert => Err(ServiceError::not_implemented()),
        _ => Err(ServiceError::bad_request("secrets of this type have no actions")),
    }
}
