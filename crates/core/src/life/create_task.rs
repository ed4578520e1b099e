//! A create task from the first call of `create` to the last word on it.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use credjob_client::TaskUpdate;
use credjob_contract::{Credentials, CredentialsId, Exit, Failure, codes};
use credjob_http::Backoff;

use super::clean::{Cleaned, Search};
use super::creation::{Creation, Lost};
use super::deletion::report_failed;
use super::ending::Outcome;
use super::publish::{Verdict, publish};
use super::reporter::Reporter;
use super::step::caught;
use super::timeline::{ROTATE_AGAIN, Timeline};
use super::undo::{Hand, log_failure};
use crate::{Created, CredentialsProvider};

/// How long `verify` may repeat transient failures: a new credential needs a moment to reach every replica of the system
/// it is for, and half a minute of a run is what that may cost.
pub const VERIFY_SLICE: Duration = Duration::from_secs(30);

/// Creates, verifies and publishes; undoes what was not published.
pub(crate) async fn create<P: CredentialsProvider>(
    reporter: &Reporter,
    timeline: &Timeline,
    hand: &Hand<'_, P>,
) -> (Outcome, Exit) {
    let Creation { result, lost, mut orphan } = hand.create().await;
    let checked = match result {
        Ok(created) => match check(timeline, hand, &created).await {
            Ok(()) => Ok(created),
            Err(failure) => {
                log_failure("verifying", &failure);
                orphan |= !hand.undo(&created.id).await;
                Err(failure)
            }
        },
        Err(failure) => Err(failure),
    };
    let (outcome, exit) = match checked {
        Ok(created) => {
            let ended = offer(reporter, timeline, hand, &created).await;
            orphan |= may_be_left(hand, lost.as_ref(), ended.0).await;
            ended
        }
        Err(failure) => {
            orphan |= may_be_left(hand, lost.as_ref(), Outcome::Failed).await;
            report_failed(reporter, timeline, &failure).await
        }
    };
    match (orphan, outcome) {
        (false, _) => (outcome, exit),
        (true, Outcome::CredentialsCreated) => (outcome, Exit::Orphan),
        (true, _) => (Outcome::Orphaned, Exit::Orphan),
    }
}

/// Looks a last time for what an attempt made whose answer was lost.
async fn may_be_left<P: CredentialsProvider>(hand: &Hand<'_, P>, lost: Option<&Lost>, outcome: Outcome) -> bool {
    let Some(lost) = lost else { return false };
    let search = Search::Attempt(&lost.marker);
    match hand.look_again(search).await {
        Cleaned::NotClean => true,
        // Never seen: it may still be on its way, and a re-run looks again. Nobody re-runs what is published and ends with 0.
        Cleaned::NothingFound if lost.cleaned == Cleaned::NothingFound && outcome != Outcome::CredentialsCreated => {
            search.log_orphan();
            true
        }
        Cleaned::NothingFound | Cleaned::Deleted => false,
    }
}

/// Whether the credential may be published: its payload keeps the service's rules, and it works.
async fn check<P: CredentialsProvider>(
    timeline: &Timeline,
    hand: &Hand<'_, P>,
    created: &Created<P::Credentials>,
) -> Result<(), Failure> {
    tracing::info!(event = "created", credentials_id = created.id.as_str(), "the credential is created");
    hand.job.suspect(created.id.as_str());
    created.credentials.payload().check(P::Credentials::FIELDS).map_err(|problems| {
        Failure::new(
            codes::BAD_PAYLOAD,
            format!("the provider made outputs that Secrets Manager does not take: {}", problems.join("; ")),
        )
    })?;
    let last = RefCell::new(None);
    let verified = timeline.work_for("verify", VERIFY_SLICE, verify(hand, created, &last)).await;
    match verified {
        Ok(Err(failure)) if failure.code() != codes::DEADLINE => Err(failure),
        Ok(Ok(())) => Ok(()),
        // What the system said before the time ran out says more than that it ran out.
        Ok(Err(out_of_time)) => Err(last.take().unwrap_or(out_of_time)),
        Err(cut) => Err(last.take().unwrap_or_else(|| cut.failure("verifying the new credential", ROTATE_AGAIN))),
    }
}

async fn verify<P: CredentialsProvider>(
    hand: &Hand<'_, P>,
    created: &Created<P::Credentials>,
    last: &RefCell<Option<Failure>>,
) -> Result<(), Failure> {
    let mut backoff = Backoff::new(Arc::clone(&hand.random));
    loop {
        match caught(async { hand.provider.verify(hand.job, created).await }).await {
            Err(failure) if failure.is_transient() => {
                log_failure("verifying", &failure);
                if failure.code() != codes::DEADLINE || last.borrow().is_none() {
                    *last.borrow_mut() = Some(failure);
                }
                tokio::time::sleep(backoff.next()).await;
            }
            verified => return verified,
        }
    }
}

/// Publishes, and undoes what no version owns.
async fn offer<P: CredentialsProvider>(
    reporter: &Reporter,
    timeline: &Timeline,
    hand: &Hand<'_, P>,
    created: &Created<P::Credentials>,
) -> (Outcome, Exit) {
    let payload = created.credentials.payload().to_json_object();
    let update = TaskUpdate::Created { id: &created.id, payload: &payload };
    match publish(reporter, timeline, &update, &created.id).await {
        Verdict::Published => (Outcome::CredentialsCreated, Exit::Done),
        Verdict::Keep => keep(&created.id),
        Verdict::Undo if !hand.undo(&created.id).await => (Outcome::Orphaned, Exit::Orphan),
        Verdict::Undo if reporter.task_is_final() => (Outcome::Failed, Exit::Done),
        Verdict::Undo if reporter.refused_for_good().is_some() => (Outcome::NotReported, Exit::Done),
        Verdict::Undo => (Outcome::NotReported, Exit::NothingReported),
    }
}

fn keep(id: &CredentialsId) -> (Outcome, Exit) {
    tracing::error!(
        event = "outcome_unknown",
        credentials_id = id.as_str(),
        "nobody could tell whether this credential was published; it was kept, since a secret version may own it: compare the secret's versions with this id"
    );
    (Outcome::Kept, Exit::Kept)
}
