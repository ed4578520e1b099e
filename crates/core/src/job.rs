//! What a provider gets: its parameters, the facts of the task, and tools that keep the run's promise.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use credjob_client::{SecretValue, SecretsManager};
use credjob_contract::{
    Action, Failure, Marker, SecretGroupId, SecretId, TaskFacts, TaskId, TaskMarker, Trigger, VersionId, codes,
};
use credjob_http::{HttpClient, Random};
use tokio::time::Instant;

use crate::life::panicked;
use crate::watchdog::Watchdog;

/// One run of the job, as the provider sees it.
pub struct Job<P> {
    params: P,
    context: Arc<JobContext>,
}

/// The part of a [`Job`] that does not depend on the provider's types.
pub(crate) struct JobContext {
    pub(crate) task_id: TaskId,
    pub(crate) secret_id: SecretId,
    pub(crate) facts: TaskFacts,
    pub(crate) http: HttpClient,
    pub(crate) service: SecretsManager,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) watchdog: Watchdog,
    pub(crate) attempt: Mutex<Option<Marker>>,
    /// What [`Job::read_secret`] has read.
    pub(crate) secrets: Mutex<Vec<SecretValue>>,
}

impl<P> Job<P> {
    pub(crate) fn new(params: P, context: Arc<JobContext>) -> Self {
        Self { params, context }
    }

    /// The inputs. On `delete` a required input that is missing holds a stand-in (an empty text, 0, `false`, the nil id):
    /// a stricter image must not block deletion.
    pub fn params(&self) -> &P {
        &self.params
    }

    /// The secret task this run works on.
    pub fn task_id(&self) -> &TaskId {
        &self.context.task_id
    }

    /// The secret the credential belongs to.
    pub fn secret_id(&self) -> &SecretId {
        &self.context.secret_id
    }

    /// What Secrets Manager asks for.
    pub fn action(&self) -> Option<Action> {
        self.context.facts.action.as_ref().ok().copied()
    }

    /// Why Secrets Manager asks; `None` for a trigger that this version does not know.
    pub fn trigger(&self) -> Option<Trigger> {
        self.context.facts.trigger.as_ref().ok().copied()
    }

    /// The secret's name. Metadata, not secret.
    pub fn secret_name(&self) -> Option<&str> {
        self.context.facts.secret_name.as_deref()
    }

    /// The secret's group.
    pub fn secret_group(&self) -> Option<&SecretGroupId> {
        self.context.facts.secret_group.as_ref()
    }

    /// The version of the secret that a delete task concerns.
    pub fn version_id(&self) -> Option<&VersionId> {
        self.context.facts.version_id.as_ref()
    }

    /// The marker to put on what is created: `sm-<task>-<random>`, the same for the whole attempt.
    ///
    /// From the first call on, the credential *may exist*: if `create` then ends with anything but `Ok`, the run lists
    /// the leftovers of this marker and deletes them. So call it just before the request that creates.
    pub fn marker(&self) -> Marker {
        let mut attempt = self.context.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        attempt
            .get_or_insert_with(|| {
                let mut random = [0; 6];
                self.context.random.bytes(&mut random);
                let marker = Marker::new(&self.context.task_id, random);
                self.context.watchdog.suspect(marker.as_str());
                tracing::info!(
                    event = "creating",
                    marker = marker.as_str(),
                    "about to create a credential with this marker"
                );
                marker
            })
            .clone()
    }

    /// Forgets the marker of an earlier attempt, and what its creating requests came to.
    pub(crate) fn begin_attempt(&self) {
        *self.context.attempt.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.context.http.ledger().reset_creating();
    }

    /// The marker of this attempt, if the provider has asked for it.
    pub(crate) fn attempt_marker(&self) -> Option<Marker> {
        self.context.attempt.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells the watchdog what may be left behind from now on.
    pub(crate) fn suspect(&self, name: &str) {
        self.context.watchdog.suspect(name);
    }

    /// The task part of the marker: every attempt of this task begins with it.
    pub fn task_marker(&self) -> TaskMarker {
        TaskMarker::of(&self.context.task_id)
    }

    /// Runs CPU work or a blocking library off the one thread of the run.
    ///
    /// # Errors
    /// What `work` answers; a panic in it becomes `CREDJOB_PANIC`.
    pub async fn compute<T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, Failure> + Send + 'static,
    {
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(panicked()))
    }

    /// Reads another secret with the job's own rights: the login for the external system.
    ///
    /// Each secret is read once in a run: an undo must not wait for Secrets Manager, which may be what went wrong.
    ///
    /// # Errors
    /// `CREDJOB_SECRET_NOT_FOUND`, `_FORBIDDEN` or `_UNREADABLE`; `CREDJOB_BAD_PARAMETER` for the nil id that stands for a
    /// missing input on `delete`.
    pub async fn read_secret(&self, id: &SecretId) -> Result<SecretValue, Failure> {
        if id.is_nil() {
            return Err(Failure::new(
                codes::BAD_PARAMETER,
                "the input that names the login secret has no value; set it in the secret's parameters",
            )
            .nothing_created());
        }
        if let Some(known) = self.secrets().iter().find(|known| known.id() == id) {
            return Ok(known.clone());
        }
        let secret = self.context.service.secret(id).await?;
        self.secrets().push(secret.clone());
        Ok(secret)
    }

    fn secrets(&self) -> MutexGuard<'_, Vec<SecretValue>> {
        self.context.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The job's HTTP client: retries by idempotency, the deadline, the host guard, redaction.
    pub fn http(&self) -> &HttpClient {
        &self.context.http
    }

    /// When the current step is cut.
    pub fn deadline(&self) -> Instant {
        self.context.http.budget().deadline()
    }

    /// Resolves when the current step is cut, by a signal or by its deadline. For work that goes on elsewhere, in
    /// [`Job::compute`] say; the step's own future is simply dropped.
    pub fn cancelled(&self) -> impl Future<Output = ()> + 'static {
        let budget = self.context.http.budget().clone();
        async move { budget.expired().await }
    }
}
