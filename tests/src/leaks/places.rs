//! Everything that a job leaves where others can read it.

use credjob_testkit::emulated::{Emulated, Pending};
use credjob_testkit::leak::{Canaries, Leak, find_leaks};

use crate::support::trial::Run;

/// The names of the places, in the order of [`Places::texts`].
pub(super) const PLACES: [&str; 7] = [
    "standard output",
    "the log",
    "the summary event",
    "panic messages",
    "the command line",
    "the task",
    "the secret and its versions",
];

/// What one run left.
pub(super) struct Places([Vec<u8>; PLACES.len()]);

impl Places {
    /// What the process printed and was started with, and what the service holds of the task in fields that anybody with a reader's role can read.
    pub(super) async fn of(run: &Run, emulated: &Emulated, pending: &Pending) -> Self {
        let finished = &run.finished;
        let versions = emulated.versions(&pending.secret_id).await.expect("the versions are listed");
        let path = format!("/api/v2/secrets/{}/metadata", pending.secret_id);
        let (_, metadata) = emulated.emulator().call("GET", &path, None).await;
        let summary = finished.summary().map(|summary| summary.event.to_string()).unwrap_or_default();
        let panics: Vec<String> = finished.events_named("panic").iter().map(ToString::to_string).collect();
        Self([
            finished.stdout.clone(),
            finished.stderr.clone(),
            summary.into_bytes(),
            panics.concat().into_bytes(),
            run.command_line.clone(),
            emulated.task(pending).await.to_string().into_bytes(),
            format!("{metadata} {versions:?}").into_bytes(),
        ])
    }

    /// The secrets that stand in each place.
    pub(super) fn leaks(&self, canaries: &Canaries) -> Vec<(&'static str, Leak)> {
        // Usually there is none.
        if find_leaks(&self.0.join(&0), canaries).is_empty() {
            return Vec::new();
        }
        let each = PLACES.into_iter().zip(&self.0);
        each.flat_map(|(place, text)| find_leaks(text, canaries).into_iter().map(move |leak| (place, leak))).collect()
    }
}
