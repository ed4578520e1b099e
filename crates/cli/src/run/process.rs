//! The job's process: it gets our terminal and our signals.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use super::environment::JobEnvironment;
use crate::problem::Problem;

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Code(i32),
    Signal(i32),
}

/// Starts the job and waits for its end.
pub(crate) async fn run(program: &Path, environment: &JobEnvironment) -> Result<Ending, Problem> {
    let here = |error: std::io::Error| {
        Problem::cannot_start(format!("signals cannot be heard: {error}")).hint("check the limits of this machine")
    };
    let mut interrupt = signal(SignalKind::interrupt()).map_err(here)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(here)?;
    // A bare name would be looked up in the search path; the person means a file.
    let path = std::path::absolute(program).unwrap_or_else(|_| program.to_owned());
    let mut child = Command::new(&path)
        .env_clear()
        .envs(environment.iter())
        .stdin(Stdio::null())
        // Ctrl-C of the terminal reaches this command, which passes it on once.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            Problem::cannot_start(format!("cannot start {}: {error}", program.display()))
                .hint("check the path, and that the file may be executed")
        })?;
    loop {
        let status = tokio::select! {
            status = child.wait() => status,
            _ = interrupt.recv() => { pass_on(&child, Signal::INT); continue; }
            _ = terminate.recv() => { pass_on(&child, Signal::TERM); continue; }
        };
        return status.map(ending).map_err(|error| {
            Problem::cannot_start(format!("the end of the job is not known: {error}")).hint("look at the task")
        });
    }
}

fn pass_on(child: &Child, signal: Signal) {
    if let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
        // An error means that the job has ended.
        let _ = kill_process(pid, signal);
    }
}

fn ending(status: ExitStatus) -> Ending {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ending::Code(code),
        (None, Some(signal)) => Ending::Signal(signal),
        // Neither happens to a process that has ended.
        (None, None) => Ending::Code(1),
    }
}
