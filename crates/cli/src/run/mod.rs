//! `credjob run`: one job, once.

mod args;
mod environment;
mod process;

use std::process::ExitCode;

pub(crate) use args::RunArgs;

use crate::problem::Problem;
use crate::runtime::block_on;
use crate::service::of_process;
use environment::JobEnvironment;
use process::Ending;

/// Runs the subcommand.
pub(crate) fn run(arguments: &RunArgs) -> Result<ExitCode, Problem> {
    // A name that is not UTF-8 is none that a job reads.
    let own = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let environment = JobEnvironment::assemble(arguments, &of_process, own)?;
    block_on(async {
        let ending = process::run(&arguments.bin, &environment).await?;
        eprintln!("{}", ending.words());
        Ok(ending.exit())
    })
}

impl Ending {
    fn exit(self) -> ExitCode {
        match self {
            Self::Code(code) => ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)),
            // What a shell reports.
            Self::Signal(signal) => ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX)),
        }
    }

    fn words(self) -> String {
        match self {
            Self::Code(code) => {
                let known = credjob_contract::Exit::ALL.iter().find(|exit| i32::from(exit.code()) == code);
                match known {
                    Some(exit) => format!("the job ended with exit code {exit}"),
                    None => format!("the job ended with exit code {code}, which is none of credjob's"),
                }
            }
            Self::Signal(signal) => format!(
                "the job was killed by signal {signal}; if it was creating, its log holds the marker: run it again with --retry-count 1 to clean up"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
