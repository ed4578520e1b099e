//! What an author writes: the trait, and the types its methods answer with.

use credjob_contract::{Credentials, CredentialsId, Failure, FailureCodes, Params, TaskMarker};

use crate::Job;

/// A program that creates and deletes one kind of credential in some external system.
///
/// Two methods are required. `create` makes one credential, `delete` removes one; everything else (reading the
/// environment, reporting, retries, undo, re-runs, signals) is done by [`run!`](crate::run).
///
/// All methods run on one thread, so futures need not be `Send`; put CPU work and blocking libraries into
/// [`Job::compute`]. Every method may be cancelled at any await, by the deadline or by a signal.
#[expect(async_fn_in_trait, reason = "a job has a one-thread runtime: no Send bound to hide")]
pub trait CredentialsProvider: 'static {
    /// Inputs, derived with `#[derive(Params)]`.
    type Params: Params;
    /// Outputs, derived with `#[derive(Credentials)]`.
    type Credentials: Credentials;
    /// The provider's failure codes, derived with `#[derive(FailureCode)]`.
    type Codes: FailureCodes;

    /// Creates one new credential. Never adopts, alters or deletes what is already there.
    ///
    /// Put [`Job::marker`] on what is created, so that it is found again when an answer is lost.
    ///
    /// # Errors
    /// A [`Failure`] is reported on the task, after whatever this attempt may have made was cleaned up.
    async fn create(&self, job: &Job<Self::Params>) -> Result<Created<Self::Credentials>, Failure>;

    /// Deletes the credential `id`. Must be idempotent: a credential that is gone is [`Deletion::AlreadyGone`].
    ///
    /// # Errors
    /// A [`Failure`] asks Secrets Manager to try again tomorrow, for up to 10 days (PROTOCOL 2.1).
    async fn delete(&self, job: &Job<Self::Params>, id: &CredentialsId) -> Result<Deletion, Failure>;

    /// Tries the new credential before it is published. The default accepts it untried, and logs the event `not_verified`.
    ///
    /// # Errors
    /// A transient [`Failure`] is tried again for [`VERIFY_SLICE`](crate::VERIFY_SLICE); any other undoes the credential.
    async fn verify(&self, job: &Job<Self::Params>, created: &Created<Self::Credentials>) -> Result<(), Failure> {
        let _ = (job, created);
        tracing::info!(event = "not_verified", "the provider has no `verify`: the credential is published untried");
        Ok(())
    }

    /// Lists what attempts of this task have made: everything that carries `task`, whatever its random part.
    ///
    /// The default is [`Leftovers::Unsupported`]; a provider that keeps nothing anywhere answers [`Leftovers::none`].
    ///
    /// # Errors
    /// A [`Failure`] counts as "cannot list": the run ends with exit code 4 when something may be left.
    async fn leftovers(&self, job: &Job<Self::Params>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        let _ = (job, task);
        Ok(Leftovers::Unsupported)
    }
}

/// A credential that `create` has made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Created<C> {
    /// The id by which `delete` finds it again. It is metadata in Secrets Manager: no secret, no personal data.
    pub id: CredentialsId,
    /// The outputs to store.
    pub credentials: C,
}

impl<C> Created<C> {
    /// A created credential.
    pub fn new(id: CredentialsId, credentials: C) -> Self {
        Self { id, credentials }
    }
}

/// How a deletion ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deletion {
    /// The credential existed and works no more.
    Deleted,
    /// There is no such credential.
    AlreadyGone,
    /// It cannot be deleted and trying again cannot help: Secrets Manager is told that it is deleted, and the reason is
    /// logged (the "do not submit for retry" branch of IBM's flow).
    GaveUp {
        /// Why, for the log. No secret.
        reason: String,
    },
}

/// What attempts of one task left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leftovers {
    /// The system cannot be asked.
    Unsupported,
    /// Everything that carries the task's marker; may be empty.
    Found(Vec<Leftover>),
}

impl Leftovers {
    /// Nothing, ever: for providers that keep nothing in any system.
    pub fn none() -> Self {
        Self::Found(Vec::new())
    }
}

/// One credential that carries a marker of the task.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leftover {
    /// The id to give to `delete`.
    pub id: CredentialsId,
    /// The text found on it that begins with the marker.
    pub marker: String,
}

impl Leftover {
    /// A leftover found by its marker.
    pub fn new(id: CredentialsId, marker: impl Into<String>) -> Self {
        Self { id, marker: marker.into() }
    }
}
