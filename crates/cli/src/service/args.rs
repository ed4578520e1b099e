//! How to reach a Secrets Manager, on the command line.

use clap::{Args, ValueEnum};

#[derive(Debug, Clone, Args)]
pub(crate) struct ServiceArgs {
    #[arg(long, value_name = "URL", help = "The address of the instance; SECRETS_MANAGER_URL otherwise", long_help = SERVICE_URL)]
    pub(crate) service_url: Option<String>,

    /// How to print the result
    #[arg(long, value_enum, default_value_t = Output::Text, alias = "output")]
    pub(crate) format: Output,
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Lines for people
    #[value(alias = "table")]
    Text,
    /// One versioned JSON document on standard output
    Json,
}

const SERVICE_URL: &str = "\
The address of the instance; SECRETS_MANAGER_URL otherwise

The real service (https://{instance_id}.{region}.secrets-manager.appdomain.cloud) or a local one (`credjob emulator`).

The login comes from the environment, under the names of IBM's SDKs: SECRETS_MANAGER_APIKEY, or a trusted profile by \
SECRETS_MANAGER_IAM_PROFILE_ID or SECRETS_MANAGER_IAM_PROFILE_NAME (its token is read from \
SECRETS_MANAGER_CR_TOKEN_FILENAME, or where Code Engine puts it). SECRETS_MANAGER_AUTH_URL overrides the address of IAM. \
IBMCLOUD_API_KEY is used for a remote instance if nothing else is set.";

/// What stands below the help of every command that talks to the service.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    the service refused the request, or the task that was followed ended as failed
  2    wrong usage: nothing was sent
  3    no answer: the service or IAM cannot be reached, or the outcome is unknown

Tried against `credjob emulator` only; nobody has run this against the real service yet. Where the two differ, the service is \
right and this command has a bug.";
