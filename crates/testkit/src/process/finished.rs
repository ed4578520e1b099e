//! What a program leaves behind when it has ended.

use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use credjob_emulator::JobLog;
use serde_json::Value;

/// A program that has ended.
#[derive(Clone)]
#[non_exhaustive]
pub struct Finished {
    /// The exit code, if it ended by itself.
    pub exit: Option<i32>,
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
    /// Everything it wrote to standard output.
    pub stdout: Vec<u8>,
    /// Everything it wrote to standard error.
    pub stderr: Vec<u8>,
    /// From its start to its end.
    pub took: Duration,
}

impl Finished {
    pub(super) fn new(status: ExitStatus, stdout: Vec<u8>, stderr: Vec<u8>, took: Duration) -> Self {
        Self { exit: status.code(), signal: status.signal(), stdout, stderr, took }
    }

    /// Standard output as text.
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard error as text.
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The log lines of a job: every line of standard error that is a JSON object.
    pub fn events(&self) -> Vec<Value> {
        events(&self.stderr_text())
    }

    /// The log lines whose `event` is `name`.
    pub fn events_named(&self, name: &str) -> Vec<Value> {
        self.events().into_iter().filter(|event| event["event"] == name).collect()
    }

    /// The summary that ends the log of every job run; `None` if there is none, or more than one.
    pub fn summary(&self) -> Option<Summary> {
        Summary::find(&self.stderr_text())
    }
}

/// A process that the emulator ran. Its time is that of the emulator's clock, jumps included.
impl From<JobLog> for Finished {
    fn from(log: JobLog) -> Self {
        let took = log.ended.and_then(|ended| ended.duration_since(log.started).ok()).unwrap_or_default();
        let (stdout, stderr) = (log.stdout.into_bytes(), log.stderr.into_bytes());
        Self { exit: log.exit, signal: log.signal, stdout, stderr, took }
    }
}

/// Without the output: it may hold secrets.
impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finished")
            .field("exit", &self.exit)
            .field("signal", &self.signal)
            .field("stdout_bytes", &self.stdout.len())
            .field("stderr_bytes", &self.stderr.len())
            .field("took", &self.took)
            .finish()
    }
}

/// The one summary event of a job run.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// What became of the task, e.g. `credentials_created` or `failed`.
    pub outcome: String,
    /// The exit code that the run announces.
    pub exit_code: i64,
    /// The whole event.
    pub event: Value,
}

impl Summary {
    /// The summary in the log of a job; `None` if there is none, or more than one.
    pub fn find(log: &str) -> Option<Self> {
        let mut summaries = events(log).into_iter().filter(|event| event["event"] == "summary");
        let (Some(event), None) = (summaries.next(), summaries.next()) else { return None };
        let outcome = event["outcome"].as_str()?.to_owned();
        let exit_code = event["exit_code"].as_i64()?;
        Some(Self { outcome, exit_code, event })
    }

    /// How many attempts of an operation ended as `outcome`: `applied`, `not_sent`, `refused` or `unknown`. An operation
    /// that never ran has none.
    pub fn attempts(&self, operation: &str, outcome: &str) -> u64 {
        self.event["attempts"][operation][outcome].as_u64().unwrap_or(0)
    }
}

fn events(log: &str) -> Vec<Value> {
    log.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object).collect()
}
