//! Jobs as Code Engine knows them, and the logs of their runs.

use std::path::PathBuf;
use std::time::SystemTime;

/// The program of a job, and the settings of the job itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobProgram {
    /// The executable. A relative path is taken from the current directory at registration.
    pub program: PathBuf,
    /// Arguments of every run.
    pub args: Vec<String>,
    /// Job-level variables, e.g. `CREDJOB_IAM_URL`. The declarations `SMIN_…` and `SMOUT_…` are added by the emulator.
    pub env: Vec<(String, String)>,
    /// How often a run that ends with another exit code than 0 is started again; IBM's deployer says 0, Code Engine
    /// allows 5.
    pub retry_limit: u32,
    /// The text of `job_config.json`. Without it, registration asks `PROGRAM schema`.
    pub job_config: Option<String>,
}

impl JobProgram {
    /// A job without arguments, variables or re-runs, whose declarations are read from `PROGRAM schema`.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), args: Vec::new(), env: Vec::new(), retry_limit: 0, job_config: None }
    }

    /// Adds a job-level variable.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Sets how often a failed run is started again.
    pub fn retry_limit(mut self, limit: u32) -> Self {
        self.retry_limit = limit;
        self
    }

    /// Gives the text of `job_config.json`, so that the program is not asked for it.
    pub fn job_config(mut self, json: impl Into<String>) -> Self {
        self.job_config = Some(json.into());
        self
    }
}

/// What one process of a job run left: a run that is started again has several.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobLog {
    /// Standard output. Bytes that are no UTF-8 are replaced.
    pub stdout: String,
    /// Standard error. Bytes that are no UTF-8 are replaced.
    pub stderr: String,
    /// Whether older output was dropped because of [`crate::Options::log_limit`].
    pub truncated: bool,
    /// The exit code, if the process has ended by itself.
    pub exit: Option<i32>,
    /// The signal that ended the process, if one did.
    pub signal: Option<i32>,
    /// Which start of the run this is; 0 is the first (`JOB_INDEX_RETRY_COUNT`).
    pub retry_count: u32,
    /// When the process was started, on the emulator's clock.
    pub started: SystemTime,
    /// When it ended, on the emulator's clock; `None` while it runs.
    pub ended: Option<SystemTime>,
}
