//! The retry engine that `job.http()` and the Secrets Manager client share.

use std::{fmt, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use crate::{
    Attempt, Backoff, Budget, Cause, Clock, FailedCall, HostGuard, HttpError, Idempotency, Ledger, Outcome, Random,
    Request, Response, Transport, classify,
};

/// Bounds one attempt unless the request says otherwise. Long enough for a slow platform to mint a token, short enough
/// that the default deadline of 9 min holds many attempts.
pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// With less time than this left, [`HttpClient::send`] starts no attempt: a connection, a TLS session and an answer take
/// about as long on a good day, and an attempt that is cut turns a certain outcome into an unknown one.
pub const MIN_ATTEMPT: Duration = Duration::from_millis(100);

/// A back-off is cut so that one last attempt has this much of the budget: connection, TLS session and answer of a server
/// that has just recovered.
pub const LAST_ATTEMPT: Duration = Duration::from_secs(2);

/// Sends requests: guarded, counted, repeated within a budget. Clones share everything.
#[derive(Clone)]
pub struct HttpClient {
    parts: Arc<Parts>,
    budget: Budget,
}

struct Parts {
    transport: Arc<dyn Transport>,
    clock: Clock,
    random: Arc<dyn Random>,
    guard: HostGuard,
    ledger: Ledger,
}

impl HttpClient {
    /// A client from its parts.
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Clock,
        random: Arc<dyn Random>,
        guard: HostGuard,
        ledger: Ledger,
        budget: Budget,
    ) -> Self {
        let parts = Arc::new(Parts { transport, clock, random, guard, ledger });
        Self { parts, budget }
    }

    /// The same client under another budget.
    pub fn with_budget(&self, budget: Budget) -> Self {
        Self { parts: Arc::clone(&self.parts), budget }
    }

    /// The budget that bounds [`HttpClient::send`].
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The host guard, for adding a host that stands inside the login secret.
    pub fn guard(&self) -> &HostGuard {
        &self.parts.guard
    }

    /// The counts of all attempts.
    pub fn ledger(&self) -> &Ledger {
        &self.parts.ledger
    }

    /// The clock.
    pub fn clock(&self) -> Clock {
        self.parts.clock
    }

    /// The randomness.
    pub fn random(&self) -> &Arc<dyn Random> {
        &self.parts.random
    }

    /// Sends a request until it is applied or refused, or until the budget ends.
    ///
    /// An attempt that was not sent is repeated whatever the idempotency; one of unknown outcome is repeated unless the
    /// request is [`Idempotency::Never`]. What cannot change (an untrusted certificate, a redirect, an answer above the
    /// limit) is not repeated.
    ///
    /// Between attempts it waits for the [`Backoff`], cut so that [`LAST_ATTEMPT`] remains of the budget, or for the
    /// server's `Retry-After` if that is longer. A `Retry-After` beyond the budget ends the work at once with the last
    /// error: the server has said that no answer will come in time, and a job is billed for waiting.
    ///
    /// # Errors
    /// See [`HttpError`]. After an unknown attempt the error is [`HttpError::OutcomeUnknown`] even if a later attempt was
    /// not sent.
    pub async fn send(&self, request: Request) -> Result<Response, HttpError> {
        self.admit(&request)?;
        let mut backoff = Backoff::new(Arc::clone(&self.parts.random));
        let mut call = FailedCall {
            operation: request.operation(),
            host: request.wire.host(),
            idempotency: request.idempotency(),
            attempts: 0,
            earlier_unknown: false,
            cause: Cause::new("no time was left"),
        };
        if self.budget.remaining() < MIN_ATTEMPT {
            self.parts.ledger.stopped(request.is_creating());
            return Err(HttpError::NoTimeLeft { operation: call.operation, host: call.host });
        }
        loop {
            call.attempts += 1;
            let attempt = self.attempt_in_budget(&request).await;
            let outcome = attempt.outcome();
            let cause = match attempt {
                Attempt::Applied(response) => return Ok(response),
                Attempt::NotSent(cause) | Attempt::Refused(cause) | Attempt::Unknown(cause) => cause,
            };
            let retry_after = cause.retry_after.unwrap_or_default();
            let repeat = !cause.lasting
                && match outcome {
                    Outcome::Applied | Outcome::Refused => false,
                    Outcome::NotSent => true,
                    Outcome::Unknown => request.idempotency != Idempotency::Never,
                };
            call.cause = cause;
            let wait = self.cut(backoff.next()).max(retry_after);
            if !repeat || !self.wait(wait).await {
                return Err(call.end(outcome));
            }
            call.earlier_unknown |= outcome == Outcome::Unknown;
        }
    }

    /// Sends a request exactly once, for callers with a loop and a deadline of their own. The budget plays no part.
    ///
    /// A request that may not leave the process (host guard, bad URL) is [`Attempt::NotSent`] with a lasting cause.
    pub async fn attempt(&self, request: &Request, timeout: Duration) -> Attempt<Response> {
        if let Err(error) = self.admit(request) {
            return Attempt::NotSent(Cause::new(error.to_string()).lasting());
        }
        self.attempt_admitted(request, timeout).await
    }

    /// Everything that is checked before a request leaves the process.
    fn admit(&self, request: &Request) -> Result<(), HttpError> {
        let checked = crate::admission::admit(request, &self.parts.guard);
        if checked.is_err() {
            self.parts.ledger.stopped(request.is_creating());
        }
        checked
    }

    /// One attempt, cut when the budget ends, also when its deadline is moved meanwhile.
    async fn attempt_in_budget(&self, request: &Request) -> Attempt<Response> {
        let timeout = request.attempt_timeout.min(self.budget.remaining());
        tokio::select! {
            biased;
            attempt = self.attempt_admitted(request, timeout) => attempt,
            () = self.budget.expired() => Attempt::Unknown(Cause::new("the time was over before an answer came")),
        }
    }

    async fn attempt_admitted(&self, request: &Request, timeout: Duration) -> Attempt<Response> {
        let Parts { transport, clock, ledger, .. } = &*self.parts;
        let in_flight = ledger.begin(request.operation(), request.is_creating());
        let start = Instant::now();
        let result = transport.send(&request.wire, timeout).await;
        let attempt = classify(result.map(|response| response.of(request)), clock.wall());
        in_flight.end(attempt.outcome());
        let status = match &attempt {
            Attempt::Applied(response) => Some(response.status),
            _ => attempt.cause().and_then(|cause| cause.status),
        };
        tracing::debug!(
            operation = request.operation(),
            host = request.wire.host(),
            status,
            outcome = attempt.outcome().as_str(),
            reason = attempt.cause().map(|cause| cause.text.as_str()),
            duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            "attempt"
        );
        attempt
    }

    /// A back-off that leaves time for one last attempt. With less time than that nothing is cut: a short slice gets what
    /// fits into it.
    fn cut(&self, backoff: Duration) -> Duration {
        match self.budget.remaining().checked_sub(LAST_ATTEMPT) {
            Some(rest) if !rest.is_zero() => backoff.min(rest),
            _ => backoff,
        }
    }

    /// Waits; false if the budget does not allow it, now or after its deadline was moved.
    async fn wait(&self, time: Duration) -> bool {
        let fits = |time: Duration| self.budget.remaining().checked_sub(time).is_some_and(|rest| rest >= MIN_ATTEMPT);
        if !fits(time) {
            return false;
        }
        tokio::select! {
            biased;
            () = sleep(time) => fits(Duration::ZERO),
            () = self.budget.expired() => false,
        }
    }
}

impl FailedCall {
    fn end(self, outcome: Outcome) -> HttpError {
        let call = Box::new(self);
        match outcome {
            Outcome::Refused => HttpError::Refused(call),
            Outcome::NotSent if !call.earlier_unknown => HttpError::NotSent(call),
            // Applied never gets here; NotSent after an unknown attempt is unknown as a whole.
            Outcome::NotSent | Outcome::Unknown | Outcome::Applied => HttpError::OutcomeUnknown(call),
        }
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("budget", &self.budget).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
