//! Deleting what a run has made, until the system has said that it is gone.

use std::sync::Arc;
use std::time::Duration;

use credjob_contract::redact::excerpt;
use credjob_contract::{CredentialsId, Failure};
use credjob_http::{Backoff, Random};

use super::step::caught;
use super::timeline::{Slice, Timeline};
use crate::{CredentialsProvider, Deletion, Job};

/// A fresh credential may not be visible yet: a system is asked twice, this far apart, before "nothing there" counts.
pub(crate) const ASK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// The most characters that a line says of a text from outside. The longest text of a task error has as many (PROTOCOL 4.2).
const MAX_LOGGED: usize = 4096;

/// The provider and what it needs to be called.
pub(crate) struct Hand<'a, P: CredentialsProvider> {
    pub(crate) provider: &'a P,
    pub(crate) job: &'a Job<P::Params>,
    pub(crate) timeline: &'a Timeline,
    pub(crate) random: Arc<dyn Random>,
}

/// A credential on its way out.
struct Doomed {
    id: CredentialsId,
    said_gone: bool,
}

impl<P: CredentialsProvider> Hand<'_, P> {
    /// Undo: deletes `id`, within the undo slice. Whether it is gone for sure.
    pub(crate) async fn undo(&self, id: &CredentialsId) -> bool {
        let gone = self.timeline.reserve(Slice::Undo, self.delete_all(vec![id.clone()])).await.unwrap_or(false);
        if !gone {
            tracing::error!(
                event = "orphaned_credentials",
                credentials_id = id.as_str(),
                "a credential that no secret version owns could not be deleted; delete it by hand"
            );
        }
        gone
    }

    /// Deletes all of `ids`, round after round, so that one that resists does not protect the others. Whether all are
    /// gone for sure; ends only by that, or when the provider gives up: the caller cuts it.
    pub(crate) async fn delete_all(&self, ids: Vec<CredentialsId>) -> bool {
        let mut backoff = Backoff::new(Arc::clone(&self.random));
        let mut left: Vec<Doomed> = ids.into_iter().map(|id| Doomed { id, said_gone: false }).collect();
        let mut all_gone = true;
        loop {
            let mut wait = Duration::ZERO;
            for doomed in std::mem::take(&mut left) {
                match self.delete_once(&doomed.id).await {
                    Ok(Deletion::Deleted) => {}
                    Ok(Deletion::AlreadyGone) if doomed.said_gone => {}
                    Ok(Deletion::AlreadyGone) => {
                        wait = ASK_AGAIN_AFTER;
                        left.push(Doomed { said_gone: true, ..doomed });
                    }
                    Ok(Deletion::GaveUp { reason }) => {
                        let (id, reason) = (doomed.id.as_str(), loggable(&reason));
                        tracing::error!(event = "undo_gave_up", credentials_id = id, reason, "the provider gave up");
                        all_gone = false;
                    }
                    Err(_) => left.push(doomed),
                }
            }
            if left.is_empty() {
                return all_gone;
            }
            tokio::time::sleep(wait.max(backoff.next())).await;
        }
    }

    async fn delete_once(&self, id: &CredentialsId) -> Result<Deletion, Failure> {
        let deleted = caught(async { self.provider.delete(self.job, id).await }).await;
        if let Err(failure) = &deleted {
            log_failure("deleting", failure);
        }
        deleted
    }
}

/// As much of a text as a log line has room for: with all of it the line, and with it the event, could be left out.
pub(crate) fn loggable(text: &str) -> String {
    excerpt(text, MAX_LOGGED)
}

/// Logs a failure once, with its chain of causes, redacted.
pub(crate) fn log_failure(doing: &str, failure: &Failure) {
    tracing::warn!(
        event = "step_failed",
        doing,
        code = failure.code(),
        failure = failure.message(),
        cause = loggable(&failure.source_chain()),
        "a step of the run failed"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_text_leaves_room_for_its_event() {
        assert_eq!(loggable(&"x".repeat(60_000)).len(), MAX_LOGGED);
        assert!(loggable(&"x".repeat(1_000_000)).len() <= MAX_LOGGED);
        assert_eq!(loggable("told to"), "told to");
    }
}
