//! What is deployed: the flags and the provider's declarations, checked and put together.

use std::time::Duration;

use credjob_contract::{Direction, JOB_SIZE_LIMIT, JobConfig, VariableType};

use super::args::DeployArgs;
use super::names::{self, Crn, TaskTimeout};
use super::sizing::Size;
use crate::problem::Problem;

/// How often Code Engine starts the job again: a re-run only closes the task and cleans up (DESIGN 6).
pub(crate) const RETRY_LIMIT: u32 = 2;

/// What the deadline leaves of the task timeout for the start of the container (DESIGN 6).
const DEADLINE_MARGIN: Duration = Duration::from_secs(90);

/// Code Engine's default and its most for the execution time of a job run (PROTOCOL 1.7).
const EXECUTION_TIME: (Duration, Duration) = (Duration::from_secs(7_200), Duration::from_secs(86_400));

/// How long the API key of the service ID lives and when it is renewed: IBM's own example (PROTOCOL 4.7).
pub(crate) const API_KEY_TTL_DAYS: u32 = 90;
pub(crate) const API_KEY_ROTATION_DAYS: u32 = 60;

/// Whether completed job runs are kept (PROTOCOL 1.7).
pub(crate) const KEEP_RUNS: &str = "CE_REMOVE_COMPLETED_JOBS";

/// Names that a deployed job gets from elsewhere.
const RESERVED: [(&str, &str); 9] = [
    ("SM_", "Secrets Manager sets it for each run"),
    ("SMIN_", "the provider declares its inputs itself"),
    ("SMOUT_", "the provider declares its outputs itself"),
    (KEEP_RUNS, "use --keep-runs"),
    ("CE_", "Code Engine sets it for each run"),
    ("JOB_", "Code Engine sets it for each run"),
    ("CREDJOB_DEADLINE", "it follows from --task-timeout"),
    ("CREDJOB_TRUSTED_PROFILE_", "use --trusted-profile"),
    ("CREDJOB_CR_TOKEN_FILE", "use --trusted-profile"),
];

/// One deployed job.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) registry_secret: Option<String>,
    pub(crate) size: Size,
    pub(crate) timeout: TaskTimeout,
    pub(crate) trusted_profile: Option<String>,
    pub(crate) keep_runs: Option<String>,
    pub(crate) instance: Crn,
    pub(crate) private: bool,
    pub(crate) schema: JobConfig,
    extra: Vec<(String, String)>,
}

/// The job, and where in the cloud it goes.
#[derive(Debug, Clone)]
pub(crate) struct Deployment {
    pub(crate) job: Job,
    pub(crate) project: Crn,
    pub(crate) secret_group: String,
    pub(crate) configuration: String,
}

impl Job {
    /// Checks the flags. `name` is the provider's own name, if it has one.
    pub(crate) fn read(arguments: &DeployArgs, schema: JobConfig, name: Option<&str>) -> Result<Self, Problem> {
        let name = match (&arguments.name, name) {
            (Some(name), _) => names::job_name(name)?,
            (None, Some(name)) => names::job_name(&name.to_ascii_lowercase().replace(['_', '.'], "-"))?,
            (None, None) => {
                return Err(Problem::usage("the job has no name").hint("give it one: --name NAME"));
            }
        };
        let size = Size::fitting(arguments.peak_memory).ok_or_else(|| {
            Problem::usage("--peak-memory: Code Engine sells no instance so large")
                .hint("a job that does HTTP needs less than 20 MB")
        })?;
        let optional =
            |flag: &str, name: &Option<String>| name.as_deref().map(|name| names::cloud_name(flag, name)).transpose();
        let job = Self {
            name,
            image: names::image(&arguments.image)?,
            registry_secret: optional("--registry-secret", &arguments.registry_secret)?,
            size,
            timeout: TaskTimeout::parse(&arguments.task_timeout)?,
            trusted_profile: optional("--trusted-profile", &arguments.trusted_profile)?,
            keep_runs: arguments.keep_runs.as_deref().map(names::keep_runs).transpose()?,
            instance: Crn::parse("--instance", "secrets-manager", &arguments.instance)?,
            private: arguments.private,
            schema,
            extra: job_env(&arguments.job_env)?,
        };
        job.check_size()?;
        Ok(job)
    }

    /// The variables of the job, wherever it runs: declarations, settings, and what `--job-env` adds.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let declared = self.schema.variables.iter().map(|variable| {
            // The same text for the same declaration, so that nothing changes on a re-run.
            (variable.full_name(), variable.declaration.to_string())
        });
        let deadline = self.timeout.duration.saturating_sub(DEADLINE_MARGIN);
        let settings = [
            Some(("CREDJOB_DEADLINE".to_owned(), format!("{}s", deadline.as_secs()))),
            self.trusted_profile.clone().map(|name| ("CREDJOB_TRUSTED_PROFILE_NAME".to_owned(), name)),
        ];
        declared.chain(settings.into_iter().flatten()).chain(self.extra.iter().cloned()).collect()
    }

    /// The same, and what Code Engine is told by a variable.
    pub(crate) fn code_engine_environment(&self) -> Vec<(String, String)> {
        let mut variables = self.environment();
        variables.push((KEEP_RUNS.to_owned(), self.keep_runs.clone().unwrap_or_else(|| "IMMEDIATELY".to_owned())));
        variables
    }

    /// Whether the provider reads secrets: one of its inputs is the id of a secret.
    pub(crate) fn reads_secrets(&self) -> bool {
        self.schema.variables.iter().any(|variable| {
            variable.direction == Direction::Input && variable.declaration.variable_type == VariableType::SecretId
        })
    }

    /// The least that the job can do its work with (PROTOCOL 3.4; DESIGN 6, "Publishing").
    pub(crate) fn roles(&self) -> [&'static str; 2] {
        ["SecretTaskUpdater", if self.reads_secrets() { "SecretsReader" } else { "Reader" }]
    }

    /// Seconds that a job run may take in all: the run and its re-runs, each within its own deadline.
    pub(crate) fn execution_seconds(&self) -> u64 {
        let (least, most) = EXECUTION_TIME;
        (self.timeout.duration * (RETRY_LIMIT + 1)).clamp(least, most).as_secs()
    }

    /// The base URL of the Secrets Manager instance (PROTOCOL 4).
    pub(crate) fn service_url(&self) -> String {
        let private = if self.private { ".private" } else { "" };
        format!("https://{}{private}.{}.secrets-manager.appdomain.cloud", self.instance.id, self.instance.region)
    }

    fn check_size(&self) -> Result<(), Problem> {
        let frame = r#"{"name":"","value":""},"#.len();
        let variables: usize =
            self.code_engine_environment().iter().map(|(name, value)| frame + name.len() + value.len()).sum();
        let size = variables + self.image.len() + self.name.len();
        if size > JOB_SIZE_LIMIT {
            return Err(Problem::usage(format!(
                "the job takes {size} bytes with its variables, but a Code Engine job has at most {JOB_SIZE_LIMIT}"
            ))
            .hint("shorten the values of --job-env, or the names and enums of the provider"));
        }
        Ok(())
    }
}

impl Deployment {
    /// Checks what only a deployment to the cloud needs.
    pub(crate) fn read(arguments: &DeployArgs, job: Job) -> Result<Self, Problem> {
        let needed = |flag: &str| {
            Problem::usage(format!("{flag} is needed to deploy to Code Engine"))
                .hint("`credjob deploy --help` says where to find it")
        };
        let project = arguments.project.as_deref().ok_or_else(|| needed("--project"))?;
        let project = Crn::parse("--project", "codeengine", project)?;
        if project.account != job.instance.account {
            return Err(Problem::usage("--project and --instance belong to two accounts").hint(
                "an authorization across accounts is not supported here: make it by hand, or use --output shell",
            ));
        }
        let secret_group = arguments.secret_group.as_deref().ok_or_else(|| needed("--secret-group"))?;
        let configuration = match &arguments.configuration {
            Some(name) => names::cloud_name("--configuration", name)?,
            None => names::cloud_name("--configuration", &job.name)?,
        };
        Ok(Self { project, secret_group: names::secret_group(secret_group)?, configuration, job })
    }

    /// The name of the service ID that the job works as.
    pub(crate) fn service_id(&self) -> String {
        format!("credjob-{}", self.job.name)
    }

    /// The name of the secret that holds the service ID's API key.
    pub(crate) fn api_key_secret(&self) -> String {
        format!("{}-api-key", self.job.name)
    }
}

fn job_env(given: &[String]) -> Result<Vec<(String, String)>, Problem> {
    let mut variables: Vec<(String, String)> = Vec::new();
    for text in given {
        // The error does not repeat the text: it may hold a secret that was typed in the wrong place.
        let (name, value) = text.split_once('=').filter(|(name, _)| is_variable(name)).ok_or_else(|| {
            Problem::usage("--job-env takes NAME=VALUE")
                .hint("for example: --job-env CREDJOB_ALLOWED_HOSTS=*.example.com")
        })?;
        if let Some((_, why)) = RESERVED.iter().find(|(prefix, _)| name.starts_with(prefix)) {
            return Err(Problem::usage(format!("--job-env: {name} cannot be set")).hint(*why));
        }
        if value.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\t')) {
            return Err(Problem::usage(format!("--job-env: the value of {name} holds a control character"))
                .hint("only line ends and tabs are possible"));
        }
        if variables.iter().any(|(other, _)| other == name) {
            return Err(Problem::usage(format!("--job-env: {name} is given twice")).hint("give each name once"));
        }
        variables.push((name.to_owned(), value.to_owned()));
    }
    Ok(variables)
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
pub(crate) mod tests;
