//! The `credjob` command: try a credentials provider on this machine, with no cloud account.
//!
//! Standard output is data, standard error is for people. Every error ends with a hint.

mod args;
mod dry_run;
mod problem;
mod suggest;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use problem::Problem;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(problem) => {
            eprint!("{problem}");
            problem.exit().into()
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Problem> {
    match cli.command {
        Command::DryRun(arguments) => dry_run::run(&arguments),
        Command::Completions { shell } => {
            args::completions(shell, &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}
