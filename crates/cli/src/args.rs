//! The command line. Its help is a contract: every `--help` is a snapshot in the tests.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Help text is hard to read beyond this many columns.
const WIDTH: usize = 100;

/// Tools for IBM Cloud Secrets Manager custom credentials providers
#[derive(Debug, Parser)]
#[command(name = "credjob", version, propagate_version = true, after_help = EXAMPLES, max_term_width = WIDTH)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a new provider: a project that builds, passes its tests and runs in `credjob dry-run`
    #[command(long_about = crate::new::args::ABOUT, after_long_help = crate::new::args::EXAMPLES)]
    New(crate::new::args::NewArgs),
    /// Look for what would go wrong later: one table of findings, each with a fix
    #[command(long_about = crate::check::args::ABOUT, after_long_help = crate::check::args::EXAMPLES)]
    Check(crate::check::args::CheckArgs),
    /// Run a provider through the whole life of a secret, against a Secrets Manager on this machine
    #[command(long_about = DRY_RUN_ABOUT, after_long_help = DRY_RUN_EXAMPLES)]
    DryRun(DryRunArgs),
    /// Deploy a provider as a Code Engine job and configure Secrets Manager for it
    #[command(long_about = crate::deploy::ABOUT, after_long_help = crate::deploy::EXAMPLES)]
    Deploy(Box<crate::deploy::DeployArgs>),
    Emulator(crate::emulator::EmulatorArgs),
    Run(crate::run::RunArgs),
    #[command(flatten)]
    Tasks(crate::tasks::TasksCommand),
    #[command(flatten)]
    Locks(crate::locks::LocksCommand),
    /// Print the completion script of a shell
    #[command(after_help = COMPLETIONS_EXAMPLE)]
    Completions {
        /// The shell to complete in
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DryRunArgs {
    /// A folder of `providers/`, or any directory with a Cargo.toml
    ///
    /// A bare name is looked for in `providers/` of the current directory and of the directories above it.
    #[arg(value_name = "PROVIDER|DIR")]
    pub(crate) provider: Option<PathBuf>,

    /// Run this job binary; build none
    #[arg(long, value_name = "PATH")]
    pub(crate) bin: Option<PathBuf>,

    /// An input parameter of the secret; may be repeated
    ///
    /// The value is converted to the type that the provider declares.
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(crate) params: Vec<String>,

    /// A parameter that refers to a secret; may be repeated
    #[arg(long = "secret", value_name = "NAME=[TYPE:]@FILE", long_help = SECRET_HELP)]
    pub(crate) secrets: Vec<String>,

    /// Make the next calls of one kind go wrong, in this order; may be repeated
    #[arg(long = "fault", value_name = "CALL:FAULT[,FAULT]", long_help = crate::dry_run::faults::HELP)]
    pub(crate) faults: Vec<String>,

    #[arg(long = "job-env", value_name = "NAME=VALUE", help = JOB_ENV_HELP)]
    pub(crate) job_env: Vec<String>,

    /// Do not start the provider's examples/target.rs
    #[arg(long)]
    pub(crate) no_target: bool,

    /// Show the log of each job run
    #[arg(long)]
    pub(crate) show_logs: bool,

    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// Build with the release profile
    #[arg(long, conflicts_with = "bin")]
    pub(crate) release: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people, as each task ends
    Text,
    /// One versioned document on standard output at the end; progress goes to standard error
    Json,
}

const JOB_ENV_HELP: &str =
    "An environment variable of the deployed job, such as CREDJOB_ALLOWED_HOSTS; may be repeated";

const SECRET_HELP: &str = "\
A parameter that refers to a secret; may be repeated

The content of FILE (`@-`: standard input) is stored as a secret and the secret's id is passed as the parameter. The value \
itself never stands on a command line, where other users of the machine could read it.

TYPE is arbitrary (the default: FILE is the text, less one line end), kv or custom_credentials (FILE is a JSON object: the \
data), or username_password, imported_cert, iam_credentials or service_credentials (FILE is a JSON object: the fields that \
Secrets Manager takes to create one).";

const EXAMPLES: &str = "\
Examples:
  credjob new token-vault
  credjob dry-run certificate --param common_name=example.com
  credjob check certificate
  credjob completions bash > /etc/bash_completion.d/credjob

Run `credjob dry-run --help` for every option and the exit codes.";

const DRY_RUN_ABOUT: &str = "\
Run a provider through the whole life of a secret, against a Secrets Manager on this machine

Builds the provider, starts IAM, Secrets Manager and a job runner in this process (and the provider's examples/target.rs, if it has one: the system to create \
credentials in), creates a secret, rotates it, deletes the data of the old version, then of the current one, then the secret. Nothing leaves this machine \
unless the provider itself calls out.";

const DRY_RUN_EXAMPLES: &str = "\
Examples:
  credjob dry-run certificate --param common_name=example.com
  credjob dry-run certificate --param common_name=example.com --param key_algo=ECDSA --show-logs
  credjob dry-run jfrog --fault task-update:response-lost,status-503
  credjob dry-run ../my-provider --param user=app --secret login_secret_id=@token.txt
  vault read -field=token admin | credjob dry-run jfrog --secret login_secret_id=@-
  credjob dry-run --bin ./my-job --param user=app --format json

Exit codes:
  0    every task ended as it should and nothing is left behind
  1    a task failed, or something is left behind
  2    wrong usage: nothing was started
  3    the provider could not be built, or something could not be started
  130  stopped by Ctrl-C

With --format json, standard output stays empty when the exit code is 2, 3 or 130.";

const COMPLETIONS_EXAMPLE: &str = "\
Examples:
  credjob completions bash > /etc/bash_completion.d/credjob
  credjob completions zsh > ~/.zfunc/_credjob";

/// Writes the completion script of `shell`.
pub(crate) fn completions(shell: Shell, out: &mut impl std::io::Write) {
    clap_complete::generate(shell, &mut Cli::command(), "credjob", out);
}

#[cfg(test)]
mod tests;
