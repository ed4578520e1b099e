//! A provider that leaks on purpose, for the tests of the redactor and of the search for leaks: it says a text in the place that it is told.

use std::fmt;

use credjob::prelude::*;

/// The variable that holds what to say.
const TEXT: &str = "LEAKY_TEXT";

/// Inputs of the job.
#[derive(Params)]
struct LeakyParams {
    /// Where to say it.
    place: Place,
    /// A secret to read first, so that the redactor knows it.
    login_secret_id: Option<SecretId>,
}

/// Where a provider can say something.
#[derive(Clone, Copy, ParamEnum)]
enum Place {
    /// With `println!`, past the redactor.
    Output,
    /// A field of a log line.
    Log,
    /// A field of a log line, by its `Debug`.
    Debugged,
    /// The text of a failure, which goes to the task.
    Failure,
    /// The cause of a failure, which goes to the log.
    Cause,
    /// A panic.
    Panic,
    /// A panic off the thread of the run.
    PanicElsewhere,
    /// A panic while the future of a step is dropped.
    PanicInDrop,
}

/// No output is ever made.
#[derive(Credentials)]
struct Nothing {
    /// Never there.
    token: Secret<String>,
}

struct Leaky;

/// Panics with its text.
struct Bomb(String);

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "{}", self.0);
    }
}

/// A driver's error that repeats what it was given.
#[derive(Debug)]
struct Driver(String);

impl fmt::Display for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Driver {}

impl CredentialsProvider for Leaky {
    type Params = LeakyParams;
    type Credentials = Nothing;
    type Codes = ();

    async fn create(&self, job: &Job<LeakyParams>) -> Result<Created<Nothing>, Failure> {
        let LeakyParams { place, login_secret_id } = job.params();
        if let Some(id) = login_secret_id {
            job.read_secret(id).await?;
        }
        // A parameter is metadata, which everybody may read.
        let text = std::env::var(TEXT).unwrap_or_default();
        match place {
            Place::Output => println!("{text}"),
            Place::Log => tracing::info!(text, "said"),
            Place::Debugged => tracing::info!(text = ?Driver(text), "said"),
            Place::Failure => return Err(Failure::new("LEAKY", text)),
            Place::Cause => return Err(Failure::new("LEAKY", "the driver failed").with_source(Driver(text))),
            Place::Panic => panic!("{text}"),
            Place::PanicElsewhere => return job.compute(move || panic!("{text}")).await,
            Place::PanicInDrop => drop(Bomb(text)),
        }
        Err(Failure::new("LEAKY", "it is said"))
    }

    async fn delete(&self, _job: &Job<LeakyParams>, _id: &CredentialsId) -> Result<Deletion, Failure> {
        Ok(Deletion::AlreadyGone)
    }

    async fn leftovers(&self, _job: &Job<LeakyParams>, _task: &TaskMarker) -> Result<Leftovers, Failure> {
        Ok(Leftovers::none())
    }
}

credjob::run!(Leaky);
