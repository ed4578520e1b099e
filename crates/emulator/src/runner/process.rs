//! One process of a job run, in a process group of its own.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::job::JobProgram;
use crate::runner::environment::WORKING_DIRECTORY;
use crate::runner::output::Output;

/// How long output is still read after the process has ended.
const DRAIN: Duration = Duration::from_secs(1);

/// Runs a program until it ends, or until `stop` says so: SIGTERM, the grace, SIGKILL.
///
/// When the future is dropped, the process and everything it started are killed.
///
/// # Errors
///
/// The program could not be started.
pub(super) async fn run(
    program: &JobProgram,
    environment: &[(String, String)],
    (stdout, stderr): (Output, Output),
    stop: &mut watch::Receiver<bool>,
    grace: Duration,
) -> io::Result<ExitStatus> {
    let mut child = Command::new(&program.program)
        .args(&program.args)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .current_dir(WORKING_DIRECTORY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A container ends as a whole; a group can be signalled as a whole.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let group = ProcessGroup::of(&child);
    let mut copies = JoinSet::new();
    if let Some(pipe) = child.stdout.take() {
        copies.spawn(copy(pipe, stdout));
    }
    if let Some(pipe) = child.stderr.take() {
        copies.spawn(copy(pipe, stderr));
    }
    let status = wait(&mut child, &group, stop, grace).await;
    // What the process left behind ends with it, as in a container, and the pipes close.
    drop(group);
    let _ = tokio::time::timeout(DRAIN, copies.join_all()).await;
    status
}

async fn wait(
    child: &mut Child,
    group: &ProcessGroup,
    stop: &mut watch::Receiver<bool>,
    grace: Duration,
) -> io::Result<ExitStatus> {
    let asked = async { stop.wait_for(|stop| *stop).await.is_ok() };
    tokio::select! {
        status = child.wait() => return status,
        // The other end of the channel lives as long as the run does.
        true = asked => {}
    }
    group.signal(Signal::TERM);
    if let Ok(status) = tokio::time::timeout(grace, child.wait()).await {
        return status;
    }
    group.signal(Signal::KILL);
    child.wait().await
}

/// The process group of one child; killed on drop.
struct ProcessGroup(Option<Pid>);

impl ProcessGroup {
    fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw))
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.0 {
            // An error means that the group has ended.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

async fn copy(mut pipe: impl AsyncRead + Unpin, output: Output) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut buffer).await {
        output.push(&buffer[..count]);
    }
}
