//! The command line of `credjob emulator`.
#![expect(clippy::doc_markdown, reason = "help is read on a terminal, where backticks are noise")]

use clap::Args;

use crate::service::Output;

#[derive(Debug, Args)]
#[command(about = "Run a local Secrets Manager until Ctrl-C", long_about = ABOUT, after_long_help = EXAMPLES)]
pub(crate) struct EmulatorArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,

    #[arg(long = "provider", value_name = "NAME=PATH", help = PROVIDER, long_help = PROVIDER_LONG)]
    pub(crate) providers: Vec<String>,

    /// An environment variable of every job, such as CREDJOB_ALLOWED_HOSTS; may be repeated
    #[arg(long = "job-env", value_name = "NAME=VALUE")]
    pub(crate) job_env: Vec<String>,

    /// How long a task may take, as a configuration says it: 5m to 24h
    #[arg(long, value_name = "TIME", default_value = "10m")]
    pub(crate) task_timeout: String,

    /// Fail a task at once when its job ends badly without a report, instead of at the task timeout
    #[arg(long)]
    pub(crate) fail_fast: bool,

    #[arg(long, help = "Allow `POST /emulator/clock?advance=20d`", long_help = TIME_TRAVEL)]
    pub(crate) time_travel: bool,

    /// Make the next calls of jobs of one kind go wrong, in this order; may be repeated
    #[arg(long = "fault", value_name = "CALL:FAULT[,FAULT]", long_help = crate::dry_run::faults::HELP)]
    pub(crate) faults: Vec<String>,

    /// Take at most N requests in a second and answer 429 to the others, as the service may
    #[arg(long, value_name = "N")]
    pub(crate) rate_limit: Option<usize>,

    /// Do not log requests
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// How to print the addresses and keys
    #[arg(long, value_enum, default_value_t = Output::Text)]
    pub(crate) format: Output,
}

const PROVIDER: &str = "A job and its configuration, both called NAME; may be repeated";

const PROVIDER_LONG: &str = "\
A job and its configuration, both called NAME; may be repeated

PATH is a job binary, which the emulator starts for every task. A file that ends in .json is read as a job_config.json: its \
tasks stay `processing` until you report a result with `credjob secret-task-update` (and the second key).";

const TIME_TRAVEL: &str = "\
Allow `POST /emulator/clock?advance=20d`

Jumps forward by seconds, or by a number with the unit s, m, h or d: rotations, expiry, timeouts and retries of deletions fall \
due at once. `GET /emulator/clock` tells the time. Neither asks for a token.";

const ABOUT: &str = "\
Run a local Secrets Manager until Ctrl-C

IAM, Secrets Manager v2 and a job runner on a port of this machine, with an empty instance in memory. Standard output gets \
export lines with the addresses and an API key, under the names that IBM's SDKs and the other commands of credjob read; \
standard error gets a line for each request, without bodies. The keys are worth nothing outside of this process.";

pub(super) const EXAMPLES: &str = "\
Examples:
  credjob emulator --provider certificate=target/debug/certificate
  credjob emulator --port 8800 --provider jfrog=./jfrog --job-env CREDJOB_DEADLINE=2m --time-travel
  credjob emulator --provider by-hand=job_config.json --format json

Then, in another terminal, paste the export lines, and:
  credjob secret-tasks --secret-id SECRET --watch
  curl -X POST \"$SECRETS_MANAGER_URL/emulator/clock?advance=20d\"

What it leaves out or decides for itself stands in the documentation of the crate credjob-emulator (module `fidelity`).

Exit codes:
  0    stopped by Ctrl-C or SIGTERM; every job run was stopped with it
  2    wrong usage: nothing was started
  3    the port is taken, or a provider does not fit";
