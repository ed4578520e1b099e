//! Ctrl-C and SIGTERM: the first one winds the life down, the second one (or the first before anything lives) ends everything at once.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How far an interruption has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    None,
    Asked,
    Insisted,
}

/// What the rest of the command sees of the signals. Clones see the same.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    level: watch::Receiver<Level>,
}

impl Interrupt {
    /// Listens to SIGINT and SIGTERM from now on.
    pub(crate) fn listen() -> std::io::Result<Self> {
        let signals = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let (sender, level) = watch::channel(Level::None);
        tokio::spawn(count(signals, sender));
        Ok(Self { level })
    }

    /// Whether somebody has asked to stop.
    pub(crate) fn is_asked(&self) -> bool {
        *self.level.borrow() >= Level::Asked
    }

    /// Waits until somebody asks to stop.
    pub(crate) async fn asked(&self) {
        self.reached(Level::Asked).await;
    }

    /// Waits until somebody asks a second time.
    pub(crate) async fn insisted(&self) {
        self.reached(Level::Insisted).await;
    }

    async fn reached(&self, wanted: Level) {
        let mut level = self.level.clone();
        if level.wait_for(|level| *level >= wanted).await.is_err() {
            // The listener is gone with its runtime: no signal can come any more.
            std::future::pending::<()>().await;
        }
    }
}

async fn count((mut interrupt, mut terminate): (Signal, Signal), level: watch::Sender<Level>) {
    for next in [Level::Asked, Level::Insisted] {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        if next == Level::Asked {
            eprintln!("\nstopping (once more to stop at once)");
        }
        level.send_replace(next);
    }
    // Whoever listens may ask for as long as it lives.
    level.closed().await;
}
