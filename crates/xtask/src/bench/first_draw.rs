//! aws-lc's first random draw: with jitter entropy it burns 37 to 64 ms of CPU in every process; without it, it is a system call.

use std::process::Command;

use super::spread::Spread;
use super::tools::{Build, example};
use crate::command::output;
use crate::failed::{Checked, Failed};

/// The draw may not take longer, in microseconds.
const LIMIT: f64 = 1000.0;

/// How often it is timed, in a new process each time.
const RUNS: usize = 15;

/// Fails if the first draw is slow, that is, if aws-lc was built with its jitter entropy. Says how long it takes.
pub(crate) fn check() -> Checked<String> {
    let program = example("first_draw", Build::Release)?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let text = output(&mut Command::new(&program))?;
        times.push(text.trim().parse().map_err(|_| Failed::new("first_draw printed no number"))?);
    }
    let median = Spread::of(times).median;
    if median > LIMIT {
        return Err(Failed::new(format!("aws-lc's first random draw takes {median:.0} us"))
            .hint("AWS_LC_SYS_NO_JITTER_ENTROPY=1 must be set when aws-lc-sys is built (.cargo/config.toml)"));
    }
    Ok(format!("aws-lc, first random draw: {median:.0} us (limit {LIMIT:.0} us)"))
}
