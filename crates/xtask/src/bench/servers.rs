//! The process of the servers: `examples/bench_server`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::seen::Seen;
use super::wire::Wire;
use crate::command::cannot_start;
use crate::failed::{Checked, Failed};
use crate::workspace;

/// IAM, Secrets Manager and the platform. They end with this value.
#[derive(Debug)]
pub(crate) struct Servers {
    process: Child,
    talk: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    greeting: Value,
    pub(crate) wire: Wire,
    /// The certificate of the authority that was made for these servers, if they speak TLS.
    pub(crate) ca_file: PathBuf,
}

/// What else is asked of the servers.
#[derive(Debug, Default)]
pub(crate) struct Wishes<'a> {
    /// How long each request waits for its answer.
    pub(crate) delay: Duration,
    /// What belongs to its type in the login secret.
    pub(crate) login: Option<&'a Value>,
}

impl Servers {
    /// Starts `program`.
    pub(crate) fn start(program: &Path, wire: Wire, wishes: &Wishes<'_>) -> Checked<Self> {
        let ca_file = workspace::scratch("bench")?.join("ca.pem");
        let mut command = Command::new(program);
        command.args(["--delay", &wishes.delay.as_millis().to_string()]);
        if wire.is_tls() {
            command.arg("--tls").arg(&ca_file);
        }
        if let Some(login) = wishes.login {
            command.args(["--login", &login.to_string()]);
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| cannot_start("bench_server", &error))?;
        let (Some(stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(Failed::new("bench_server has no pipes"));
        };
        let mut stdout = BufReader::new(stdout);
        let greeting = serde_json::from_str(&line(&mut stdout)?).unwrap_or_default();
        Ok(Self { process, talk: Mutex::new((stdin, stdout)), greeting, wire, ca_file })
    }

    /// Something that the servers said at their start: the address of `iam`, `service` or `platform`, or the id of the `task`, `secret`,
    /// `login` or `credentials`.
    pub(crate) fn fact(&self, name: &str) -> &str {
        self.greeting[name].as_str().unwrap_or_default()
    }

    /// What has reached the servers since the last call.
    pub(crate) fn seen(&self) -> Checked<Seen> {
        let (stdin, stdout) = &mut *self.talk.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(stdin).map_err(|error| Failed::new(format!("bench_server has ended: {error}")))?;
        Seen::parse(&line(stdout)?).ok_or_else(|| Failed::new("bench_server said something strange"))
    }

    /// The time that the servers have been on a CPU: the sum of their threads, none of which ever ends.
    pub(crate) fn cpu(&self) -> Checked<Duration> {
        let folder = PathBuf::from(format!("/proc/{}/task", self.process.id()));
        let cannot = |error: std::io::Error| Failed::new(format!("cannot read {}: {error}", folder.display()));
        let mut sum = Duration::ZERO;
        for thread in std::fs::read_dir(&folder).map_err(cannot)? {
            let text = std::fs::read_to_string(thread.map_err(cannot)?.path().join("schedstat")).map_err(cannot)?;
            sum += on_cpu(&text)
                .ok_or_else(|| Failed::new("this kernel tells no CPU time of threads (CONFIG_SCHED_INFO)"))?;
        }
        Ok(sum)
    }
}

/// The first number of `schedstat`: nanoseconds on a CPU.
fn on_cpu(schedstat: &str) -> Option<Duration> {
    schedstat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

impl Drop for Servers {
    fn drop(&mut self) {
        // They would end with their standard input as well, but later than the next ones may start.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn line(from: &mut BufReader<ChildStdout>) -> Checked<String> {
    let mut line = String::new();
    match from.read_line(&mut line) {
        Ok(1..) => Ok(line),
        _ => Err(Failed::new("bench_server has ended")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_is_the_time_on_a_cpu() {
        assert_eq!(on_cpu("70085017 5295841 31\n"), Some(Duration::from_nanos(70_085_017)));
        assert_eq!(on_cpu(""), None);
    }
}
