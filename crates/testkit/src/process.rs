//! Runs a program with exactly the environment that a test gives it, and collects what it leaves.
//!
//! ```no_run
//! # async fn example() -> Result<(), credjob_testkit::process::ProcessError> {
//! use credjob_testkit::process::Program;
//!
//! let job = Program::new("target/debug/certificate").env("SM_ACTION", "create_credentials").start()?;
//! job.terminate()?;
//! let finished = job.wait().await?;
//! assert_eq!(finished.exit, Some(2), "the task cannot be addressed");
//! # Ok(()) }
//! ```

mod finished;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

pub use finished::{Finished, Summary};

/// How long a program may run unless the test says otherwise. No whole-program test needs longer, also on a busy machine.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// How long after its start a program may have no command line. The kernel sets it within microseconds.
const COMMAND_LINE_LIMIT: Duration = Duration::from_secs(1);

/// A program to run, with its arguments and its environment. The environment of the test is not passed on.
#[derive(Clone)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    input: Vec<u8>,
    directory: Option<PathBuf>,
    timeout: Duration,
}

impl Program {
    /// A program without arguments and with an empty environment.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            input: Vec::new(),
            directory: None,
            timeout: DEFAULT_TIMEOUT,
        }
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Sets a variable. The last value of a name wins.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets variables. The last value of a name wins.
    pub fn envs(mut self, variables: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>) -> Self {
        let variables =
            variables.into_iter().map(|(name, value)| (name.as_ref().to_owned(), value.as_ref().to_owned()));
        self.environment.extend(variables);
        self
    }

    /// Passes a variable of the test on, if it is set: `PATH` for programs that start others.
    pub fn inherit(self, name: &str) -> Self {
        match std::env::var_os(name) {
            Some(value) => self.env(name, value),
            None => self,
        }
    }

    /// What the program reads from its standard input, which is empty otherwise.
    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// The directory to start in, instead of that of the test.
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// How long the program may run, instead of [`DEFAULT_TIMEOUT`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Starts the program on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Start`] when the system cannot start it.
    pub fn start(&self) -> Result<Running, ProcessError> {
        let failed = |source| ProcessError::Start { program: self.path.clone(), source };
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        let started = Instant::now();
        let mut child = command.spawn().map_err(failed)?;
        let id = child.id().ok_or_else(|| failed(io::Error::other("it has no process id")))?;
        let id = i32::try_from(id)
            .ok()
            .and_then(Pid::from_raw)
            .ok_or_else(|| failed(io::Error::other("its process id is odd")))?;
        let (input, mut stdin) = (self.input.clone(), child.stdin.take());
        tokio::spawn(async move {
            if let Some(stdin) = &mut stdin {
                // A program that does not read its input closes it: that is no error of the test.
                let _ = stdin.write_all(&input).await;
            }
        });
        Ok(Running {
            program: self.path.clone(),
            stdout: child.stdout.take().map(collect),
            stderr: child.stderr.take().map(collect),
            child,
            id,
            started,
            timeout: self.timeout,
        })
    }

    /// Starts the program and waits until it has ended.
    ///
    /// # Errors
    ///
    /// Those of [`Program::start`] and [`Running::wait`].
    pub async fn run(&self) -> Result<Finished, ProcessError> {
        self.start()?.wait().await
    }
}

/// The path only: arguments, variables and input may be secret.
impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A program that runs. Dropped before its end, it is killed.
#[derive(Debug)]
pub struct Running {
    program: PathBuf,
    child: Child,
    id: Pid,
    stdout: Option<JoinHandle<Vec<u8>>>,
    stderr: Option<JoinHandle<Vec<u8>>>,
    started: Instant,
    timeout: Duration,
}

impl Running {
    /// Its process id.
    pub fn id(&self) -> u32 {
        self.id.as_raw_nonzero().get().unsigned_abs()
    }

    /// What every user of the machine can read of it: `/proc/PID/cmdline`. It does not change while the program runs.
    ///
    /// # Errors
    ///
    /// When the program has ended.
    pub async fn command_line(&self) -> io::Result<Vec<u8>> {
        let path = Path::new("/proc").join(self.id().to_string()).join("cmdline");
        let started = Instant::now();
        loop {
            let line = std::fs::read(&path)?;
            if !line.is_empty() {
                return Ok(line);
            }
            // Empty for a moment after the start, and for good after the end.
            if started.elapsed() > COMMAND_LINE_LIMIT {
                return Err(io::Error::other("the program has ended"));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Sends SIGTERM, as Code Engine does when a run is cancelled.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Signal`] when the program has ended.
    pub fn terminate(&self) -> Result<(), ProcessError> {
        self.signal(Signal::TERM)
    }

    /// Sends SIGINT, as Ctrl-C does.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Signal`] when the program has ended.
    pub fn interrupt(&self) -> Result<(), ProcessError> {
        self.signal(Signal::INT)
    }

    /// Sends SIGKILL, which no program can catch.
    ///
    /// # Errors
    ///
    /// [`ProcessError::Signal`] when the program has ended.
    pub fn kill(&self) -> Result<(), ProcessError> {
        self.signal(Signal::KILL)
    }

    /// The id cannot belong to another process yet: the child is reaped by [`Running::wait`] only, which takes `self`.
    fn signal(&self, signal: Signal) -> Result<(), ProcessError> {
        let failed =
            |error: rustix::io::Errno| ProcessError::Signal { program: self.program.clone(), source: error.into() };
        kill_process(self.id, signal).map_err(failed)
    }

    /// Waits until the program has ended and its output is read to the end.
    ///
    /// # Errors
    ///
    /// [`ProcessError::TimedOut`] when it runs longer than its timeout; it is killed then. [`ProcessError::Wait`] when the
    /// system loses it.
    pub async fn wait(mut self) -> Result<Finished, ProcessError> {
        let left = self.timeout.saturating_sub(self.started.elapsed());
        let ended = async {
            let status = self.child.wait().await?;
            let took = self.started.elapsed();
            let stdout = output(self.stdout.take()).await?;
            let stderr = output(self.stderr.take()).await?;
            Ok(Finished::new(status, stdout, stderr, took))
        };
        match tokio::time::timeout(left, ended).await {
            Ok(finished) => finished.map_err(|source| ProcessError::Wait { program: self.program.clone(), source }),
            // Dropping the child kills it.
            Err(_) => Err(ProcessError::TimedOut { program: self.program.clone(), timeout: self.timeout }),
        }
    }
}

fn collect(mut from: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<Vec<u8>> {
    tokio::spawn(async move {
        let mut bytes = Vec::new();
        // What was read before an error counts.
        let _ = from.read_to_end(&mut bytes).await;
        bytes
    })
}

async fn output(collector: Option<JoinHandle<Vec<u8>>>) -> io::Result<Vec<u8>> {
    match collector {
        Some(collector) => collector.await.map_err(io::Error::other),
        None => Ok(Vec::new()),
    }
}

/// Why a program could not be run to its end. Holds no argument, variable or output: they may be secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// The system cannot start it.
    #[error("cannot start {}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system cannot send it a signal.
    #[error("cannot signal {}", program.display())]
    Signal {
        /// The program.
        program: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system cannot say how it ended.
    #[error("cannot wait for {}", program.display())]
    Wait {
        /// The program.
        program: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It ran longer than it may, and was killed.
    #[error("{} did not end within {} s and was killed", program.display(), timeout.as_secs())]
    TimedOut {
        /// The program.
        program: PathBuf,
        /// What it was given.
        timeout: Duration,
    },
}

#[cfg(test)]
mod tests;
