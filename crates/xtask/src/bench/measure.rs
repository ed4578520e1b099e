//! What one process costs: wall clock, CPU time and peak memory, by `examples/measure`.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::servers::Servers;
use super::tools::{Build, example};
use crate::command::{cannot_start, shown};
use crate::failed::{Checked, Failed};

/// The cost of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// Wall clock less the time that the servers were on a CPU.
    pub(crate) own_wall: Duration,
    /// User and system time.
    pub(crate) cpu: Duration,
    /// Peak resident memory in bytes.
    pub(crate) memory: u64,
}

/// The program that measures.
#[derive(Debug)]
pub(crate) struct Measure(PathBuf);

impl Measure {
    pub(crate) fn build() -> Checked<Self> {
        example("measure", Build::Release).map(Self)
    }

    /// Runs a command that talks to these servers and returns what it cost; it must succeed.
    pub(crate) fn with(&self, servers: &Servers, command: &Command) -> Checked<Cost> {
        let before = servers.cpu()?;
        let cost = self.alone(command)?;
        let theirs = servers.cpu()?.saturating_sub(before);
        Ok(Cost { own_wall: cost.wall.saturating_sub(theirs), ..cost })
    }

    /// Runs a command with exactly its own variables (and the PATH) and returns what it cost; it must succeed.
    pub(crate) fn alone(&self, command: &Command) -> Checked<Cost> {
        let shown = shown(command);
        let mut measure = Command::new(&self.0);
        measure.arg(command.get_program()).args(command.get_args());
        measure.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        measure.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        let output = measure.output().map_err(|error| cannot_start(&shown, &error))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Failed::new(format!("`{shown}` failed while it was measured:\n{said}")));
        }
        cost_of(&output.stdout).ok_or_else(|| Failed::new(format!("`{shown}` could not be measured")))
    }
}

fn cost_of(json: &[u8]) -> Option<Cost> {
    let cost: Value = serde_json::from_slice(json).ok()?;
    let wall = Duration::from_micros(cost["wall"].as_u64()?);
    Some(Cost {
        wall,
        own_wall: wall,
        cpu: Duration::from_micros(cost["cpu"].as_u64()?),
        memory: cost["memory"].as_u64()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_read_back() {
        let wall = Duration::from_micros(1500);
        let expected = Cost { wall, own_wall: wall, cpu: Duration::from_micros(700), memory: 4096 };
        assert_eq!(cost_of(br#"{"wall":1500,"cpu":700,"memory":4096}"#), Some(expected));
    }

    #[test]
    fn half_a_cost_is_none() {
        assert_eq!(cost_of(br#"{"wall":1500}"#), None);
    }
}
