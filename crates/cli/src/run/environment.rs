//! The environment of the job: what Secrets Manager and Code Engine would set (PROTOCOL 1), and nothing of this process but
//! what a container would have.

use std::collections::BTreeMap;
use std::fmt;

use credjob_contract::{
    Action, Auth, CredentialsId, InstanceUrl, Secret, SecretGroupId, SecretId, TaskId, Trigger, VersionId,
};

use super::args::RunArgs;
use crate::dry_run::given::Given;
use crate::problem::Problem;
use crate::service::{Lookup, auth, iam_url, id, instance, secret_of};

/// What a job may see of the environment of this process. Further `CREDJOB_*` variables are passed on too.
const PASSED_ON: [&str; 11] = [
    "PATH",
    "HOME",
    "TZ",
    "SSL_CERT_FILE",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
    "RUST_BACKTRACE",
];

/// Variables of a job. `Debug` shows the names.
#[derive(Default)]
pub(crate) struct JobEnvironment(BTreeMap<String, String>);

impl JobEnvironment {
    /// Assembles everything, or says what is wrong.
    pub(crate) fn assemble(
        arguments: &RunArgs,
        lookup: Lookup<'_>,
        own: impl IntoIterator<Item = String>,
    ) -> Result<Self, Problem> {
        let mut variables = Self(BTreeMap::new());
        for name in own.into_iter().filter(|name| PASSED_ON.contains(&name.as_str()) || name.starts_with("CREDJOB_")) {
            if let Some(value) = lookup(&name) {
                variables.set(&name, value);
            }
        }
        let given = Given::read(&arguments.params, &[], &arguments.job_env)?;
        for (name, value) in given.job_env {
            variables.set(&name, value);
        }
        variables.task(arguments)?;
        for (name, value) in given.params {
            variables.set(&value_variable(&name)?, value);
        }
        variables.service(arguments, lookup)?;
        variables.code_engine(arguments);
        Ok(variables)
    }

    /// Names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn task(&mut self, arguments: &RunArgs) -> Result<(), Problem> {
        let action: Action = id("--action", &arguments.action)?;
        let deletes = action.as_str() == "delete_credentials";
        let default = if deletes { "secret_version_data_deletion" } else { "secret_creation" };
        let trigger: Trigger = id("--trigger", arguments.trigger.as_deref().unwrap_or(default))?;
        if deletes && arguments.credentials_id.is_none() {
            return Err(Problem::usage("a deletion needs --credentials-id").hint(
                "the versions of the secret tell it (`credentials_id`), and so does the log of the run that created it",
            ));
        }
        if !deletes && (arguments.credentials_id.is_some() || arguments.secret_version_id.is_some()) {
            return Err(Problem::usage("--credentials-id and --secret-version-id are for deletions")
                .hint("add --action delete_credentials, or leave them out"));
        }
        self.set("SM_ACTION", action.as_str());
        self.set("SM_TRIGGER", trigger.as_str());
        self.set("SM_SECRET_ID", id::<SecretId>("--secret-id", &arguments.secret_id)?.to_string());
        self.set("SM_SECRET_TASK_ID", id::<TaskId>("--id", &arguments.id)?.to_string());
        self.set("SM_SECRET_NAME", arguments.secret_name.as_str());
        let group: SecretGroupId = id("--secret-group-id", &arguments.secret_group_id)?;
        self.set("SM_SECRET_GROUP_ID", group.to_string());
        if let Some(text) = &arguments.credentials_id {
            self.set("SM_CREDENTIALS_ID", id::<CredentialsId>("--credentials-id", text)?.as_str());
        }
        if let Some(text) = &arguments.secret_version_id {
            self.set("SM_SECRET_VERSION_ID", id::<VersionId>("--secret-version-id", text)?.to_string());
        }
        Ok(())
    }

    /// Where the service is and how the job logs in. A login that is named here wins over a `CREDJOB_*` of this process.
    fn service(&mut self, arguments: &RunArgs, lookup: Lookup<'_>) -> Result<(), Problem> {
        let job = self.0.clone();
        let lookup: Lookup<'_> = &|name: &str| job.get(name).cloned().or_else(|| lookup(name));
        let instance: InstanceUrl = instance(arguments.service_url.as_deref(), lookup)?;
        let login = match &arguments.api_key {
            Some(text) => Auth::ApiKey(trimmed(&secret_of("--api-key", text)?)?),
            None => auth(&instance, lookup)?,
        };
        if !self.0.contains_key("CREDJOB_IAM_URL") {
            self.set("CREDJOB_IAM_URL", iam_url(&instance, lookup)?);
        }
        self.set("SM_INSTANCE_URL", instance.to_string());
        for name in ["CREDJOB_TRUSTED_PROFILE_ID", "CREDJOB_TRUSTED_PROFILE_NAME", "CREDJOB_CR_TOKEN_FILE"] {
            self.0.remove(name);
        }
        match login {
            Auth::ApiKey(key) => self.set("SM_ACCESS_APIKEY", key.expose()),
            Auth::TrustedProfile { id, name, cr_token_file } => {
                let file = cr_token_file.map(|file| file.display().to_string());
                let parts = [
                    ("CREDJOB_TRUSTED_PROFILE_ID", id),
                    ("CREDJOB_TRUSTED_PROFILE_NAME", name),
                    ("CREDJOB_CR_TOKEN_FILE", file),
                ];
                for (name, value) in parts {
                    if let Some(value) = value {
                        self.set(name, value);
                    }
                }
            }
        }
        Ok(())
    }

    fn code_engine(&mut self, arguments: &RunArgs) {
        self.set("CE_JOBRUN", arguments.id.as_str());
        self.set("JOB_ARRAY_SIZE", "1");
        self.set("JOB_INDEX", "0");
        self.set("JOB_INDEX_RETRY_COUNT", arguments.retry_count.to_string());
        self.set("JOB_MODE", "task");
        self.set("JOB_RETRY_LIMIT", "0");
    }
}

impl fmt::Debug for JobEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn trimmed(key: &Secret<String>) -> Result<Secret<String>, Problem> {
    let key = Secret::from(key.expose().trim());
    if key.expose().is_empty() {
        return Err(Problem::usage("--api-key: the file is empty").hint("check that it is the right file"));
    }
    Ok(key)
}

/// `SM_<NAME>_VALUE` (PROTOCOL 1.4).
fn value_variable(name: &str) -> Result<String, Problem> {
    let upper = name.to_ascii_uppercase();
    if upper.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_') {
        return Ok(format!("SM_{upper}_VALUE"));
    }
    Err(Problem::usage(format!("--param: `{}` is no name of a parameter", name.escape_debug()))
        .hint("names have letters, digits and underscores: `--param common_name=example.com`"))
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, FromArgMatches as _};

    use super::*;

    const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
    const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";

    fn assemble(more: &[&str], variables: &[(&str, &str)]) -> Result<BTreeMap<String, String>, Problem> {
        let words =
            ["run", "--bin", "job", "--secret-id", SECRET, "--id", TASK].into_iter().chain(more.iter().copied());
        let matches = RunArgs::augment_args(clap::Command::new("run")).try_get_matches_from(words).expect("flags");
        let arguments = RunArgs::from_arg_matches(&matches).expect("flags");
        let lookup =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let own = variables.iter().map(|(name, _)| (*name).to_owned());
        JobEnvironment::assemble(&arguments, &lookup, own).map(|environment| environment.0)
    }

    const LOGIN: [(&str, &str); 2] =
        [("SECRETS_MANAGER_URL", "http://127.0.0.1:8800"), ("SECRETS_MANAGER_APIKEY", "canary-cli-run")];

    #[test]
    fn a_creation_has_what_secrets_manager_sets() {
        let variables = assemble(&["--param", "common_name=example.com"], &LOGIN).expect("complete");
        for (name, value) in [
            ("SM_ACTION", "create_credentials"),
            ("SM_TRIGGER", "secret_creation"),
            ("SM_INSTANCE_URL", "http://127.0.0.1:8800"),
            ("SM_SECRET_ID", SECRET),
            ("SM_SECRET_TASK_ID", TASK),
            ("SM_ACCESS_APIKEY", "canary-cli-run"),
            ("SM_COMMON_NAME_VALUE", "example.com"),
            ("CREDJOB_IAM_URL", "http://127.0.0.1:8800"),
            ("JOB_INDEX", "0"),
        ] {
            assert_eq!(variables.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert!(!variables.contains_key("SECRETS_MANAGER_APIKEY"));
    }

    #[test]
    fn only_what_a_container_would_have_is_passed_on() {
        let own = [
            ("PATH", "/bin"),
            ("AWS_SECRET_ACCESS_KEY", "canary-cli-aws"),
            ("CREDJOB_LOG", "debug"),
            LOGIN[0],
            LOGIN[1],
        ];
        let variables = assemble(&[], &own).expect("complete");
        assert_eq!((variables["PATH"].as_str(), variables["CREDJOB_LOG"].as_str()), ("/bin", "debug"));
        assert!(!variables.contains_key("AWS_SECRET_ACCESS_KEY"));
    }

    #[test]
    fn a_trusted_profile_can_be_a_variable_of_the_job() {
        let variables =
            assemble(&["--job-env", "CREDJOB_TRUSTED_PROFILE_ID=Profile-1"], &LOGIN[..1]).expect("complete");
        assert_eq!(variables["CREDJOB_TRUSTED_PROFILE_ID"], "Profile-1");
        assert!(!variables.contains_key("SM_ACCESS_APIKEY"));
    }

    #[test]
    fn a_deletion_names_its_credentials() {
        let variables =
            assemble(&["--action", "delete_credentials", "--credentials-id", "tok-1"], &LOGIN).expect("complete");
        assert_eq!(variables["SM_CREDENTIALS_ID"], "tok-1");
        assert_eq!(variables["SM_TRIGGER"], "secret_version_data_deletion");
    }

    #[test]
    fn wrong_flags_are_refused_with_a_hint() {
        for more in [
            &["--action", "create"][..],
            &["--action", "delete_credentials"],
            &["--credentials-id", "tok-1"],
            &["--trigger", "boredom"],
            &["--param", "common-name=x"],
            &["--param", "common_name"],
            &["--job-env", "SM_ACTION=x"],
            &["--api-key", "canary-cli-inline"],
            &["--service-url", "http://example.com"],
        ] {
            let text = assemble(more, &LOGIN).expect_err("refused").to_string();
            assert!(text.contains("hint: ") && !text.contains("canary"), "{text}");
        }
    }
}
