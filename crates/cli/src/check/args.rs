//! The command line of `credjob check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The options.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A folder of `providers/`, any directory with a Cargo.toml, or a job binary [default: this directory]
    #[arg(value_name = "DIR|BIN")]
    pub(crate) subject: Option<PathBuf>,

    /// Compare with a configuration exported from Secrets Manager, whose schema is frozen
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// The job's `CREDJOB_DEADLINE`, to compare with the configuration's task timeout
    ///
    /// Otherwise that of the Containerfile (ENV), or the default of 9 min.
    #[arg(long, value_name = "DURATION")]
    pub(crate) deadline: Option<String>,

    /// Do not run the project's conformance kit, which builds its tests and takes some seconds
    #[arg(long)]
    pub(crate) no_kit: bool,

    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    Text,
    /// One versioned document on standard output; progress goes to standard error
    Json,
}

pub(crate) const ABOUT: &str = "\
Look for what would go wrong later: one table of findings, each with a fix

Of every job: the grammar and limits of its declarations, at least one required output, inputs whose names look like personal data or secrets.
Of a project's folder also: job_config.json against the types, credentials ids that look like personal data, the Containerfile (root, bases that are not \
pinned), and what the conformance kit finds when it runs the provider: no `leftovers`, no `verify` or one that accepts a dead credential, a delete that is \
not idempotent, failure codes that cannot happen, and whatever else breaks a rule.
With --config also: the configuration's schema against the job, its task timeout against the job's deadline.

The source is read as text: what it says about ids, and without the kit about `leftovers` and `verify`, is a hint.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  credjob check
  credjob check certificate --format json
  credjob check --no-kit
  credjob check ./my-job --config exported.json --deadline 9m

Exit codes:
  0  no errors (warnings may be there)
  1  errors
  2  wrong usage
  3  the provider could not be built or asked for its schema";
