//! What `ibmcloud` answers. Read with tolerance: the shape of its JSON differs between versions and plug-ins.

use std::collections::{BTreeMap, BTreeSet};

use credjob_contract::Declaration;
use serde_json::Value;

use super::deployment::Deployment;
use super::names::{self, is_uuid};

/// Variables that a deployment owns: those of an older one are taken away on an update.
const OWNED: [&str; 3] = ["SMIN_", "SMOUT_", "CREDJOB_"];

/// The JSON in an answer; lines of text may stand before it.
pub(crate) fn json(answer: &str) -> Option<Value> {
    let starts = answer.match_indices(['{', '[']).map(|(start, _)| start).filter(|&start| {
        // Only at the begin of a line: a warning may hold a bracket.
        start == 0 || answer[..start].ends_with('\n')
    });
    starts.into_iter().find_map(|start| serde_json::from_str(&answer[start..]).ok())
}

/// A list: JSON, or one of the ways to say that there is nothing. Anything else is not taken for an empty list.
pub(crate) fn listed(answer: &str) -> Option<Value> {
    json(answer).or_else(|| {
        let text = answer.trim().to_ascii_lowercase();
        let nothing = text.is_empty() || text == "null" || text.contains("not found") || text.contains("no ");
        nothing.then_some(Value::Null)
    })
}

/// The ids of every service ID with this name: names need not be unique.
pub(crate) fn service_ids(listed: &Value, name: &str) -> Vec<String> {
    let same = list(listed).iter().filter(|entry| entry["name"] == name);
    let ids = same.filter_map(|entry| entry["id"].as_str().or(entry["uuid"].as_str()));
    ids.filter(|id| id.strip_prefix("ServiceId-").is_some_and(is_uuid)).map(str::to_owned).collect()
}

/// Whether an authorization lets the instance start jobs in the project.
pub(crate) fn authorizes(policies: &Value, deployment: &Deployment) -> bool {
    list(policies).iter().any(|policy| {
        let source = attributes(policy, &["subjects", "subject"]);
        let target = attributes(policy, &["resources", "resource"]);
        let roles = roles(policy);
        source.get("serviceName").is_some_and(|name| name == "secrets-manager")
            && source.get("serviceInstance").is_some_and(|id| *id == deployment.job.instance.id)
            && target.get("serviceName").is_some_and(|name| name == "codeengine")
            && target.get("serviceInstance").is_some_and(|id| *id == deployment.project.id)
            && ["viewer", "writer"].iter().all(|role| roles.contains(*role))
    })
}

/// An access policy on exactly the secret group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) id: String,
    /// Whether its roles are just the needed ones.
    pub(crate) fits: bool,
}

/// The policy on the secret group, and how many others there are.
pub(crate) fn group_policy(policies: &Value, deployment: &Deployment) -> (Option<Policy>, usize) {
    let wanted: BTreeSet<String> = deployment.job.roles().iter().map(|role| role.to_ascii_lowercase()).collect();
    let scope = [
        ("serviceName", "secrets-manager"),
        ("serviceInstance", deployment.job.instance.id.as_str()),
        ("resourceType", "secret-group"),
        ("resource", deployment.secret_group.as_str()),
    ];
    let policies = list(policies);
    let on_group = policies.iter().find_map(|policy| {
        let resource = attributes(policy, &["resources", "resource"]);
        let same = scope.iter().all(|(name, value)| resource.get(*name).is_some_and(|found| found == value));
        let id = policy["id"].as_str().filter(|_| same)?;
        Some(Policy { id: id.to_owned(), fits: roles(policy) == wanted })
    });
    let others = policies.len() - usize::from(on_group.is_some());
    (on_group, others)
}

/// Whether the trusted profile is linked to the job.
pub(crate) fn linked(links: &Value, deployment: &Deployment) -> bool {
    list(links).iter().any(|entry| {
        let link = if entry["link"].is_object() { &entry["link"] } else { entry };
        link["crn"] == deployment.project.to_string().as_str()
            && link["component_type"] == "job"
            && link["component_name"] == deployment.job.name.as_str()
    })
}

/// The id of the API key's secret in a list of secrets.
pub(crate) fn api_key_secret(secrets: &Value, deployment: &Deployment) -> Option<String> {
    let name = deployment.api_key_secret();
    let secrets = secrets.get("secrets").unwrap_or(secrets);
    let secret = list(secrets).iter().find(|secret| {
        secret["name"] == name.as_str() && secret["secret_group_id"] == deployment.secret_group.as_str()
    })?;
    created_id(secret)
}

/// The configuration of this name in a list of them.
pub(crate) fn configuration<'a>(configurations: &'a Value, deployment: &Deployment) -> Option<&'a Value> {
    let configurations = configurations.get("configurations").unwrap_or(configurations);
    list(configurations).iter().find(|found| found["name"] == deployment.configuration.as_str())
}

/// The id of what was created.
pub(crate) fn created_id(created: &Value) -> Option<String> {
    created["id"].as_str().filter(|id| is_uuid(id)).map(str::to_owned)
}

/// Variables of an older deployment that the job still has.
pub(crate) fn stale_variables(job: &Value, deployment: &Deployment) -> BTreeSet<String> {
    let wanted: BTreeSet<String> = deployment.job.code_engine_environment().into_iter().map(|(name, _)| name).collect();
    let mut found = BTreeSet::new();
    collect_names(job, &mut found);
    found.retain(|name| OWNED.iter().any(|prefix| name.starts_with(prefix)) && !wanted.contains(name));
    found
}

/// What is there under the configuration's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Configuration {
    /// The secret that it takes the job's API key from.
    pub(crate) api_key_ref: Option<String>,
    /// Whether its task timeout is the wanted one.
    pub(crate) timeout_fits: bool,
}

impl Configuration {
    /// Reads a configuration; the error says why it cannot serve this deployment (PROTOCOL 4.7: frozen but for the timeout).
    pub(crate) fn read(answer: &Value, deployment: &Deployment) -> Result<Self, String> {
        let job = &deployment.job;
        let code_engine = &answer["code_engine"];
        if answer["config_type"] != "custom_credentials_configuration" {
            return Err("it is a configuration of another type".to_owned());
        }
        if code_engine["job_name"] != job.name.as_str() || code_engine["project_id"] != deployment.project.id.as_str() {
            return Err("it belongs to another job, which cannot be changed".to_owned());
        }
        let api_key_ref = answer["api_key_ref"].as_str().map(str::to_owned);
        if api_key_ref.is_some() && job.trusted_profile.is_some() {
            return Err("it uses an API key, which cannot be changed to a trusted profile".to_owned());
        }
        if api_key_ref.is_none() && job.trusted_profile.is_none() {
            return Err("it uses a trusted profile, which cannot be changed to an API key".to_owned());
        }
        if let Some(schema) = answer.get("schema")
            && declared(schema) != wanted(deployment)
        {
            return Err(
                "its inputs and outputs, which it read from the job when it was created, are not those of this \
                        provider"
                    .to_owned(),
            );
        }
        let timeout = answer["task_timeout"].as_str().and_then(names::duration);
        Ok(Self { api_key_ref, timeout_fits: timeout == Some(job.timeout.duration) })
    }
}

/// Each declaration of a frozen schema, in its canonical form.
fn declared(schema: &Value) -> BTreeSet<(bool, String, String)> {
    let side = |key: &str, input: bool| {
        list(&schema[key]).iter().map(move |entry| {
            let format = entry["format"].as_str().unwrap_or_default();
            let format = Declaration::parse_lenient(format).map_or_else(|_| format.to_owned(), |read| read.to_string());
            (input, entry["name"].as_str().unwrap_or_default().to_owned(), format)
        })
    };
    side("parameters", true).chain(side("credentials", false)).collect()
}

fn wanted(deployment: &Deployment) -> BTreeSet<(bool, String, String)> {
    let variables = deployment.job.schema.variables.iter();
    variables
        .map(|variable| {
            let input = variable.direction == credjob_contract::Direction::Input;
            (input, variable.schema_name(), variable.declaration.to_string())
        })
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The attributes of a policy's subject or resource: `name` in the first version of the API, `key` in the second.
fn attributes(policy: &Value, places: &[&str]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for place in places {
        visit(&policy[*place], &mut |object| {
            let name = object.get("name").or_else(|| object.get("key")).and_then(Value::as_str);
            if let (Some(name), Some(value)) = (name, object.get("value").and_then(Value::as_str)) {
                found.insert(name.to_owned(), value.to_owned());
            }
        });
    }
    found
}

/// The last part of each role's CRN, in lower case: `crn:v1:bluemix:public:iam::::serviceRole:Reader`.
fn roles(policy: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    visit(policy, &mut |object| {
        let role = object.get("role_id").and_then(Value::as_str).and_then(|crn| crn.rsplit(':').next());
        found.extend(role.map(str::to_ascii_lowercase));
    });
    found
}

fn collect_names(job: &Value, found: &mut BTreeSet<String>) {
    visit(job, &mut |object| {
        found.extend(object.get("name").and_then(Value::as_str).filter(|name| is_plain(name)).map(str::to_owned));
    });
}

/// A name that is safe to hand to a command.
fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn visit(value: &Value, see: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| visit(value, see)),
        Value::Object(object) => {
            see(object);
            object.values().for_each(|value| visit(value, see));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::deployment::tests::hostile;
    use super::*;

    const INSTANCE: &str = "6ebc4224-e983-496a-8a54-f40a0bfa9175";
    const GROUP: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";

    fn policy(roles: &[&str]) -> Value {
        let roles: Vec<_> = roles
            .iter()
            .map(|role| json!({"role_id": format!("crn:v1:bluemix:public:iam::::serviceRole:{role}")}))
            .collect();
        json!({"id": "p1", "roles": roles, "resources": [{"attributes": [
            {"name": "serviceName", "value": "secrets-manager"}, {"name": "serviceInstance", "value": INSTANCE},
            {"name": "resourceType", "value": "secret-group"}, {"name": "resource", "value": GROUP}]}]})
    }

    #[test]
    fn json_is_found_behind_lines_of_text() {
        assert_eq!(json("Getting [x]...\nOK\n\n[1]\n"), Some(json!([1])));
        assert_eq!(json("OK"), None);
    }

    #[test]
    fn nothing_is_said_in_several_ways_and_all_else_is_not_nothing() {
        for nothing in ["", "null\n", "[]", "No policies found.", "The service ID was not found"] {
            assert!(listed(nothing).is_some_and(|listed| list(&listed).is_empty()), "{nothing}");
        }
        assert_eq!(listed("Policy ID:   a111\nRoles:   Manager"), None);
    }

    #[test]
    fn service_ids_of_other_names_and_malformed_ones_are_left_out() {
        let id = "ServiceId-bb4ccc31-bd31-493a-bb58-52ec399800be";
        let all = json!([{"name": "mine", "id": id}, {"name": "other", "id": id}, {"name": "mine", "id": "$(x)"}]);
        assert_eq!(service_ids(&all, "mine"), [id]);
    }

    #[test]
    fn a_policy_with_just_the_roles_fits() {
        let (found, others) = group_policy(&json!([policy(&["SecretTaskUpdater", "Reader"])]), &hostile(&[]));
        assert_eq!((found, others), (Some(Policy { id: "p1".into(), fits: true }), 0));
    }

    #[test]
    fn a_policy_with_more_roles_does_not_fit_and_others_are_counted() {
        let manager = policy(&["SecretTaskUpdater", "Reader", "Manager"]);
        let (found, others) = group_policy(&json!([{"id": "x"}, manager]), &hostile(&[]));
        assert_eq!((found, others), (Some(Policy { id: "p1".into(), fits: false }), 1));
    }

    #[test]
    fn only_names_that_a_deployment_owns_are_stale() {
        let job = json!({"spec": {"env": [{"name": "SMIN_GONE", "value": "x"}, {"name": "SMIN_TIER"},
            {"name": "SM_INSTANCE_URL"}, {"name": "MINE"}, {"name": "SMIN_$(x)"}, {"name": "CREDJOB_LOG"}]}});
        let stale: Vec<String> = stale_variables(&job, &hostile(&[])).into_iter().collect();
        assert_eq!(stale, ["CREDJOB_LOG", "SMIN_GONE"]);
    }

    fn configuration() -> Value {
        json!({"config_type": "custom_credentials_configuration", "task_timeout": "600s",
            "api_key_ref": "5a4b3c2d-1e0f-4a9b-8c7d-6e5f4a3b2c1d",
            "code_engine": {"job_name": "tokens", "project_id": "2b3c4d5e-6f70-4a81-92b3-c4d5e6f70819"},
            "schema": {"parameters": [{"name": "common_name", "format": "required:true, type:string"},
                {"name": "tier", "format": "type:enum[$(id)|`id`|${x}|%{y}|it's \"ok\"]"}],
                "credentials": [{"name": "token", "format": "type:string, required:true"}]}})
    }

    #[test]
    fn a_configuration_that_says_the_same_in_other_words_fits() {
        let read = Configuration::read(&configuration(), &hostile(&[])).expect("fits");
        assert!(read.timeout_fits);
        assert!(
            !Configuration::read(&configuration(), &hostile(&["--task-timeout", "20m"])).expect("fits").timeout_fits
        );
    }

    #[test]
    fn a_configuration_that_cannot_serve_the_deployment_is_refused() {
        for (place, value) in [
            ("/schema/credentials/0/format", json!("type:integer")),
            ("/code_engine/job_name", json!("other")),
            ("/config_type", json!("iam_credentials_configuration")),
            ("/api_key_ref", Value::Null),
        ] {
            let mut changed = configuration();
            *changed.pointer_mut(place).expect("a place") = value;
            assert!(Configuration::read(&changed, &hostile(&[])).is_err(), "{place}");
        }
    }
}
