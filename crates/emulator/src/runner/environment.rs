//! The environment of a job run (PROTOCOL 1).

use std::collections::BTreeMap;

use crate::fields::Object;
use crate::runner::registry::Job;
use crate::state::{Action, State};

/// The search path of a container without one of its own.
pub(super) const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Size of a job or job run, environment included (PROTOCOL 1.7).
const JOB_RUN_LIMIT: usize = 10 * 1024;
/// The working directory of every run.
pub(super) const WORKING_DIRECTORY: &str = "/";
/// The variable that tells a re-run from a first run.
pub(super) const RETRY_COUNT: &str = "JOB_INDEX_RETRY_COUNT";

/// Everything the environment of a run is made of.
#[derive(Debug)]
pub(crate) struct RunFacts<'a> {
    url: &'a str,
    task_id: &'a str,
    action: Action,
    trigger: &'static str,
    secret_id: &'a str,
    secret_name: &'a str,
    group: &'a str,
    parameters: &'a Object,
    schema: &'a crate::schema::Schema,
    /// The version and the credentials id of a deletion.
    deletion: Option<(&'a str, Option<&'a str>)>,
    api_key: Option<&'a str>,
    job_name: &'a str,
    project_id: &'a str,
    region: &'a str,
    job: &'a Job,
    both_value_names: bool,
}

impl<'a> RunFacts<'a> {
    /// Collects the facts of a task; `None` if the task, its secret's configuration or its kind is missing.
    pub(crate) fn gather(
        state: &'a State,
        secret: usize,
        task_id: &'a str,
        api_key: Option<&'a str>,
        job: &'a Job,
    ) -> Option<Self> {
        let secret = state.secrets.get(secret)?;
        let task = secret.task(task_id)?;
        let custom = secret.custom.as_ref()?;
        let configuration = state.configuration(&custom.configuration)?;
        let version = task.version_id.as_deref().filter(|_| task.action == Action::Delete);
        let credentials_id =
            |id: &str| secret.versions.iter().find(|version| version.id == id)?.credentials_id.as_deref();
        Some(Self {
            url: &state.identity.url,
            task_id,
            action: task.action,
            trigger: task.trigger.as_str(),
            secret_id: &secret.id,
            secret_name: &secret.name,
            group: &secret.group,
            parameters: &custom.parameters,
            schema: &configuration.schema,
            deletion: version.map(|id| (id, credentials_id(id))),
            api_key,
            job_name: &configuration.job_name,
            project_id: &configuration.project_id,
            region: &configuration.region,
            job,
            both_value_names: state.settings.smin_values,
        })
    }
}

/// The variables of the first process of a run, by name.
pub(crate) fn environment(facts: &RunFacts<'_>) -> Vec<(String, String)> {
    let mut variables = BTreeMap::new();
    let mut set = |name: &str, value: &str| {
        variables.insert(name.to_owned(), value.to_owned());
    };
    // Later ones win: what the image and the job say, then what Secrets Manager says, then what Code Engine says.
    set("HOME", "/");
    set("PATH", DEFAULT_PATH);
    set("PWD", WORKING_DIRECTORY);
    set("CE_REMOVE_COMPLETED_JOBS", "IMMEDIATELY");
    for (name, value) in facts.job.program.iter().flat_map(|program| &program.env).chain(&facts.job.variables) {
        set(name, value);
    }
    for (name, value) in service_variables(facts) {
        set(&name, &value);
    }
    for (name, value) in code_engine_variables(facts) {
        set(name, &value);
    }
    variables.into_iter().collect()
}

/// PROTOCOL 1.1 and 1.4.
fn service_variables(facts: &RunFacts<'_>) -> Vec<(String, String)> {
    let fixed = [
        ("SM_ACTION", Some(facts.action.as_str())),
        ("SM_TRIGGER", Some(facts.trigger)),
        ("SM_INSTANCE_URL", Some(facts.url)),
        ("SM_SECRET_TASK_ID", Some(facts.task_id)),
        ("SM_SECRET_ID", Some(facts.secret_id)),
        ("SM_SECRET_NAME", Some(facts.secret_name)),
        ("SM_SECRET_GROUP_ID", Some(facts.group)),
        ("SM_SECRET_VERSION_ID", facts.deletion.map(|(version, _)| version)),
        ("SM_CREDENTIALS_ID", facts.deletion.and_then(|(_, credentials)| credentials)),
        ("SM_ACCESS_APIKEY", facts.api_key),
    ];
    let fixed = fixed.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    let mut variables: Vec<(String, String)> = fixed.collect();
    for (name, value) in facts.schema.value_variables(facts.parameters) {
        if facts.both_value_names {
            variables.push((name.replacen("SM_", "SMIN_", 1), value.clone()));
        }
        variables.push((name, value));
    }
    variables
}

/// PROTOCOL 1.6.
fn code_engine_variables(facts: &RunFacts<'_>) -> Vec<(&'static str, String)> {
    let retry_limit = facts.job.program.as_ref().map_or(0, |program| program.retry_limit);
    vec![
        ("CE_API_BASE_URL", format!("https://api.private.{}.codeengine.cloud.ibm.com", facts.region)),
        ("CE_DOMAIN", format!("{}.codeengine.appdomain.cloud", facts.region)),
        ("CE_JOB", facts.job_name.to_owned()),
        ("CE_JOBRUN", facts.task_id.to_owned()),
        ("CE_PROJECT_ID", facts.project_id.to_owned()),
        ("CE_REGION", facts.region.to_owned()),
        ("CE_SUBDOMAIN", "emulator".to_owned()),
        ("HOSTNAME", format!("{}-0-0", facts.task_id)),
        ("JOB_ARRAY_SIZE", "1".to_owned()),
        ("JOB_INDEX", "0".to_owned()),
        (RETRY_COUNT, "0".to_owned()),
        ("JOB_MODE", "task".to_owned()),
        ("JOB_RETRY_LIMIT", retry_limit.to_string()),
    ]
}

/// Whether Code Engine would accept a run with these variables.
pub(crate) fn fits_job_run(environment: &[(String, String)]) -> bool {
    environment.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() <= JOB_RUN_LIMIT
}
