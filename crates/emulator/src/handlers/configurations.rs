//! `/configurations`, for custom credentials (PROTOCOL 4.7).

use serde_json::Value;

use crate::answer::{Answer, Reply};
use crate::ask::Ask;
use crate::errors::ServiceError;
use crate::fields::{Fields, Object};
use crate::handlers::paging::{listed, page, search, sort_by, sort_key};
use crate::patterns::{is_name, is_uuid};
use crate::random;
use crate::role::Permission;
use crate::state::{Configuration, Secret, SecretType, State, TaskTimeout};

/// Custom credentials configurations per instance (PROTOCOL 4.7).
const MAX_CONFIGURATIONS: usize = 10;
/// Types that the service has and the emulator has not.
const OTHER_TYPES: [&str; 7] = [
    "iam_credentials_configuration",
    "public_cert_configuration_ca_lets_encrypt",
    "public_cert_configuration_dns_cloud_internet_services",
    "public_cert_configuration_dns_classic_infrastructure",
    "private_cert_configuration_root_ca",
    "private_cert_configuration_intermediate_ca",
    "private_cert_configuration_template",
];

pub(crate) fn list(ask: &Ask, state: &mut State) -> Reply {
    ask.caller.require(Permission::ConfigurationsList)?;
    let types = listed(ask, "secret_types");
    let of_type = types.is_none_or(|types| types.contains(&"custom_credentials"));
    let search = search(ask)?;
    let found = |configuration: &&Configuration| {
        let texts = [configuration.name.as_str(), Configuration::TYPE, "custom_credentials"];
        search.as_ref().is_none_or(|search| texts.iter().any(|text| text.to_lowercase().contains(search)))
    };
    let mut items: Vec<Value> = Vec::new();
    if of_type {
        items.extend(state.configurations.iter().filter(found).map(Configuration::to_json));
    }
    if let Some((key, descending)) = sort_key(ask, &["config_type", "secret_type", "name"])? {
        sort_by(&mut items, key, descending);
    }
    Ok(Answer::ok(page(ask, &state.identity.url, "/api/v2/configurations", "configurations", items)?))
}

/// Reads the schema from the job, once.
pub(crate) fn create(ask: &Ask, state: &mut State) -> Reply {
    ask.caller.require(Permission::ConfigurationCreate)?;
    let body = ask.object()?;
    let fields = Fields(&body);
    match fields.required_text("config_type", 1..=128)? {
        Configuration::TYPE => {}
        other if OTHER_TYPES.contains(&other) => return Err(ServiceError::not_implemented()),
        _ => return Err(ServiceError::invalid("config_type", "is not known")),
    }
    let configuration = read_prototype(ask, state, fields)?;
    if state.configurations.iter().any(|known| known.name == configuration.name) {
        return Err(ServiceError::conflict("a configuration with this name exists"));
    }
    if state.configurations.iter().any(|known| known.job_name == configuration.job_name) {
        return Err(ServiceError::conflict("another configuration uses this Code Engine job"));
    }
    if state.configurations.len() >= MAX_CONFIGURATIONS {
        return Err(ServiceError::bad_request(format!(
            "an instance has at most {MAX_CONFIGURATIONS} custom credentials configurations"
        )));
    }
    let answer = Answer::created(configuration.to_json());
    state.configurations.push(configuration);
    Ok(answer)
}

fn read_prototype(ask: &Ask, state: &State, fields: Fields<'_>) -> Result<Configuration, ServiceError> {
    let name = fields.required_text("name", 2..=128)?;
    if !is_name(name) {
        return Err(ServiceError::invalid("name", "must consist of letters, digits, dashes, dots and underscores"));
    }
    let code_engine = fields.object("code_engine")?.ok_or_else(|| ServiceError::missing("code_engine"))?;
    let code_engine = Fields(code_engine);
    let job_name = code_engine.required_text("job_name", 1..=63)?;
    let project_id = code_engine.required_text("project_id", 1..=128)?;
    let region = code_engine.required_text("region", 1..=64)?;
    let job = state.jobs.get(job_name);
    let job = job.ok_or_else(|| ServiceError::invalid("code_engine.job_name", "is not a job of the project"))?;
    let api_key_ref = fields.text("api_key_ref", 36..=36)?;
    if let Some(reference) = api_key_ref {
        check_reference(state, reference)?;
    }
    Ok(Configuration {
        name: name.to_owned(),
        created_by: ask.caller.iam_id.clone(),
        created_at: ask.now,
        updated_at: ask.now,
        api_key_ref: api_key_ref.map(str::to_owned),
        job_name: job_name.to_owned(),
        project_id: project_id.to_owned(),
        region: region.to_owned(),
        task_timeout: fields.text("task_timeout", 1..=6)?.map(TaskTimeout::parse).transpose()?.unwrap_or_default(),
        schema: job.schema.clone(),
        job_iam_id: format!("iam-ServiceId-{}", random::uuid()),
    })
}

/// `api_key_ref` names an IAM credentials secret.
fn check_reference(state: &State, id: &str) -> Result<(), ServiceError> {
    let secret = state.secrets.iter().find(|secret| secret.id == id && !secret.deleted);
    if is_uuid(id) && secret.is_some_and(|secret| secret.secret_type == SecretType::IamCredentials) {
        return Ok(());
    }
    Err(ServiceError::invalid("api_key_ref", "must be the id of an iam_credentials secret"))
}

pub(crate) fn read(ask: &Ask, state: &mut State) -> Reply {
    let index = find(ask, state, Permission::ConfigurationRead)?;
    Ok(Answer::ok(state.configurations[index].to_json()))
}

/// Only the task timeout can change; it counts for tasks that start later.
pub(crate) fn patch(ask: &Ask, state: &mut State) -> Reply {
    let index = find(ask, state, Permission::ConfigurationUpdate)?;
    let body = ask.object()?;
    refuse_others(&body)?;
    let timeout = Fields(&body).text("task_timeout", 1..=6)?.map(TaskTimeout::parse).transpose()?;
    let configuration = &mut state.configurations[index];
    if let Some(timeout) = timeout {
        configuration.task_timeout = timeout;
        configuration.updated_at = ask.now;
    }
    Ok(Answer::ok(configuration.to_json()))
}

fn refuse_others(body: &Object) -> Result<(), ServiceError> {
    let other = body.keys().find(|key| key.as_str() != "task_timeout");
    other.map_or(Ok(()), |key| Err(ServiceError::invalid(key, "cannot be changed")))
}

pub(crate) fn delete(ask: &Ask, state: &mut State) -> Reply {
    let index = find(ask, state, Permission::ConfigurationDelete)?;
    let name = &state.configurations[index].name;
    let uses = |secret: &Secret| secret.custom.as_ref().is_some_and(|custom| custom.configuration == *name);
    if state.secrets.iter().any(|secret| uses(secret) && (!secret.deleted || secret.is_outstanding())) {
        return Err(ServiceError::conflict("secrets use the configuration"));
    }
    state.configurations.remove(index);
    Ok(Answer::no_content())
}

fn find(ask: &Ask, state: &State, permission: Permission) -> Result<usize, ServiceError> {
    ask.caller.require(permission)?;
    let name = ask.param("name");
    let of_type = ask.config_type.as_deref().is_none_or(|accepted| accepted == Configuration::TYPE);
    let found = state.configurations.iter().position(|configuration| configuration.name == name);
    found.filter(|_| of_type).ok_or_else(|| ServiceError::not_found(name))
}
