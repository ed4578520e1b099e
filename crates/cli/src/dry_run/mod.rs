//! `credjob dry-run`: one provider, one secret, its whole life, on this machine.
//!
//! The order of things: inputs of the command line, build, the provider's own words about itself, its target, the inputs once more (now
//! complete), the emulator, the life, the verdict. Nothing is started before the inputs are known to fit.

pub(crate) mod build;
pub(crate) mod faults;
pub(crate) mod given;
mod inputs;
pub(crate) mod interrupt;
mod life;
pub(crate) mod program;
pub(crate) mod provider;
mod render;
mod report;
pub(crate) mod screen;
mod store;
mod target;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use credjob_contract::JobConfig;
use credjob_emulator::{Emulator, FaultScript, Options};

use crate::args::DryRunArgs;
use crate::problem::{Exit, Problem};
use crate::runtime;
use build::Artifact;
use given::Given;
use inputs::Inputs;
use interrupt::Interrupt;
use life::{Life, Logs};
use report::{ProviderFacts, Report};
use screen::Screen;
use target::Target;

/// Runs the subcommand.
pub(crate) fn run(arguments: &DryRunArgs) -> Result<ExitCode, Problem> {
    runtime::block_on_until_insisted(async |interrupt| {
        let report = dry_run(arguments, interrupt).await?;
        if interrupt.is_asked() {
            return Err(Problem::interrupted());
        }
        Ok(if report.is_good() { ExitCode::SUCCESS } else { Exit::TaskFailed.into() })
    })
}

async fn dry_run(arguments: &DryRunArgs, interrupt: &Interrupt) -> Result<Report, Problem> {
    let screen = Screen::of_process(arguments.format);
    let faults = faults::parse(&arguments.faults)?;
    let given = Given::read(&arguments.params, &arguments.secrets, &arguments.job_env)?;
    // Until the life begins there is nothing to wind down: the first signal ends it.
    let prepared = tokio::select! {
        prepared = prepare(arguments, given) => prepared?,
        () = interrupt.asked() => return Err(Problem::interrupted()),
    };
    let Prepared { provider, program, inputs, target } = prepared;
    screen.heading(&provider);
    let (tasks, mut other_problems) = live(arguments, &program, &inputs, &faults, screen, interrupt).await?;
    let live = match target {
        None => None,
        Some(target) => match target.stop().await {
            Ok(live) => Some(live),
            Err(problem) => {
                other_problems.push(problem.message().to_owned());
                None
            }
        },
    };
    let report = Report { provider, tasks, live, other_problems };
    if interrupt.is_asked() {
        // What an interrupted life leaves behind is worth knowing; that it is incomplete is not.
        screen.left_behind(&report);
    } else {
        screen.verdict(&report);
    }
    Ok(report)
}

/// Everything that must be there before the life begins.
struct Prepared {
    provider: ProviderFacts,
    program: PathBuf,
    inputs: Inputs,
    target: Option<Target>,
}

async fn prepare(arguments: &DryRunArgs, given: Given) -> Result<Prepared, Problem> {
    let here = std::env::current_dir().map_err(|error| {
        Problem::cannot_start(format!("the current directory is not known: {error}"))
            .hint("change to a directory that exists")
    })?;
    let directory = match &arguments.provider {
        Some(argument) => Some(provider::find(argument, &here)?),
        None if arguments.bin.is_some() => None,
        None => return Err(provider::none_named(&here)),
    };
    let program = match (&arguments.bin, &directory) {
        (Some(program), _) => here.join(program),
        (None, Some(directory)) => {
            let name = build::binary_name(directory).await?;
            build::build(directory, Artifact::Bin(&name), arguments.release).await?
        }
        (None, None) => return Err(provider::none_named(&here)),
    };
    let (provider, schema) = program::describe(&program).await?;
    inputs::check_names(&given, &schema)?;
    let (target, offers) = start_target(arguments, directory.as_deref()).await?;
    let inputs = fit(given, offers, &schema)?;
    Ok(Prepared { provider, program, inputs, target })
}

/// The target, if the provider has one and it is wanted, and the inputs that it offers.
async fn start_target(arguments: &DryRunArgs, directory: Option<&Path>) -> Result<(Option<Target>, Given), Problem> {
    let Some(directory) = directory.filter(|directory| !arguments.no_target && target::exists(directory)) else {
        return Ok((None, Given::default()));
    };
    let name = build::example_name(directory, Path::new(target::FILE)).await?;
    let program = build::build(directory, Artifact::Example(&name), arguments.release).await?;
    let _running = screen::step("starting the target");
    let (target, offers) = Target::start(&program).await?;
    Ok((Some(target), offers))
}

/// What the person gave, and of the target's offers what the person left out.
fn fit(given: Given, offers: Given, schema: &JobConfig) -> Result<Inputs, Problem> {
    inputs::check_names(&offers, schema).map_err(Problem::of_target)?;
    inputs::complete(given.or(offers), schema)
}

/// Starts the local Secrets Manager, lives the life in it, and stops it.
async fn live(
    arguments: &DryRunArgs,
    program: &Path,
    inputs: &Inputs,
    faults: &[FaultScript],
    screen: Screen,
    interrupt: &Interrupt,
) -> Result<life::Outcome, Problem> {
    let options = Options {
        // A crashed job should be seen now, not at the task timeout.
        fail_on_nonzero_exit: true,
        ..Options::default()
    };
    let emulator = Emulator::start(options).await.map_err(|error| {
        Problem::cannot_start(format!("the local Secrets Manager: {error}"))
            .hint("check that programs may listen on 127.0.0.1")
    })?;
    let prototype = store::prepare(&emulator, program, inputs).await?;
    for script in faults {
        emulator.faults().script(script.call, script.faults.iter().copied());
    }
    let logs = if arguments.show_logs { Logs::Show } else { Logs::Hide };
    let outcome = Life::new(&emulator, screen, logs, interrupt).live(prototype).await?;
    for script in faults {
        let left = emulator.faults().remaining(script.call);
        if left > 0 {
            screen::note(&format!("note: {left} scripted faults of {} met no call", script.call));
        }
    }
    emulator.stop().await;
    Ok(outcome)
}
