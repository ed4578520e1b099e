//! `/secrets_locks`, `…/locks` and `…/locks_bulk` (PROTOCOL 4.5, 6.1).

use serde_json::Value;

use crate::answer::{Answer, Reply};
use crate::ask::Ask;
use crate::errors::ServiceError;
use crate::fields::Fields;
use crate::handlers::paging::{Limits, listed, page_within, search, sort_by, sort_key};
use crate::handlers::secret_create::METADATA_LIMIT;
use crate::patterns::is_lock_name;
use crate::role::Permission;
use crate::state::{Lock, MAX_LOCKS, Secret, SecretType, State, Trigger};

/// What `sort` may name.
const SORT_KEYS: [&str; 3] = ["created_at", "updated_at", "name"];
/// Longest description of a lock. Not stated (PROTOCOL 4.5).
const MAX_DESCRIPTION: usize = 1024;
/// The largest offset of a list of one secret's locks (PROTOCOL 4.5).
const LOCK_LIMITS: Limits = Limits { default: 25, max: 100, max_offset: 1000 };

/// What a new lock does to the version before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Keep,
    RemovePrevious,
    RemovePreviousAndDelete,
}

/// The secrets that have locks.
pub(crate) fn list_secrets(ask: &Ask, state: &mut State) -> Reply {
    ask.caller.require_somewhere(Permission::SecretsLocksList)?;
    let groups = listed(ask, "groups");
    let search = search(ask)?;
    let wanted = |secret: &&Secret| {
        let names = secret.versions.iter().flat_map(|version| &version.locks).map(|lock| lock.name.to_lowercase());
        let found = |search: &String| names.clone().any(|name| name.contains(search));
        !secret.deleted
            && secret.locks_total() > 0
            && ask.caller.sees(&secret.group)
            && groups.as_ref().is_none_or(|groups| groups.contains(&secret.group.as_str()))
            && search.as_ref().is_none_or(found)
    };
    let items = state.secrets.iter().filter(wanted).map(Secret::locks_json).collect();
    let page = page_within(Limits::DEFAULT, ask, &state.identity.url, "/api/v2/secrets_locks", "secrets_locks", items)?;
    Ok(Answer::ok(page))
}

/// The locks of all versions of a secret, those of the current version first.
pub(crate) fn list(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "id", Permission::SecretLocksList)?;
    let secret = &state.secrets[index];
    let locks = secret.versions.iter().rev().flat_map(|version| secret.locks_of(version)).collect();
    answer_list(ask, state, &format!("/api/v2/secrets/{}/locks", secret.id), locks)
}

pub(crate) fn list_version(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretVersionLocksList)?;
    let secret = &state.secrets[index];
    let version = &secret.versions[ask.version(secret)?];
    let path = format!("/api/v2/secrets/{}/versions/{}/locks", secret.id, ask.param("id"));
    answer_list(ask, state, &path, secret.locks_of(version))
}

fn answer_list(ask: &Ask, state: &State, path: &str, mut locks: Vec<Value>) -> Reply {
    if let Some(search) = search(ask)? {
        locks.retain(|lock| lock["name"].as_str().is_some_and(|name| name.to_lowercase().contains(&search)));
    }
    if let Some((key, descending)) = sort_key(ask, &SORT_KEYS)? {
        sort_by(&mut locks, key, descending);
    }
    Ok(Answer::ok(page_within(LOCK_LIMITS, ask, &state.identity.url, path, "locks", locks)?))
}

/// Locks the current version.
pub(crate) fn create(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "id", Permission::SecretLocksCreate)?;
    let current = state.secrets[index].version_index("current");
    // Every secret has a version, also one whose first credentials are pending.
    let current = current.ok_or_else(|| ServiceError::not_found("current"))?;
    lock(ask, state, index, current)
}

/// Locks the current or the previous version.
pub(crate) fn create_version(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretVersionLocksCreate)?;
    let version = ask.version(&state.secrets[index])?;
    lock(ask, state, index, version)
}

fn lock(ask: &Ask, state: &mut State, index: usize, target: usize) -> Reply {
    let mode = read_mode(ask, state.secrets[index].secret_type)?;
    let locks = read_locks(ask)?;
    check_lockable(&state.secrets[index], target)?;
    // A copy takes the locks, so that a refusal changes nothing.
    let mut secret = state.secrets[index].clone();
    let names: Vec<String> = locks.iter().map(|lock| lock.name.clone()).collect();
    for lock in locks {
        secret.versions[target].lock(lock);
    }
    let is_current = target + 1 == secret.versions.len();
    let previous = secret.version_index("previous").filter(|_| is_current && mode != Mode::Keep);
    if let Some(previous) = previous {
        secret.versions[previous].unlock(Some(&names));
        if mode == Mode::RemovePreviousAndDelete && !secret.versions[previous].is_locked() {
            // Types with this mode have no credentials elsewhere, so no task follows.
            let _ = secret.destroy_version(previous, Trigger::VersionDataDeletion, &ask.caller.iam_id, ask.now);
        }
    }
    if secret.locks_total() > MAX_LOCKS {
        return Err(ServiceError::bad_request(format!("a secret has at most {MAX_LOCKS} locks")));
    }
    let answer = secret.locks_json();
    state.secrets[index] = secret;
    Ok(Answer::created(answer))
}

/// Only the current and the previous version, with data, and no task under way (PROTOCOL 6.1, rules 1 and 9).
fn check_lockable(secret: &Secret, target: usize) -> Result<(), ServiceError> {
    if secret.tasks.iter().any(|task| !task.status.is_final()) {
        return Err(ServiceError::conflict("a task of the secret is queued or processing"));
    }
    let version = &secret.versions[target];
    if secret.alias(&version.id).is_none() {
        return Err(ServiceError::bad_request("only the current and the previous version can be locked"));
    }
    if version.data.is_none() {
        return Err(ServiceError::conflict("the version has no data to lock"));
    }
    Ok(())
}

fn read_mode(ask: &Ask, secret_type: SecretType) -> Result<Mode, ServiceError> {
    match ask.query("mode") {
        None => Ok(Mode::Keep),
        Some("remove_previous") => Ok(Mode::RemovePrevious),
        Some("remove_previous_and_delete") if secret_type == SecretType::CustomCredentials => {
            Err(ServiceError::invalid("mode", "remove_previous_and_delete is not supported for custom credentials"))
        }
        Some("remove_previous_and_delete") => Ok(Mode::RemovePreviousAndDelete),
        Some(_) => Err(ServiceError::invalid("mode", "must be remove_previous or remove_previous_and_delete")),
    }
}

fn read_locks(ask: &Ask) -> Result<Vec<Lock>, ServiceError> {
    let body = ask.object()?;
    let locks = Fields(&body).array("locks", 0..=MAX_LOCKS)?.ok_or_else(|| ServiceError::missing("locks"))?;
    locks.iter().map(|lock| read_lock(ask, lock)).collect()
}

fn read_lock(ask: &Ask, lock: &Value) -> Result<Lock, ServiceError> {
    let lock = lock.as_object().ok_or_else(|| ServiceError::invalid("locks", "must hold objects"))?;
    let fields = Fields(lock);
    let name = fields.required_text("name", 2..=64)?;
    check_name(name)?;
    Ok(Lock {
        name: name.to_owned(),
        description: fields.text("description", 0..=MAX_DESCRIPTION)?.map(str::to_owned),
        attributes: fields.small_object("attributes", METADATA_LIMIT)?.cloned(),
        created_by: ask.caller.iam_id.clone(),
        created_at: ask.now,
        updated_at: ask.now,
    })
}

fn check_name(name: &str) -> Result<(), ServiceError> {
    if is_lock_name(name) {
        return Ok(());
    }
    Err(ServiceError::invalid("name", "must be a letter, then 1 to 63 letters, digits, dashes, dots and underscores"))
}

/// Names: locks of the current version. No names: all locks of the secret.
pub(crate) fn delete(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "id", Permission::SecretLocksDelete)?;
    let names = read_names(ask)?;
    let secret = &mut state.secrets[index];
    let versions = match names {
        Some(_) => secret.versions.last_mut().into_iter().collect::<Vec<_>>(),
        None => secret.versions.iter_mut().collect(),
    };
    for version in versions {
        version.unlock(names.as_deref());
    }
    Ok(Answer::ok(secret.locks_json()))
}

pub(crate) fn delete_version(ask: &Ask, state: &mut State) -> Reply {
    let index = ask.secret(state, "secret_id", Permission::SecretVersionLocksDelete)?;
    let version = ask.version(&state.secrets[index])?;
    let names = read_names(ask)?;
    let secret = &mut state.secrets[index];
    secret.versions[version].unlock(names.as_deref());
    Ok(Answer::ok(secret.locks_json()))
}

/// The names to delete; `None` = all. The sources have three forms: `?name=a,b`, `?name=["a"]` and a body
/// `{"locks":["a"]}`, where `*` is all; the body wins (PROTOCOL 7, gap 13).
fn read_names(ask: &Ask) -> Result<Option<Vec<String>>, ServiceError> {
    let names = if ask.has_body() {
        let body = ask.object()?;
        Fields(&body).texts("locks", 0..=MAX_LOCKS, 1..=64)?
    } else {
        ask.query("name").map(|list| {
            serde_json::from_str(list)
                .unwrap_or_else(|_| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>())
        })
    };
    let Some(names) = names.filter(|names| !names.iter().any(|name| name == "*")) else { return Ok(None) };
    if names.len() > MAX_LOCKS {
        return Err(ServiceError::invalid("name", format_args!("must hold at most {MAX_LOCKS} names")));
    }
    names.iter().try_for_each(|name| check_name(name))?;
    Ok(Some(names))
}
