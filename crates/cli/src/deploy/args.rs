//! The flags of `credjob deploy`, and its help.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct DeployArgs {
    /// A folder of `providers/`, or any directory with a Cargo.toml: built, and asked for its declarations
    #[arg(value_name = "PROVIDER|DIR")]
    pub(crate) provider: Option<PathBuf>,

    /// Ask this job binary for its declarations; build none
    #[arg(long, value_name = "PATH", conflicts_with = "provider")]
    pub(crate) bin: Option<PathBuf>,

    /// Take the declarations from this `job_config.json`; build and run no job
    #[arg(long, value_name = "FILE", conflicts_with_all = ["provider", "bin"])]
    pub(crate) job_config: Option<PathBuf>,

    /// The container image of the job, such as icr.io/NAMESPACE/NAME:TAG
    #[arg(long)]
    pub(crate) image: String,

    /// The CRN of the Secrets Manager instance
    #[arg(long, value_name = "CRN", long_help = INSTANCE_HELP)]
    pub(crate) instance: String,

    /// The CRN of the Code Engine project; not needed for Kubernetes
    #[arg(long, value_name = "CRN", long_help = PROJECT_HELP)]
    pub(crate) project: Option<String>,

    /// The id of the secret group that the job may work in; not needed for Kubernetes
    ///
    /// Everything that the job may do is limited to this group. Make one for the provider:
    /// `ibmcloud secrets-manager secret-group-create --name NAME`.
    #[arg(long, value_name = "UUID")]
    pub(crate) secret_group: Option<String>,

    /// The name of the job [default: the name of the provider or the binary]
    #[arg(long)]
    pub(crate) name: Option<String>,

    /// The name of the configuration in Secrets Manager [default: the name of the job]
    #[arg(long, value_name = "NAME")]
    pub(crate) configuration: Option<String>,

    /// How long a task may take, 5m to 24h; the job's deadline is 90 s less
    #[arg(long, value_name = "DURATION", default_value = "10m")]
    pub(crate) task_timeout: String,

    /// Use this trusted profile, made if it does not exist, instead of a service ID and an API key
    #[arg(long, value_name = "NAME")]
    pub(crate) trusted_profile: Option<String>,

    /// The Code Engine (or Kubernetes) secret that gives access to a private registry
    #[arg(long, value_name = "NAME")]
    pub(crate) registry_secret: Option<String>,

    /// Keep completed job runs for troubleshooting, such as 3d; without it they are removed at once
    #[arg(long, value_name = "DURATION")]
    pub(crate) keep_runs: Option<String>,

    /// A variable of the job, such as `CREDJOB_ALLOWED_HOSTS`; no secrets; may be repeated
    #[arg(long = "job-env", value_name = "NAME=VALUE")]
    pub(crate) job_env: Vec<String>,

    /// The most memory that your job was measured to need, in MB
    #[arg(long, value_name = "MB", default_value_t = super::sizing::MEASURED_PEAK_MB)]
    pub(crate) peak_memory: u32,

    /// Reach Secrets Manager by its private endpoint
    #[arg(long)]
    pub(crate) private: bool,

    /// Print what would be done; call nothing (the default)
    #[arg(long, conflicts_with_all = ["apply", "output"])]
    pub(crate) plan: bool,

    /// Do it, with the `ibmcloud` command of the PATH
    #[arg(long, conflicts_with = "output")]
    pub(crate) apply: bool,

    /// Print a file that does it
    #[arg(long, value_enum)]
    pub(crate) output: Option<Output>,
}

/// What to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// A shell script for people to read (needs ibmcloud and jq)
    Shell,
    /// A module for Terraform with the provider IBM-Cloud/ibm
    Terraform,
    /// A Job manifest for any cluster: one run of one task
    Kubernetes,
}

const INSTANCE_HELP: &str = "\
The CRN of the Secrets Manager instance

`ibmcloud resource service-instances --service-name secrets-manager --long` shows it. The CRN names the region and the \
instance at once, so that they cannot disagree.";

const PROJECT_HELP: &str = "\
The CRN of the Code Engine project; not needed for Kubernetes

`ibmcloud resource service-instances --service-name codeengine --long` shows it.";

pub(crate) const ABOUT: &str = "\
Deploy a provider as a Code Engine job, with just the rights that it needs, and configure Secrets Manager for it

Asks the provider for its declarations and prints what would be done; --apply does it. Everything is created, or updated if it \
exists already, so the command can be run again at any time: after a failure, or for a new image.

What the job may do: SecretTaskUpdater, and Reader (which sees no secret data, but lets the job read its own task when the answer \
to an update is lost); SecretsReader instead of Reader if the provider has an input of type secret_id. All of it in one secret \
group only. Secrets Manager may do Viewer and Writer in the Code Engine project: it starts the job.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  credjob deploy certificate --image icr.io/team/certificate:1 --instance CRN --project CRN --secret-group UUID
  credjob deploy jfrog --image icr.io/team/jfrog:1 --instance CRN --project CRN --secret-group UUID --job-env \
CREDJOB_ALLOWED_HOSTS=example.jfrog.io --apply
  credjob deploy certificate --image icr.io/team/certificate:1 --instance CRN --project CRN --secret-group UUID --output \
terraform > main.tf
  credjob deploy certificate --image icr.io/team/certificate:1 --instance CRN --output kubernetes > job.yaml

What must be there before: a Code Engine project, a Secrets Manager instance with a secret group and (unless --trusted-profile is \
given) its IAM credentials engine, the image in a registry, and `ibmcloud login` with the plug-ins code-engine and \
secrets-manager. --apply changes the region and the project that `ibmcloud` is pointed at.

Not tried against the real cloud: the calls of --apply and the script were tested with a stand-in for `ibmcloud`, the Terraform \
module and the manifest with parsers only. Flags and attributes follow the public documentation of the CLI plug-ins and of the \
Terraform provider. The JSON of policies and service IDs is taken from public scripts; that of trusted profile links and of \
`ce job get` is assumed. That Secrets Manager sets CE_REMOVE_COMPLETED_JOBS when a configuration is created is taken from IBM's \
provider examples.

Exit codes:
  0    printed, or done
  1    a step failed: what was done and what was not is said; run the command again to go on
  2    wrong usage: nothing was started
  3    the provider could not be built or asked, or `ibmcloud` is not installed";
