//! The thread that ends the process when the reserve is over, whatever the provider's code does.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use credjob_contract::Exit;

/// How long after the deadline the watchdog strikes: the run's own last step gets the chance to end it properly.
const GRACE: Duration = Duration::from_millis(500);

/// What may be left behind if the process had to be ended now: the marker or the credentials id.
type Suspect = Arc<Mutex<Option<String>>>;

/// A handle on the watchdog thread; without a thread it does nothing.
#[derive(Debug, Clone)]
pub(crate) struct Watchdog {
    moves: Option<Sender<Instant>>,
    suspect: Suspect,
}

impl Watchdog {
    /// No thread: for runs in a test process.
    pub(crate) fn off() -> Self {
        Self { moves: None, suspect: Suspect::default() }
    }

    /// Starts the thread. The process ends with exit code 4 when `deadline` has passed.
    pub(crate) fn start(deadline: Instant) -> Self {
        let (moves, sooner_ends) = mpsc::channel::<Instant>();
        let suspect = Suspect::default();
        let watched = Arc::clone(&suspect);
        let thread = std::thread::Builder::new().name("watchdog".to_owned());
        let started = thread.spawn(move || {
            let mut end = deadline + GRACE;
            loop {
                match sooner_ends.recv_timeout(end.saturating_duration_since(Instant::now())) {
                    Ok(sooner) => end = end.min(sooner + GRACE),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => break,
                }
            }
            let suspect = watched.lock().unwrap_or_else(PoisonError::into_inner).take();
            tracing::error!(
                event = "orphaned_credentials",
                suspect,
                "the run did not end by its deadline and was stopped; the credential named here may exist without an owner: look for it"
            );
            credjob_contract::redact::wipe();
            std::process::exit(i32::from(Exit::Orphan.code()));
        });
        if let Err(error) = started {
            tracing::warn!(event = "no_watchdog", error = %error, "no thread for the watchdog; a provider that blocks can outlive the deadline");
        }
        Self { moves: Some(moves), suspect }
    }

    /// Moves the end forward, to `left` from now.
    pub(crate) fn end_in(&self, left: Duration) {
        if let Some(moves) = &self.moves {
            // The thread only ends together with the process.
            let _ = moves.send(Instant::now() + left);
        }
    }

    /// Remembers what may be left behind.
    pub(crate) fn suspect(&self, name: &str) {
        *self.suspect.lock().unwrap_or_else(PoisonError::into_inner) = Some(name.to_owned());
    }
}
