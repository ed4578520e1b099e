//! `/secret_groups` (PROTOCOL 4.6).

use serde_json::json;

use crate::answer::{Answer, Reply};
use crate::ask::Ask;
use crate::errors::ServiceError;
use crate::fields::Fields;
use crate::patterns::is_name;
use crate::random;
use crate::role::Permission;
use crate::state::{Group, State};

/// Groups per instance (PROTOCOL 4.6).
const MAX_GROUPS: usize = 200;

pub(crate) fn list(ask: &Ask, state: &mut State) -> Reply {
    ask.caller.require_somewhere(Permission::SecretGroupsList)?;
    let groups: Vec<_> = state.groups.iter().filter(|group| ask.caller.sees(&group.id)).map(Group::to_json).collect();
    Ok(Answer::ok(json!({ "total_count": groups.len(), "secret_groups": groups })))
}

pub(crate) fn create(ask: &Ask, state: &mut State) -> Reply {
    ask.caller.require(Permission::SecretGroupCreate)?;
    let body = ask.object()?;
    let fields = Fields(&body);
    let name = fields.required_text("name", 2..=64)?;
    check_name(state, name, None)?;
    let description = fields.text("description", 0..=1024)?;
    if state.groups.len() >= MAX_GROUPS {
        return Err(ServiceError::bad_request(format!("an instance has at most {MAX_GROUPS} secret groups")));
    }
    let group = Group {
        id: random::uuid(),
        name: name.to_owned(),
        description: description.unwrap_or_default().to_owned(),
        created_by: ask.caller.iam_id.clone(),
        created_at: ask.now,
        updated_at: ask.now,
    };
    let answer = Answer::created(group.to_json());
    state.groups.push(group);
    Ok(answer)
}

pub(crate) fn read(ask: &Ask, state: &mut State) -> Reply {
    let index = find(ask, state, Permission::SecretGroupRead)?;
    Ok(Answer::ok(state.groups[index].to_json()))
}

pub(crate) fn patch(ask: &Ask, state: &mut State) -> Reply {
    let index = find(ask, state, Permission::SecretGroupUpdate)?;
    refuse_default(ask)?;
    let body = ask.object()?;
    let fields = Fields(&body);
    let name = fields.text("name", 2..=64)?;
    if let Some(name) = name {
        check_name(state, name, Some(index))?;
    }
    let description = fields.text("description", 0..=1024)?;
    let group = &mut state.groups[index];
    if let Some(name) = name {
        name.clone_into(&mut group.name);
    }
    if let Some(description) = description {
        description.clone_into(&mut group.description);
    }
    group.updated_at = ask.now;
    Ok(Answer::ok(group.to_json()))
}

pub(crate) fn delete(ask: &Ask, state: &mut State) -> Reply {
    let index = find(ask, state, Permission::SecretGroupDelete)?;
    refuse_default(ask)?;
    if state.secrets.iter().any(|secret| !secret.deleted && secret.group == state.groups[index].id) {
        return Err(ServiceError::conflict("the secret group is not empty"));
    }
    state.groups.remove(index);
    Ok(Answer::no_content())
}

fn find(ask: &Ask, state: &State, permission: Permission) -> Result<usize, ServiceError> {
    ask.caller.require_somewhere(permission)?;
    let index = state.group_index(ask.param("id"))?;
    ask.caller.require_in(permission, ask.param("id"))?;
    Ok(index)
}

fn refuse_default(ask: &Ask) -> Result<(), ServiceError> {
    if ask.param("id") == Group::DEFAULT {
        return Err(ServiceError::invalid("id", "must not be the default secret group"));
    }
    Ok(())
}

/// The pattern, and unique in the instance.
fn check_name(state: &State, name: &str, own: Option<usize>) -> Result<(), ServiceError> {
    if !is_name(name) {
        return Err(ServiceError::invalid("name", "must consist of letters, digits, dashes, dots and underscores"));
    }
    let taken = state.groups.iter().enumerate().any(|(index, group)| group.name == name && Some(index) != own);
    if taken { Err(ServiceError::conflict("a secret group with this name exists")) } else { Ok(()) }
}
