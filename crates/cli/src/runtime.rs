//! The async runtime of a subcommand.

use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::dry_run::interrupt::Interrupt;
use crate::problem::Problem;

/// How long leftover tasks of the runtime may hold the process after everything is said.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(1);

/// Runs a command on a runtime of one thread.
pub(crate) fn block_on<T>(command: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    started(&mut Builder::new_current_thread())?.block_on(command)
}

/// Runs a command that starts servers and winds down when it is asked to stop. Asked twice, it is cut short.
pub(crate) fn block_on_until_insisted(
    command: impl AsyncFnOnce(&Interrupt) -> Result<ExitCode, Problem>,
) -> Result<ExitCode, Problem> {
    let runtime = started(&mut Builder::new_multi_thread())?;
    let result = runtime.block_on(async {
        let interrupt = Interrupt::listen().map_err(cannot_start)?;
        tokio::select! {
            result = command(&interrupt) => result,
            () = interrupt.insisted() => Err(Problem::cut_short()),
        }
    });
    runtime.shutdown_timeout(SHUTDOWN_LIMIT);
    result
}

fn started(builder: &mut Builder) -> Result<Runtime, Problem> {
    builder.enable_all().build().map_err(cannot_start)
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands the error over")]
fn cannot_start(error: std::io::Error) -> Problem {
    Problem::cannot_start(format!("cannot start an async runtime: {error}"))
        .hint("check the limits of this machine (`ulimit -a`)")
}
