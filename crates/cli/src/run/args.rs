//! The command line of `credjob run`.
#![expect(clippy::doc_markdown, reason = "help is read on a terminal, where backticks are noise")]

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(about = "Start one job once, for a task that exists, against any Secrets Manager", long_about = ABOUT, after_long_help = EXAMPLES)]
pub(crate) struct RunArgs {
    /// The job binary
    #[arg(long, value_name = "PATH")]
    pub(crate) bin: PathBuf,

    /// The id of the secret (SM_SECRET_ID)
    #[arg(long)]
    pub(crate) secret_id: String,

    /// The id of the task to work on: sm-task-... (SM_SECRET_TASK_ID)
    #[arg(long, visible_alias = "task-id")]
    pub(crate) id: String,

    /// What the task asks for: create_credentials or delete_credentials (SM_ACTION)
    #[arg(long, default_value = "create_credentials")]
    pub(crate) action: String,

    #[arg(long, value_name = "WORD", help = "Why the task exists (SM_TRIGGER)", long_help = TRIGGER)]
    pub(crate) trigger: Option<String>,

    /// The name of the secret (SM_SECRET_NAME)
    #[arg(long, default_value = "credjob-run")]
    pub(crate) secret_name: String,

    /// The group of the secret (SM_SECRET_GROUP_ID)
    #[arg(long, value_name = "ID", default_value = "default")]
    pub(crate) secret_group_id: String,

    /// For deletions: the id of the credentials (SM_CREDENTIALS_ID)
    #[arg(long, value_name = "ID")]
    pub(crate) credentials_id: Option<String>,

    /// For deletions: the id of their version (SM_SECRET_VERSION_ID)
    #[arg(long, value_name = "ID")]
    pub(crate) secret_version_id: Option<String>,

    /// An input parameter, given as SM_<NAME>_VALUE; may be repeated. Names and values are the job's to check
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(crate) params: Vec<String>,

    /// An environment variable of the job, such as CREDJOB_ALLOWED_HOSTS or CREDJOB_DEADLINE; may be repeated
    #[arg(long = "job-env", value_name = "NAME=VALUE")]
    pub(crate) job_env: Vec<String>,

    #[arg(long, value_name = "URL", help = "The address of the instance; SECRETS_MANAGER_URL otherwise")]
    pub(crate) service_url: Option<String>,

    #[arg(long, value_name = "@FILE", help = "The job's API key, in a file (`@-`: standard input)", long_help = API_KEY)]
    pub(crate) api_key: Option<String>,

    /// Which start of the run this is; above 0 the job closes the task instead of creating
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) retry_count: u32,
}

const TRIGGER: &str = "\
Why the task exists (SM_TRIGGER)

One of secret_creation (the default of a creation), manual_secret_rotation, automatic_secret_rotation, \
secret_version_expiration and secret_version_data_deletion (the default of a deletion).";

const API_KEY: &str = "\
The job's API key, in a file (`@-`: standard input)

Without it the login comes from the environment: SECRETS_MANAGER_APIKEY, or a trusted profile by SECRETS_MANAGER_IAM_PROFILE_ID \
or SECRETS_MANAGER_IAM_PROFILE_NAME. It needs the service role SecretTaskUpdater, and what else the job reads. A key is never taken \
from the command line, where other users of the machine could read it.";

const ABOUT: &str = "\
Start one job once, for a task that exists, against any Secrets Manager

Assembles the environment that Secrets Manager and Code Engine would give to the job, and nothing else: of the environment of \
this command the job sees PATH, HOME, TZ, the proxy variables, SSL_CERT_FILE and CREDJOB_*. The job's output goes where this \
command's goes; Ctrl-C and SIGTERM reach the job, which then closes the task and cleans up.";

pub(super) const EXAMPLES: &str = "\
Examples (SECRET and TASK stand for the ids):
  credjob run --bin ./certificate --secret-id SECRET --id TASK --param common_name=example.com
  credjob run --bin ./jfrog --secret-id SECRET --id TASK --param user=app --api-key @key.txt
  credjob run --bin ./jfrog --secret-id SECRET --id TASK --retry-count 1

To delete: --action delete_credentials --credentials-id ID --secret-version-id VERSION.

Exit codes: those of the job
  0    the task is final, gone, or has refused the job for good, and nothing is left behind
  2    the task cannot be addressed; after an `error:` of this command: wrong usage, no job was started
  3    nothing was reported, nothing is left behind; after an `error:`: the job could not be started
  4    a credential is, or may be, orphaned; its id or marker is in the log
  5    a credential was kept because a version may own it; its id is in the log
  128 + the number of the signal that killed the job

Tried against `credjob emulator` only; nobody has run this against the real service yet.";
