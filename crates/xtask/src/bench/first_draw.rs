//! aws-lc's first random draw: with jitter entropy it burns 37 to 64 ms of CPU in every process; without it, it is a system call.

use std::process::Command;
use std::time::Duration;

use super::table::median;
use crate::command::{cargo, output, run};
use crate::failed::{Checked, Failed};
use crate::workspace;

/// The draw may not take longer.
const LIMIT: Duration = Duration::from_millis(1);

/// How often it is timed, in a new process each time.
const RUNS: usize = 15;

/// Fails if the first draw is slow, that is, if aws-lc was built with its jitter entropy.
pub(crate) fn check() -> Checked {
    run(&mut cargo(&["build", "--locked", "--release", "--package", "xtask", "--example", "first_draw"]))?;
    let program = workspace::target_directory()?.join("release/examples/first_draw");
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let text = output(&mut Command::new(&program))?;
        let micros = text.trim().parse().map_err(|_| Failed::new("first_draw printed no number"))?;
        times.push(Duration::from_micros(micros));
    }
    let median = median(times.into_iter());
    println!("aws-lc, first random draw: {} us (limit {} us)", median.as_micros(), LIMIT.as_micros());
    if median > LIMIT {
        return Err(Failed::new("aws-lc's first random draw takes over 1 ms")
            .hint("AWS_LC_SYS_NO_JITTER_ENTROPY=1 must be set when aws-lc-sys is built (.cargo/config.toml)"));
    }
    Ok(())
}
