//! Every call of `ibmcloud`, as words. The plan, the script and `--apply` share them.
//!
//! Sources of the flags: IBM's provider examples (`certificate-provider`, README, steps 3 to 7), and the references of
//! `ibmcloud iam`, `ibmcloud ce` and `ibmcloud secrets-manager` in the IBM Cloud documentation.

use serde_json::json;

use super::deployment::{API_KEY_ROTATION_DAYS, API_KEY_TTL_DAYS, Deployment, KEEP_RUNS, RETRY_LIMIT};
use super::quote;

/// Something that only an earlier step finds out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    /// The id of the service ID.
    ServiceId,
    /// The id of the secret that holds its API key.
    ApiKeySecret,
    /// The id of the access policy that exists already.
    Policy,
    /// `create` or `update`.
    Verb,
}

/// One argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    Text(String),
    Known(Fact),
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Fact> for Word {
    fn from(fact: Fact) -> Self {
        Self::Known(fact)
    }
}

/// The arguments of one call.
pub(crate) type Words = Vec<Word>;

macro_rules! words {
    ($($word:expr),* $(,)?) => { vec![$(Word::from($word)),*] };
}

/// Everything that is called for one deployment.
pub(crate) struct Commands<'a>(pub(crate) &'a Deployment);

impl Commands<'_> {
    pub(crate) fn target_region(&self) -> Words {
        words!["target", "-r", self.0.project.region.as_str()]
    }

    pub(crate) fn select_project(&self) -> Words {
        words!["ce", "project", "select", "--id", self.0.project.id.as_str()]
    }

    pub(crate) fn authorizations() -> Words {
        words!["iam", "authorization-policies", "--output", "JSON"]
    }

    pub(crate) fn create_authorization(&self) -> Words {
        words![
            "iam",
            "authorization-policy-create",
            "secrets-manager",
            "codeengine",
            "Viewer,Writer",
            "--source-service-instance-id",
            self.0.job.instance.id.as_str(),
            "--target-service-instance-id",
            self.0.project.id.as_str(),
        ]
    }

    /// All of them: a name need not be unique, and a failure must not be taken for "there is none".
    pub(crate) fn service_ids() -> Words {
        words!["iam", "service-ids", "--output", "JSON"]
    }

    pub(crate) fn create_service_id(&self) -> Words {
        let description = format!("The Code Engine job {} reports to Secrets Manager", self.0.job.name);
        words!["iam", "service-id-create", self.0.service_id(), "--description", description]
    }

    pub(crate) fn profile(name: &str) -> Words {
        words!["iam", "trusted-profile", name, "--output", "JSON"]
    }

    pub(crate) fn create_profile(&self, name: &str) -> Words {
        let description = format!("The Code Engine job {} reports to Secrets Manager", self.0.job.name);
        words!["iam", "trusted-profile-create", name, "--description", description]
    }

    pub(crate) fn links(name: &str) -> Words {
        words!["iam", "trusted-profile-links", name, "--output", "JSON", "--force"]
    }

    pub(crate) fn create_link(&self, name: &str) -> Words {
        words![
            "iam",
            "trusted-profile-link-create",
            name,
            "--name",
            self.0.service_id(),
            "--cr-type",
            "CE",
            "--link-crn",
            self.0.project.to_string(),
            "--link-component-type",
            "job",
            "--link-component-name",
            self.0.job.name.as_str(),
        ]
    }

    /// The access policies of whoever the job works as.
    pub(crate) fn policies(&self) -> Words {
        let (kind, who) = self.principal();
        words!["iam", format!("{kind}-policies"), who, "--output", "JSON", "--force"]
    }

    pub(crate) fn create_policy(&self) -> Words {
        let (kind, who) = self.principal();
        let mut words = words!["iam", format!("{kind}-policy-create"), who];
        words.extend(self.scope());
        words
    }

    pub(crate) fn update_policy(&self) -> Words {
        let (kind, who) = self.principal();
        let mut words = words!["iam", format!("{kind}-policy-update"), who, Fact::Policy];
        words.extend(self.scope());
        words.push("--force".into());
        words
    }

    fn principal(&self) -> (&'static str, Word) {
        match &self.0.job.trusted_profile {
            Some(name) => ("trusted-profile", name.as_str().into()),
            None => ("service", Fact::ServiceId.into()),
        }
    }

    fn scope(&self) -> Words {
        words![
            "--roles",
            self.0.job.roles().join(","),
            "--service-name",
            "secrets-manager",
            "--service-instance",
            self.0.job.instance.id.as_str(),
            "--resource-type",
            "secret-group",
            "--resource",
            self.0.secret_group.as_str(),
        ]
    }

    pub(crate) fn api_key_secrets(&self) -> Words {
        let more = words![
            "--secret-types",
            "iam_credentials",
            "--groups",
            self.0.secret_group.as_str(),
            "--search",
            self.0.api_key_secret(),
        ];
        self.secrets_manager("secrets", more)
    }

    pub(crate) fn create_api_key_secret(&self) -> Words {
        let rotation = json!({ "auto_rotate": true, "interval": API_KEY_ROTATION_DAYS, "unit": "day" });
        let more = words![
            "--secret-type",
            "iam_credentials",
            "--secret-name",
            self.0.api_key_secret(),
            "--secret-description",
            format!("API key of the Code Engine job {}", self.0.job.name),
            "--secret-group-id",
            self.0.secret_group.as_str(),
            "--secret-ttl",
            format!("{API_KEY_TTL_DAYS}d"),
            "--iam-credentials-service-id",
            Fact::ServiceId,
            "--iam-credentials-reuse-apikey",
            "true",
            "--secret-rotation",
            rotation.to_string(),
        ];
        self.secrets_manager("secret-create", more)
    }

    pub(crate) fn job(&self) -> Words {
        words!["ce", "job", "get", "--name", self.0.job.name.as_str(), "--output", "json"]
    }

    /// The same flags whether the job is new or not, so that an update leaves nothing of an older deployment.
    pub(crate) fn write_job(&self) -> Words {
        let job = &self.0.job;
        let mut words = words!["ce", "job", Fact::Verb, "--name", job.name.as_str(), "--image", job.image.as_str()];
        if let Some(secret) = &job.registry_secret {
            words.extend(words!["--registry-secret", secret.as_str()]);
        }
        words.extend(words![
            "--cpu",
            job.size.cpu(),
            "--memory",
            job.size.memory(),
            "--retrylimit",
            RETRY_LIMIT.to_string(),
            "--maxexecutiontime",
            job.execution_seconds().to_string(),
            format!("--trusted-profiles-enabled={}", job.trusted_profile.is_some()),
        ]);
        for (name, value) in job.code_engine_environment() {
            words.extend(words!["--env", format!("{name}={value}")]);
        }
        words
    }

    /// Secrets Manager has just set the variable itself (PROTOCOL 1.7).
    pub(crate) fn keep_runs(&self, keep: &str) -> Words {
        words!["ce", "job", "update", "--name", self.0.job.name.as_str(), "--env", format!("{KEEP_RUNS}={keep}")]
    }

    /// The list says "there is none" by being empty; a failed look-up of one could mean anything.
    pub(crate) fn configurations(&self) -> Words {
        self.secrets_manager("configurations", words!["--search", self.0.configuration.as_str()])
    }

    pub(crate) fn create_configuration(&self) -> Words {
        let Deployment { job, project, .. } = self.0;
        let code_engine = json!({ "region": project.region, "project_id": project.id, "job_name": job.name });
        let mut more = words![
            "--config-type",
            "custom_credentials_configuration",
            "--name",
            self.0.configuration.as_str(),
            "--configuration-task-timeout",
            job.timeout.text.as_str(),
            "--custom-credentials-code-engine",
            code_engine.to_string(),
        ];
        if job.trusted_profile.is_none() {
            more.extend(words!["--custom-credentials-apikey-ref", Fact::ApiKeySecret]);
        }
        self.secrets_manager("configuration-create", more)
    }

    pub(crate) fn update_configuration(&self) -> Words {
        let patch = json!({ "task_timeout": self.0.job.timeout.text });
        let more = words!["--name", self.0.configuration.as_str(), "--configuration-patch", patch.to_string()];
        self.secrets_manager("configuration-update", more)
    }

    fn secrets_manager(&self, command: &str, more: Words) -> Words {
        let mut words = words!["secrets-manager", command];
        words.extend(more);
        words.extend(words!["--output", "json", "--service-url", self.0.job.service_url()]);
        words
    }
}

/// The call as a person would type it, one flag a line.
pub(crate) fn typed(words: &[Word], indent: &str, known: impl Fn(Fact) -> String) -> String {
    let mut text = String::from("ibmcloud");
    for word in words {
        let word = match word {
            Word::Text(text) => quote::shell(text),
            Word::Known(fact) => known(*fact),
        };
        let gap = if word.starts_with("--") { format!(" \\\n{indent}  ") } else { " ".to_owned() };
        text.push_str(&gap);
        text.push_str(&word);
    }
    text
}
