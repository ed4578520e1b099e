//! Finding and deleting what carries a marker.

use std::sync::Arc;

use credjob_contract::{Marker, TaskMarker};
use credjob_http::Backoff;

use super::step::caught;
use super::timeline::Slice;
use super::undo::{ASK_AGAIN_AFTER, Hand, log_failure};
use crate::{CredentialsProvider, Leftover, Leftovers};

/// What is listed: one attempt's, or the whole task's.
#[derive(Clone, Copy)]
pub(crate) enum Search<'a> {
    Attempt(&'a Marker),
    Task(&'a TaskMarker),
}

/// What a clean-up came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cleaned {
    /// Every listing was empty.
    NothingFound,
    /// All that was found is deleted.
    Deleted,
    /// Something is, or may be, left.
    NotClean,
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

impl<P: CredentialsProvider> Hand<'_, P> {
    /// Lists twice what `search` finds and deletes all of it, within the undo slice.
    pub(crate) async fn clean(&self, search: Search<'_>) -> Cleaned {
        self.within_slice(search, async {
            let first = self.list_and_delete(search).await?;
            tokio::time::sleep(ASK_AGAIN_AFTER).await;
            Some(first + self.list_and_delete(search).await?)
        })
        .await
    }

    /// One more listing at the end of a run, for what may have appeared since.
    pub(crate) async fn look_again(&self, search: Search<'_>) -> Cleaned {
        self.within_slice(search, self.list_and_delete(search)).await
    }

    /// Deletes what else carries the task's marker, if the listing shows `owner` too: then its ids are of the kind that
    /// versions carry, and the others have no owner. Otherwise nothing is certain, and nothing is deleted. Lists twice.
    /// Whether nothing else is left for sure.
    pub(crate) async fn clean_all_but(&self, owner: Option<&str>) -> bool {
        let marker = self.job.task_marker();
        let search = Search::Task(&marker);
        let cleaned = self.timeline.reserve(Slice::Undo, async {
            let first = self.delete_all_but(search, owner).await?;
            tokio::time::sleep(ASK_AGAIN_AFTER).await;
            Some(first && self.delete_all_but(search, owner).await?)
        });
        matches!(cleaned.await, Ok(Some(true)))
    }

    async fn delete_all_but(&self, search: Search<'_>, owner: Option<&str>) -> Option<bool> {
        let found: Vec<_> = self.list(search).await?.into_iter().map(|leftover| leftover.id).collect();
        let (known, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|id| Some(id.as_str()) == owner);
        Some(match owner {
            // Nobody says which one was published: one that is alone is.
            None => others.len() <= 1,
            Some(_) => others.is_empty() || (!known.is_empty() && self.delete_all(others).await),
        })
    }

    async fn within_slice(&self, search: Search<'_>, found: impl Future<Output = Option<usize>>) -> Cleaned {
        match self.timeline.reserve(Slice::Undo, found).await {
            Ok(Some(0)) => Cleaned::NothingFound,
            Ok(Some(_)) => Cleaned::Deleted,
            Ok(None) | Err(_) => {
                search.log_orphan();
                Cleaned::NotClean
            }
        }
    }

    /// How many were found and deleted; `None` when they cannot be listed or one stays.
    async fn list_and_delete(&self, search: Search<'_>) -> Option<usize> {
        let found = self.list(search).await?;
        let count = found.len();
        for Leftover { id, marker } in &found {
            tracing::warn!(
                event = "leftover",
                credentials_id = id.as_str(),
                marker,
                "deleting what an attempt of this task left behind"
            );
        }
        let ids = found.into_iter().map(|leftover| leftover.id).collect();
        self.delete_all(ids).await.then_some(count)
    }

    async fn list(&self, search: Search<'_>) -> Option<Vec<Leftover>> {
        let task = self.job.task_marker();
        let mut backoff = Backoff::new(Arc::clone(&self.random));
        loop {
            match caught(async { self.provider.leftovers(self.job, &task).await }).await {
                Ok(Leftovers::Found(found)) => {
                    return Some(found.into_iter().filter(|one| search.finds(&one.marker)).collect());
                }
                Ok(Leftovers::Unsupported) => return None,
                Err(failure) => {
                    log_failure("listing leftovers", &failure);
                    if !failure.is_transient() {
                        return None;
                    }
                }
            }
            tokio::time::sleep(backoff.next()).await;
        }
    }
}
