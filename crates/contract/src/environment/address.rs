//! What it takes to reach the task. If one part is missing, nobody can be told anything: exit 2.

use std::path::PathBuf;

use super::variables::{Findings, Variables};
use crate::ids::{IdError, SecretId, TaskId};
use crate::inputs::Problem;
use crate::instance_url::{InstanceUrl, base_url};
use crate::secret::Secret;

/// IAM of IBM Cloud (PROTOCOL 3.3).
pub const IAM_PUBLIC_URL: &str = "https://iam.cloud.ibm.com";

/// IAM on the private network, for instances with a private endpoint (PROTOCOL 3.3).
pub const IAM_PRIVATE_URL: &str = "https://private.iam.cloud.ibm.com";

/// IAM of IBM's test environment (PROTOCOL 3.3, "Test rule").
pub const IAM_TEST_URL: &str = "https://iam.test.cloud.ibm.com";

/// How to reach the task.
#[derive(Debug, Clone)]
pub struct Address {
    /// The Secrets Manager instance.
    pub instance: InstanceUrl,
    /// The secret that the task belongs to.
    pub secret_id: SecretId,
    /// The task.
    pub task_id: TaskId,
    /// How to prove who we are.
    pub auth: Auth,
    /// Base URL of IAM, without a trailing slash or `/identity/token`.
    pub iam_url: String,
}

/// How the job proves who it is.
#[derive(Debug, Clone)]
pub enum Auth {
    /// The API key that Secrets Manager renews for each run.
    ApiKey(Secret<String>),
    /// A trusted profile with the compute resource token of the job. At least one of `id` and `name` is set.
    TrustedProfile {
        /// Id of the profile.
        id: Option<String>,
        /// Name of the profile.
        name: Option<String>,
        /// File that holds the compute resource token; `None` = look in the usual places (PROTOCOL 3.2).
        cr_token_file: Option<PathBuf>,
    },
}

/// Reads every part, so that all problems are found. Each `None` goes with a fatal finding.
pub(super) fn read(variables: &Variables, findings: &mut Findings) -> Option<Address> {
    let instance: Option<InstanceUrl> = required(variables, findings, "SM_INSTANCE_URL");
    let task_id: Option<TaskId> = required(variables, findings, "SM_SECRET_TASK_ID");
    let secret_id: Option<SecretId> = required(variables, findings, "SM_SECRET_ID");
    let auth = auth(variables, findings);
    let iam_override = iam_override(variables, findings);
    let instance = instance?;
    let iam_url = match iam_override {
        Ok(Some(url)) => url,
        _ => default_iam_url(&instance).to_owned(),
    };
    Some(Address { secret_id: secret_id?, task_id: task_id?, auth: auth?, iam_url, instance })
}

fn required<T: std::str::FromStr<Err = IdError>>(
    variables: &Variables,
    findings: &mut Findings,
    name: &str,
) -> Option<T> {
    let problem = match variables.service(name) {
        Ok(Some(text)) => match text.parse() {
            Ok(value) => return Some(value),
            Err(error) => Problem::new(name, format!("is malformed: {error}")),
        },
        Ok(None) => Problem::new(name, "is not set; Secrets Manager sets it when it starts the job"),
        Err(problem) => problem,
    };
    findings.fatal(problem);
    None
}

/// A trusted profile wins over an API key: the job's owner set it on purpose, while Secrets Manager injects the key by
/// itself.
fn auth(variables: &Variables, findings: &mut Findings) -> Option<Auth> {
    let mut other = |name| match variables.other(name) {
        Ok(value) => Ok(value.map(str::to_owned)),
        Err(problem) => {
            findings.fatal(problem);
            Err(())
        }
    };
    let id = other("CREDJOB_TRUSTED_PROFILE_ID");
    let name = other("CREDJOB_TRUSTED_PROFILE_NAME");
    let cr_token_file = other("CREDJOB_CR_TOKEN_FILE");
    let (Ok(id), Ok(name), Ok(cr_token_file)) = (id, name, cr_token_file) else { return None };
    // A key that is not used must not leak either: wrapping it tells the redactor.
    let key = variables.service("SM_ACCESS_APIKEY").map(|key| key.map(|key| Secret::from(key.trim())));
    if id.is_some() || name.is_some() {
        return Some(Auth::TrustedProfile { id, name, cr_token_file: cr_token_file.map(PathBuf::from) });
    }
    let problem = match key {
        Ok(Some(key)) if !key.expose().is_empty() => return Some(Auth::ApiKey(key)),
        Ok(_) => Problem::new(
            "SM_ACCESS_APIKEY",
            "is not set, and no trusted profile is configured: give the configuration an `api_key_ref`, or set \
             CREDJOB_TRUSTED_PROFILE_ID or CREDJOB_TRUSTED_PROFILE_NAME on the job",
        ),
        Err(problem) => problem,
    };
    findings.fatal(problem);
    None
}

/// `Err` after a fatal finding.
fn iam_override(variables: &Variables, findings: &mut Findings) -> Result<Option<String>, ()> {
    const NAME: &str = "CREDJOB_IAM_URL";
    let problem = match variables.other(NAME) {
        Ok(None) => return Ok(None),
        Ok(Some(text)) => match base_url("an IAM URL", text, &["/identity/token"]) {
            Ok((url, _)) => return Ok(Some(url)),
            Err(error) => Problem::new(NAME, format!("is malformed: {error}")),
        },
        Err(problem) => problem,
    };
    findings.fatal(problem);
    Err(())
}

fn default_iam_url(instance: &InstanceUrl) -> &'static str {
    if instance.is_test() {
        IAM_TEST_URL
    } else if instance.is_private() {
        IAM_PRIVATE_URL
    } else {
        IAM_PUBLIC_URL
    }
}
