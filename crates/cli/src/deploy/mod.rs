//! `credjob deploy`: a provider as a Code Engine job, with least privilege, and its configuration in Secrets Manager.
//!
//! The order of things: flags and declarations are checked and become a [`Deployment`]; the plan, the script, the module, the manifest
//! and the calls of `--apply` are made from that one value.

mod answers;
mod apply;
mod args;
mod commands;
mod deployment;
mod kubernetes;
mod names;
mod plan;
mod quote;
mod shell;
mod sizing;
mod steps;
mod terraform;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use credjob_contract::JobConfig;

use crate::dry_run::build::{self, Artifact};
use crate::dry_run::{program, provider};
use crate::problem::Problem;
use crate::runtime;
use crate::text_file;
pub(crate) use args::{ABOUT, DeployArgs, EXAMPLES, Output};
use deployment::{Deployment, Job};
pub(crate) use names::duration;

/// Runs the subcommand.
pub(crate) fn run(arguments: &DeployArgs) -> Result<ExitCode, Problem> {
    check_flags(arguments)?;
    let (schema, name) = declarations(arguments)?;
    let job = Job::read(arguments, schema, name.as_deref())?;
    let text = match arguments.output {
        Some(Output::Kubernetes) => kubernetes::render(&job),
        Some(Output::Shell) => shell::render(&Deployment::read(arguments, job)?),
        Some(Output::Terraform) => terraform::render(&Deployment::read(arguments, job)?),
        None if arguments.apply => apply::run(&Deployment::read(arguments, job)?)?,
        None => plan::render(&Deployment::read(arguments, job)?),
    };
    let mut out = std::io::stdout().lock();
    // A closed pipe (`| head`) is the reader's choice, not an error of ours.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    Ok(ExitCode::SUCCESS)
}

/// Finds what is wrong with the flags before anything is built, as if the provider declared nothing.
fn check_flags(arguments: &DeployArgs) -> Result<(), Problem> {
    let job = Job::read(arguments, JobConfig { variables: Vec::new() }, Some("provider"))?;
    match arguments.output {
        Some(Output::Kubernetes) => Ok(()),
        _ => Deployment::read(arguments, job).map(drop),
    }
}

/// What the provider declares, and its name.
fn declarations(arguments: &DeployArgs) -> Result<(JobConfig, Option<String>), Problem> {
    if let Some(file) = &arguments.job_config {
        return Ok((read_job_config(file)?, None));
    }
    runtime::block_on(async {
        let here = std::env::current_dir().map_err(|error| {
            Problem::cannot_start(format!("the current directory is not known: {error}"))
                .hint("change to a directory that exists")
        })?;
        let binary = match (&arguments.bin, &arguments.provider) {
            (Some(binary), _) => here.join(binary),
            (None, Some(argument)) => {
                let directory = provider::find(argument, &here)?;
                let name = build::binary_name(&directory).await?;
                build::build(&directory, Artifact::Bin(&name), false).await?
            }
            (None, None) => {
                return Err(Problem::usage("no provider is named, and neither --bin nor --job-config is given")
                    .hint("name a directory with a Cargo.toml, such as `credjob deploy certificate`"));
            }
        };
        let (facts, schema) = program::describe(&binary).await?;
        Ok((schema, Some(facts.name)))
    })
}

fn read_job_config(file: &Path) -> Result<JobConfig, Problem> {
    let text = text_file::read(file)
        .map_err(|error| Problem::usage(format!("cannot read {}: {error}", file.display())).hint("check the path"))?;
    JobConfig::parse(&text).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Problem::usage(format!("{} breaks the rules of job_config.json", file.display()))
            .output(problems.join("\n"))
            .hint("mend what is named above")
    })
}
