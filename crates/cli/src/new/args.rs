//! The command line of `credjob new`.

use std::path::PathBuf;

use clap::Args;

/// The options.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The name of the provider, of its program and of its folder: a-z, 0-9 and `-`
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Take inputs and outputs from an existing `job_config.json`, such as that of IBM's Go generator
    ///
    /// Writes the `Params` and `Credentials` types, with an enum for every list of options and `Option` for what is not required. With
    /// a required `secret_id` among the inputs, which is taken for the login, the project works against a stand-in that hands out its
    /// outputs. Otherwise it is a skeleton that refuses every task until it is written.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,

    /// The folder to create, instead of one called NAME here
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,

    /// Depend on this checkout of credjob, instead of on the git commit of this command
    #[arg(long, value_name = "PATH")]
    pub(crate) credjob_path: Option<PathBuf>,

    /// Never ask: what is missing is an error
    #[arg(long, short)]
    pub(crate) yes: bool,
}

pub(crate) const ABOUT: &str = "\
Start a new provider: a project that builds, passes its tests and runs in `credjob dry-run`

The project has the types, the code, a stand-in for the system to create credentials in, its tests, a Containerfile and a CI file. The folder must not exist \
yet; nothing is written unless all of it can be. Prints the path of the folder.

On a terminal, what is missing is asked for.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  credjob new token-vault
  credjob new crm --from ../crm-go/job_config.json
  credjob new crm --path providers/crm --credjob-path ../credjob --yes

Exit codes:
  0    the project is there
  2    wrong usage, or a job_config.json with problems: nothing was written
  3    the project could not be written: nothing was left behind
  130  stopped by Ctrl-C or SIGTERM: nothing was left behind";
