//! The thread that ends the process when the reserve is over, whatever the provider's code does.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use credjob_contract::Exit;

/// How long after the deadline the watchdog strikes: the run's own last step gets the chance to end it properly.
const GRACE: Duration = Duration::from_millis(500);
/// How long its last words may take: nobody may be reading the log.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What may be left behind if the process had to be ended now: markers and credentials ids.
#[derive(Debug, Clone, Default)]
struct Suspects(Arc<Mutex<Vec<String>>>);

/// A handle on the watchdog thread; without a thread it does nothing.
#[derive(Debug, Clone)]
pub(crate) struct Watchdog {
    moves: Option<Sender<Instant>>,
    suspects: Suspects,
}

impl Watchdog {
    /// No thread: for runs in a test process.
    pub(crate) fn off() -> Self {
        Self { moves: None, suspects: Suspects::default() }
    }

    /// Starts the thread. The process ends with exit code 4 when `deadline` has passed.
    pub(crate) fn start(deadline: Instant) -> Self {
        let (moves, sooner_ends) = mpsc::channel::<Instant>();
        let suspects = Suspects::default();
        let watched = suspects.clone();
        let started = thread::Builder::new().name("watchdog".to_owned()).spawn(move || {
            let mut end = deadline + GRACE;
            loop {
                match sooner_ends.recv_timeout(end.saturating_duration_since(Instant::now())) {
                    Ok(sooner) => end = end.min(sooner + GRACE),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => strike(&watched),
                }
            }
        });
        if let Err(error) = started {
            tracing::warn!(
                event = "no_watchdog",
                error = %error,
                "no thread for the watchdog; a provider that blocks can outlive the deadline"
            );
        }
        Self { moves: Some(moves), suspects }
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
        self.suspects.list().push(name.to_owned());
    }
}

impl Suspects {
    fn list(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says what may be left behind and ends the process.
fn strike(suspects: &Suspects) -> ! {
    let suspects = suspects.list().join(", ");
    let (said, hear) = mpsc::channel();
    let last_words = thread::Builder::new().spawn(move || {
        tracing::error!(
            event = "orphaned_credentials",
            suspects,
            "the run did not end by its deadline and was stopped; what is named here may exist without an owner: look for it"
        );
        // The receiver waits, or the process has ended.
        let _ = said.send(());
    });
    if last_words.is_ok() {
        let _ = hear.recv_timeout(LAST_WORDS);
    }
    // The system wipes the memory of a process that has ended; nothing here may wait for a lock.
    std::process::exit(i32::from(Exit::Orphan.code()))
}
