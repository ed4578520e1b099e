//! The provider under test, with eyes on every call and every await.

use std::cell::RefCell;
use std::future::{Future, pending, poll_fn};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use credjob::contract::Credentials as _;
use credjob::prelude::*;

use super::gate::Gate;
use super::order::Then;

/// A method of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Create,
    Delete,
    Verify,
    Leftovers,
}

/// What the provider did.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Credentials ids, markers and payloads (as JSON) of what `create` made.
    pub(super) made: Vec<Made>,
    /// What `verify` said.
    pub(super) verified: Vec<Result<(), String>>,
    /// Some listing said that there is none.
    pub(super) leftovers_unsupported: bool,
    /// The longest time that a method kept the thread to itself.
    pub(super) longest_poll: Duration,
    /// The methods that were called.
    pub(super) called: Vec<Method>,
}

#[derive(Debug)]
pub(super) struct Made {
    pub(super) id: String,
    /// The marker of the attempt.
    pub(super) marker: String,
    pub(super) payload: String,
    /// What `leftovers` listed right afterwards: ids and markers. `None` if that is not supported.
    pub(super) listed: Option<Vec<(String, String)>>,
}

/// The provider, and what surrounds it.
pub(super) struct Probe<P> {
    pub(super) inner: P,
    pub(super) gate: Arc<Gate>,
    pub(super) seen: Rc<RefCell<Seen>>,
    /// This method never ends.
    pub(super) hangs: Option<Method>,
    /// What happens once something is made.
    pub(super) then: Then,
}

impl<P: CredentialsProvider> CredentialsProvider for Probe<P> {
    type Params = P::Params;
    type Credentials = P::Credentials;
    type Codes = P::Codes;

    async fn create(&self, job: &Job<P::Params>) -> Result<Created<P::Credentials>, Failure> {
        let created = self.watched(Method::Create, self.inner.create(job)).await?;
        let listed = if self.then == Then::List { self.listed(job).await? } else { None };
        self.seen.borrow_mut().made.push(Made {
            id: created.id.to_string(),
            // Asking for it would say that something may exist; but now something does.
            marker: job.marker().to_string(),
            payload: created.credentials.payload().to_json_object().to_string(),
            listed,
        });
        if self.then == Then::Delete {
            self.inner.delete(job, &created.id).await?;
        }
        Ok(created)
    }

    async fn delete(&self, job: &Job<P::Params>, id: &CredentialsId) -> Result<Deletion, Failure> {
        self.watched(Method::Delete, self.inner.delete(job, id)).await
    }

    async fn verify(&self, job: &Job<P::Params>, created: &Created<P::Credentials>) -> Result<(), Failure> {
        let verified = self.watched(Method::Verify, self.inner.verify(job, created)).await;
        let said = verified.as_ref().copied().map_err(ToString::to_string);
        self.seen.borrow_mut().verified.push(said);
        verified
    }

    async fn leftovers(&self, job: &Job<P::Params>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        let found = self.watched(Method::Leftovers, self.inner.leftovers(job, task)).await;
        self.seen.borrow_mut().leftovers_unsupported |= matches!(found, Ok(Leftovers::Unsupported));
        found
    }
}

impl<P: CredentialsProvider> Probe<P> {
    async fn listed(&self, job: &Job<P::Params>) -> Result<Option<Vec<(String, String)>>, Failure> {
        Ok(match self.leftovers(job, &job.task_marker()).await? {
            Leftovers::Unsupported => None,
            Leftovers::Found(found) => Some(found.into_iter().map(|one| (one.id.to_string(), one.marker)).collect()),
        })
    }

    /// Polls a method; each time that it waits for something else than a request of the job is a step of the run.
    async fn watched<T>(&self, method: Method, step: impl Future<Output = T>) -> T {
        self.seen.borrow_mut().called.push(method);
        if self.hangs == Some(method) {
            return pending().await;
        }
        // Boxed: the engine's futures are large.
        let mut step = Box::pin(step);
        let ended = poll_fn(|context| {
            let start = Instant::now();
            let polled = step.as_mut().poll(context);
            let mut seen = self.seen.borrow_mut();
            seen.longest_poll = seen.longest_poll.max(start.elapsed());
            drop(seen);
            if polled.is_pending() {
                self.gate.waits();
            }
            polled
        });
        ended.await
    }
}
