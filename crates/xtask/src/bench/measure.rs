//! What one process costs: wall clock, CPU time and peak memory.
//!
//! Each run goes through a small process of its own (`xtask __measure`): the kernel counts the memory that a parent had at the moment it started a
//! child to the child, so the parent must be small. `true` is measured too and printed as the floor.

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wait4::Wait4 as _;

use crate::command::{cannot_start, shown};
use crate::failed::{Checked, Failed};

/// The cost of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// User and system time.
    pub(crate) cpu: Duration,
    /// Peak resident memory in bytes.
    pub(crate) memory: u64,
}

/// Runs a command through a small process and returns what it cost; it must succeed.
pub(crate) fn run(command: &Command) -> Checked<Cost> {
    let shown = shown(command);
    let own = std::env::current_exe().map_err(|error| cannot_start(&shown, &error))?;
    let mut small = Command::new(own);
    small.arg("__measure").arg(command.get_program()).args(command.get_args());
    small.env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            small.env(name, value);
        }
    }
    if let Some(path) = std::env::var_os("PATH") {
        small.env("PATH", path);
    }
    let output = small.output().map_err(|error| cannot_start(&shown, &error))?;
    let cost: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failed::new(format!("`{shown}` failed while it was measured:\n{said}")));
    }
    cost_of(&cost).ok_or_else(|| Failed::new(format!("`{shown}` could not be measured")))
}

/// The small process: runs the command of `arguments` and prints its cost as JSON.
pub(crate) fn run_measured(arguments: &[&str]) -> ExitCode {
    let Some((program, arguments)) = arguments.split_first() else {
        return ExitCode::from(2);
    };
    let started = Instant::now();
    let child = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    let used = child.and_then(|mut child| child.wait4());
    let wall = started.elapsed();
    match used {
        Ok(used) => {
            let cpu = used.rusage.utime + used.rusage.stime;
            println!("{}", json!({"wall": micros(wall), "cpu": micros(cpu), "memory": used.rusage.maxrss}));
            if used.status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn cost_of(cost: &Value) -> Option<Cost> {
    Some(Cost {
        wall: Duration::from_micros(cost["wall"].as_u64()?),
        cpu: Duration::from_micros(cost["cpu"].as_u64()?),
        memory: cost["memory"].as_u64()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_read_back() {
        let cost = cost_of(&json!({"wall": 1500, "cpu": 700, "memory": 4096}));
        assert_eq!(
            cost,
            Some(Cost { wall: Duration::from_micros(1500), cpu: Duration::from_micros(700), memory: 4096 })
        );
    }

    #[test]
    fn half_a_cost_is_none() {
        assert_eq!(cost_of(&json!({"wall": 1500})), None);
    }
}
