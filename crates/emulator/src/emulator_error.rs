//! Why an emulator could not do what its owner asked.

use std::path::PathBuf;

/// Why an emulator could not be started or set up. Requests never end with it: they get the service's answers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatorError {
    /// The port is taken, or may not be used.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The program of a job cannot be started.
    #[error("cannot start {}", program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// `PROGRAM schema` did not answer with declarations.
    #[error("`{} schema` {problem}", program.display())]
    Schema {
        /// The program.
        program: PathBuf,
        /// What was wrong with the answer.
        problem: String,
    },
    /// The declarations of a job break the rules of `job_config.json` (PROTOCOL 1.2).
    #[error("the declarations of job `{job}` are wrong: {}", problems.join("; "))]
    JobConfig {
        /// The job.
        job: String,
        /// Every problem.
        problems: Vec<String>,
    },
    /// The service refused a set-up step.
    #[error("{step} was refused with status {status}: {message}")]
    Refused {
        /// What was asked for.
        step: String,
        /// The status of the refusal.
        status: u16,
        /// The message of the refusal.
        message: String,
    },
}
