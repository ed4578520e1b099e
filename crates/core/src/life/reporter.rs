//! Task updates: one loop for every report, with what must be remembered from one update to the next.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use credjob_client::{ClientError, SecretsManager, Task, TaskUpdate, UpdateOutcome, VersionSummary};
use credjob_contract::{Address, Failure};
use credjob_http::{Backoff, CONNECT_TIMEOUT, Cause, HttpClient, Random};

/// One update may take this long: Secrets Manager answers in well under a second, and its fail-over takes up to 30 s
/// (PROTOCOL 6.9), during which several short tries find it again sooner than one long one.
const UPDATE_TIMEOUT: Duration = Duration::from_secs(10);
/// Never less than this, however little time is left.
const SHORTEST_UPDATE_TIMEOUT: Duration = Duration::from_secs(1);
/// A publish that is cut while it still connects would count as unknown, and its credential would be kept for nothing.
const SHORTEST_PUBLISH_TIMEOUT: Duration = CONNECT_TIMEOUT.saturating_add(Duration::from_secs(1));

/// Sends the updates of one task.
pub(crate) struct Reporter {
    http: HttpClient,
    service: SecretsManager,
    address: Address,
    random: Arc<dyn Random>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// 400 or 404: the service has refused this task for good, and nothing more is sent to it.
    refused_for_good: Option<u16>,
    /// A publish was sent whose outcome nobody told us.
    publish_unknown: bool,
    /// By our update, or by a reading.
    task_is_final: bool,
    /// The first 401 asks for a fresh token, the second is a refusal.
    token_was_refused: bool,
}

/// How a report ended, unless it was cut.
#[derive(Debug)]
pub(crate) enum Sent {
    /// The service has taken it.
    Applied,
    /// The service answered with the task in another final status.
    Reading(Task),
    /// 400 or 404, now or earlier in this run.
    RefusedForGood,
    /// Any other refusal.
    Refused,
}

impl Reporter {
    pub(crate) fn new(http: HttpClient, service: SecretsManager, address: Address, random: Arc<dyn Random>) -> Self {
        Self { http, service, address, random, memory: Mutex::default() }
    }

    /// Whether some publish may have been applied without our knowing.
    pub(crate) fn publish_unknown(&self) -> bool {
        self.memory().publish_unknown
    }

    /// The 400 or 404 that ended all updates.
    pub(crate) fn refused_for_good(&self) -> Option<u16> {
        self.memory().refused_for_good
    }

    /// Whether the task is known to be in a final status: by our update, or by a reading.
    pub(crate) fn task_is_final(&self) -> bool {
        self.memory().task_is_final
    }

    /// Reads the task, with the engine's retries, inside the current budget.
    pub(crate) async fn read(&self) -> Result<Task, ClientError> {
        // Boxed: the engine's future is large, and every step of the life would carry it.
        let task = Box::pin(self.service.task(&self.address.secret_id, &self.address.task_id)).await?;
        self.memory().task_is_final |= task.status.is_final();
        Ok(task)
    }

    /// The versions of the task's secret.
    pub(crate) async fn versions(&self) -> Result<Vec<VersionSummary>, ClientError> {
        Box::pin(self.service.versions(&self.address.secret_id)).await
    }

    /// Reports `failed`.
    pub(crate) async fn send_failed(&self, failure: &Failure) -> Sent {
        self.send(&TaskUpdate::Failed(vec![failure.to_task_error()])).await
    }

    /// Sends `update` again and again while it was not sent or its outcome is unknown. Ends only by an answer: the
    /// caller cuts it at its deadline.
    pub(crate) async fn send(&self, update: &TaskUpdate<'_>) -> Sent {
        let mut backoff = Backoff::new(Arc::clone(&self.random));
        let budget = self.http.budget();
        // A short deadline leaves room for a second try too.
        let last_try = shortest_timeout(update).min(budget.remaining() / 4);
        loop {
            if self.memory().refused_for_good.is_some() {
                return Sent::RefusedForGood;
            }
            let cause = match self.attempt(update, last_try).await {
                UpdateOutcome::Applied(_) => {
                    self.memory().task_is_final = true;
                    return Sent::Applied;
                }
                UpdateOutcome::Reading(task) => {
                    self.memory().task_is_final = true;
                    return Sent::Reading(task);
                }
                UpdateOutcome::Refused { status: 401, .. } if self.first_refused_token() => continue,
                UpdateOutcome::Refused { status, error } => {
                    tracing::warn!(event = "update_refused", status, error = %error, "Secrets Manager refused the task update");
                    return self.refused(status);
                }
                UpdateOutcome::NotSent(cause) => cause,
                UpdateOutcome::Unknown(cause) => {
                    self.memory().publish_unknown |= is_publish(update);
                    cause
                }
            };
            let until_last_try = budget.remaining().saturating_sub(last_try);
            if until_last_try.is_zero() {
                // Another try could only be cut short. The cut comes.
                return std::future::pending().await;
            }
            let wait = backoff.next().max(cause.retry_after.unwrap_or_default()).min(until_last_try);
            let (wait_ms, reason) = (millis(wait), &cause.text);
            tracing::info!(
                event = "update_again",
                wait_ms,
                reason,
                "the task update did not get through; trying again"
            );
            tokio::time::sleep(wait).await;
        }
    }

    /// One try. Cut while it is under way, it counts as unknown.
    async fn attempt(&self, update: &TaskUpdate<'_>, shortest: Duration) -> UpdateOutcome {
        let token = match self.service.tokens().token().await {
            Ok(token) => token,
            Err(error) => {
                tracing::warn!(event = "no_token", error = %error, "no IAM token for the task update");
                return UpdateOutcome::NotSent(Cause::new("no IAM token"));
            }
        };
        let half = self.http.budget().remaining() / 2;
        let timeout = half.clamp(shortest, UPDATE_TIMEOUT);
        let under_way = UnderWay { reporter: self, publish: is_publish(update) };
        let outcome = self
            .service
            .task_update_once(&token, &self.address.secret_id, &self.address.task_id, update, timeout)
            .await;
        std::mem::forget(under_way);
        if let UpdateOutcome::Refused { status: 401, .. } = outcome {
            self.service.tokens().invalidate(&token);
        }
        outcome
    }

    fn first_refused_token(&self) -> bool {
        !std::mem::replace(&mut self.memory().token_was_refused, true)
    }

    fn refused(&self, status: u16) -> Sent {
        if matches!(status, 400 | 404) {
            self.memory().refused_for_good = Some(status);
            return Sent::RefusedForGood;
        }
        Sent::Refused
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shortest_timeout(update: &TaskUpdate<'_>) -> Duration {
    if is_publish(update) { SHORTEST_PUBLISH_TIMEOUT } else { SHORTEST_UPDATE_TIMEOUT }
}

fn is_publish(update: &TaskUpdate<'_>) -> bool {
    matches!(update, TaskUpdate::Created { .. })
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Dropped while an update is under way: what was sent may have been applied.
struct UnderWay<'a> {
    reporter: &'a Reporter,
    publish: bool,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.reporter.memory().publish_unknown |= self.publish;
    }
}
