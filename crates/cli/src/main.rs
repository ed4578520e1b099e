//! The `credjob` command: try a credentials provider on this machine, with no cloud account.
//!
//! Standard output is data, standard error is for people. Every error ends with a hint.

mod args;
mod check;
mod deploy;
mod dry_run;
mod emulator;
mod locks;
mod new;
mod problem;
mod run;
mod runtime;
mod service;
mod suggest;
mod tasks;
mod text_file;

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
        Command::New(arguments) => new::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::DryRun(arguments) => dry_run::run(&arguments),
        Command::Deploy(arguments) => deploy::run(&arguments),
        Command::Emulator(arguments) => emulator::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Tasks(command) => tasks::run(&command),
        Command::Locks(command) => locks::run(&command),
        Command::Completions { shell } => {
            args::completions(shell, &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}
