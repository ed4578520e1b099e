//! `credjob emulator`: the local Secrets Manager as a server.

mod args;
mod providers;
mod welcome;

use std::process::ExitCode;

use credjob_emulator::{Emulator, Options, RequestRecord};

pub(crate) use args::EmulatorArgs;

use crate::dry_run::faults;
use crate::dry_run::given::Given;
use crate::dry_run::interrupt::Interrupt;
use crate::problem::Problem;
use crate::runtime;
use welcome::Welcome;

/// Runs the subcommand.
pub(crate) fn run(arguments: &EmulatorArgs) -> Result<ExitCode, Problem> {
    runtime::block_on_until_insisted(async |interrupt| serve(arguments, interrupt).await)
}

async fn serve(arguments: &EmulatorArgs, interrupt: &Interrupt) -> Result<ExitCode, Problem> {
    let scripts = faults::parse(&arguments.faults)?;
    let job_env: Vec<(String, String)> = Given::read(&[], &[], &arguments.job_env)?.job_env.into_iter().collect();
    let providers = providers::read(&arguments.providers)?;
    let emulator = start(arguments).await?;
    for provider in &providers {
        provider.register(&emulator, &job_env, &arguments.task_timeout).await?;
    }
    for script in scripts {
        emulator.faults().script(script.call, script.faults);
    }
    // From here on, so that the log misses nothing that the welcome brings about.
    let mut requests = emulator.listen();
    Welcome::new(&emulator, &providers).print(arguments.format, arguments.time_travel);
    tokio::select! {
        () = async { while let Some(request) = requests.recv().await { log(&request, arguments.quiet); } } => {}
        () = interrupt.asked() => {}
    }
    emulator.stop().await;
    while let Ok(request) = requests.try_recv() {
        log(&request, arguments.quiet);
    }
    Ok(ExitCode::SUCCESS)
}

async fn start(arguments: &EmulatorArgs) -> Result<Emulator, Problem> {
    let options = Options {
        port: arguments.port,
        time_travel: arguments.time_travel,
        fail_on_nonzero_exit: arguments.fail_fast,
        rate_limit: arguments.rate_limit,
        ..Options::default()
    };
    Emulator::start(options).await.map_err(|error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        Problem::cannot_start(format!("{error}{cause}"))
            .hint("choose another port with --port, or leave it out to get a free one")
    })
}

/// Logs a request of the network. Those in process are our own.
fn log(request: &RequestRecord, quiet: bool) {
    if request.connection.is_some() && !quiet {
        eprintln!("{request}");
    }
}
