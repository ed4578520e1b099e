//! Instructions of one process, counted by valgrind: the same on every machine that runs the same code, busy or not.

use std::process::{Command, Stdio};

use crate::command::{cannot_start, shown};
use crate::failed::{Checked, Failed};
use crate::workspace;

/// The same on every machine: a job reads its whole environment, and 2,000 bytes more of it are one percent more instructions.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Runs a command under callgrind and returns the instructions of all its threads in user space; it must succeed. The profile stays in
/// `target/xtask/instructions/NAME.out`.
pub(crate) fn count(name: &str, command: &Command) -> Checked<u64> {
    let shown = shown(command);
    let profile = workspace::scratch("instructions")?.join(format!("{name}.out"));
    let mut valgrind = Command::new("valgrind");
    valgrind.env_clear().env("PATH", PATH);
    valgrind.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    valgrind.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", profile.display()));
    valgrind.arg(command.get_program()).args(command.get_args());
    let output = valgrind.stdin(Stdio::null()).output().map_err(|error| cannot_start("valgrind", &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failed::new(format!("`{shown}` failed under valgrind:\n{said}")));
    }
    let profile = std::fs::read_to_string(&profile).unwrap_or_default();
    total(&profile).ok_or_else(|| Failed::new(format!("valgrind counted nothing for `{shown}`")))
}

/// The sum of a profile.
fn total(profile: &str) -> Option<u64> {
    profile.lines().rev().find_map(|line| line.strip_prefix("totals: "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_at_the_end_of_a_profile() {
        assert_eq!(total("events: Ir\nfn=(1) main\n1 20\n\ntotals: 2273850\n"), Some(2_273_850));
        assert_eq!(total("events: Ir\n"), None);
    }
}
