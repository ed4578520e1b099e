//! Deleting what a run has made: one credential by its id, or all that carry a marker.

use std::sync::Arc;
use std::time::Duration;

use credjob_contract::{CredentialsId, Failure, Marker, TaskMarker};
use credjob_http::{Backoff, Random};

use super::step::caught;
use super::timeline::{Slice, Timeline};
use crate::{CredentialsProvider, Deletion, Job, Leftover, Leftovers};

/// A fresh credential may not be visible yet: a system is asked twice, this far apart, before "nothing there" counts.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// The provider and what it needs to be called.
pub(crate) struct Hand<'a, P: CredentialsProvider> {
    pub(crate) provider: &'a P,
    pub(crate) job: &'a Job<P::Params>,
    pub(crate) timeline: &'a Timeline,
    pub(crate) random: Arc<dyn Random>,
}

/// What is listed: one attempt's, or the whole task's.
#[derive(Clone, Copy)]
pub(crate) enum Search<'a> {
    Attempt(&'a Marker),
    Task(&'a TaskMarker),
}

impl Search<'_> {
    fn finds(self, text: &str) -> bool {
        match self {
            Self::Attempt(marker) => marker.owns(text),
            Self::Task(task) => task.finds(text),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Attempt(marker) => marker.as_str(),
            Self::Task(task) => task.as_str(),
        }
    }

    /// The one event that tells an operator what to look for.
    pub(crate) fn log_orphan(self) {
        tracing::error!(
            event = "orphaned_credentials",
            marker = self.text(),
            "a credential with this marker may exist without an owner; look for it and delete it by hand"
        );
    }
}

/// What a clean-up came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cleaned {
    /// Both listings were empty.
    NothingFound,
    /// All that was found is deleted.
    Deleted,
    /// Something is, or may be, left.
    NotClean,
}

impl<P: CredentialsProvider> Hand<'_, P> {
    /// Undo: deletes `id`, within the undo slice. Whether it is gone for sure.
    pub(crate) async fn undo(&self, id: &CredentialsId) -> bool {
        let gone = self.timeline.reserve(Slice::Undo, self.delete_until_gone(id)).await.unwrap_or(false);
        if !gone {
            tracing::error!(
                event = "orphaned_credentials",
                credentials_id = id.as_str(),
                "a credential that no secret version owns could not be deleted; delete it by hand"
            );
        }
        gone
    }

    async fn delete_until_gone(&self, id: &CredentialsId) -> bool {
        let mut backoff = Backoff::new(Arc::clone(&self.random));
        let mut said_gone = false;
        loop {
            match self.delete_once(id).await {
                Ok(Deletion::Deleted) => return true,
                Ok(Deletion::AlreadyGone) if said_gone => return true,
                Ok(Deletion::AlreadyGone) => {
                    said_gone = true;
                    tokio::time::sleep(ASK_AGAIN_AFTER).await;
                }
                Ok(Deletion::GaveUp { reason }) => {
                    tracing::error!(
                        event = "undo_gave_up",
                        credentials_id = id.as_str(),
                        reason,
                        "the provider gave up deleting"
                    );
                    return false;
                }
                Err(_) => tokio::time::sleep(backoff.next()).await,
            }
        }
    }

    async fn delete_once(&self, id: &CredentialsId) -> Result<Deletion, Failure> {
        let deleted = caught(async { self.provider.delete(self.job, id).await }).await;
        if let Err(failure) = &deleted {
            log_failure("deleting", failure);
        }
        deleted
    }

    /// Lists twice what `search` finds and deletes all of it, within the undo slice.
    pub(crate) async fn clean(&self, search: Search<'_>) -> Cleaned {
        let cleaned = self.timeline.reserve(Slice::Undo, self.list_and_delete_twice(search)).await;
        let cleaned = cleaned.unwrap_or(Cleaned::NotClean);
        if cleaned == Cleaned::NotClean {
            search.log_orphan();
        }
        cleaned
    }

    /// One more listing at the end of a run, for what may have appeared since.
    pub(crate) async fn look_again(&self, search: Search<'_>) -> Cleaned {
        match self.timeline.reserve(Slice::Undo, self.list_and_delete(search)).await {
            Ok(Some(0)) => Cleaned::NothingFound,
            Ok(Some(_)) => Cleaned::Deleted,
            Ok(None) | Err(_) => {
                search.log_orphan();
                Cleaned::NotClean
            }
        }
    }

    async fn list_and_delete_twice(&self, search: Search<'_>) -> Cleaned {
        let Some(first) = self.list_and_delete(search).await else { return Cleaned::NotClean };
        tokio::time::sleep(ASK_AGAIN_AFTER).await;
        match self.list_and_delete(search).await {
            None => Cleaned::NotClean,
            Some(0) if first == 0 => Cleaned::NothingFound,
            Some(_) => Cleaned::Deleted,
        }
    }

    /// How many were found and deleted; `None` when listing or a deletion did not succeed.
    async fn list_and_delete(&self, search: Search<'_>) -> Option<usize> {
        let found = self.list(search).await?;
        for leftover in &found {
            tracing::warn!(
                event = "leftover",
                credentials_id = leftover.id.as_str(),
                marker = leftover.marker,
                "deleting what an attempt of this task left behind"
            );
            if !matches!(self.delete_once(&leftover.id).await, Ok(Deletion::Deleted | Deletion::AlreadyGone)) {
                return None;
            }
        }
        Some(found.len())
    }

    async fn list(&self, search: Search<'_>) -> Option<Vec<Leftover>> {
        let task = self.job.task_marker();
        match caught(async { self.provider.leftovers(self.job, &task).await }).await {
            Ok(Leftovers::Found(found)) => Some(found.into_iter().filter(|one| search.finds(&one.marker)).collect()),
            Ok(Leftovers::Unsupported) => None,
            Err(failure) => {
                log_failure("listing leftovers", &failure);
                None
            }
        }
    }
}

/// Logs a failure once, with its chain of causes, redacted.
pub(crate) fn log_failure(doing: &str, failure: &Failure) {
    tracing::warn!(
        event = "step_failed",
        doing,
        code = failure.code(),
        failure = failure.message(),
        cause = failure.source_chain(),
        "a step of the provider failed"
    );
}
