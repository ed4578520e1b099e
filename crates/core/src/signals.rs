//! SIGTERM and SIGINT turn on the run's stop signal.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

use crate::world::StopSignal;

/// Listens from now on, on the current runtime.
///
/// # Errors
/// When the operating system refuses a signal handler.
pub(crate) fn listen() -> io::Result<StopSignal> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (stopper, stop) = StopSignal::new();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stopper.stop();
    });
    Ok(stop)
}
