//! Runs a program and prints what it cost as JSON: microseconds of wall-clock time and on a CPU, and the most bytes of memory. `cargo xtask bench`
//! runs everything through it: the kernel counts the memory that a parent had when it started a child to the child, so the parent must be small.

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("measure: no program");
        return ExitCode::from(2);
    };
    let started = Instant::now();
    let child = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    let used = child.and_then(|mut child| child.wait4());
    let wall = started.elapsed();
    match used {
        Ok(used) => {
            let cpu = used.rusage.utime + used.rusage.stime;
            println!(r#"{{"wall":{},"cpu":{},"memory":{}}}"#, micros(wall), micros(cpu), used.rusage.maxrss);
            if used.status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("measure: {error}");
            ExitCode::FAILURE
        }
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
