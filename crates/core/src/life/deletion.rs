//! Delete tasks: delete, then report until somebody listens (DESIGN 6).

use credjob_client::TaskUpdate;
use credjob_contract::{CredentialsId, Exit, Failure};

use super::ending::Outcome;
use super::reporter::{Reporter, Sent};
use super::step::caught;
use super::timeline::{Slice, Timeline};
use super::undo::{Hand, log_failure, loggable};
use crate::{CredentialsProvider, Deletion};

/// Deletes the credential `id` and reports how that ended.
pub(crate) async fn delete<P: CredentialsProvider>(
    reporter: &Reporter,
    timeline: &Timeline,
    hand: &Hand<'_, P>,
    id: &CredentialsId,
) -> (Outcome, Exit) {
    match timeline.work("delete", caught(async { hand.provider.delete(hand.job, id).await })).await {
        Ok(Ok(deletion)) => {
            log_deletion(&deletion, id);
            let sent = timeline.reserve(Slice::Report, reporter.send(&TaskUpdate::Deleted)).await;
            reported(sent.ok().as_ref(), Outcome::CredentialsDeleted)
        }
        Ok(Err(failure)) => failed(reporter, timeline, &failure).await,
        Err(cut) => {
            let failure = cut.failure("deleting the credential", "Secrets Manager tries again tomorrow");
            failed(reporter, timeline, &failure).await
        }
    }
}

async fn failed(reporter: &Reporter, timeline: &Timeline, failure: &Failure) -> (Outcome, Exit) {
    log_failure("deleting", failure);
    report_failed(reporter, timeline, failure).await
}

/// Reports `failed` for a task that leaves nothing behind, until the deadline.
pub(crate) async fn report_failed(reporter: &Reporter, timeline: &Timeline, failure: &Failure) -> (Outcome, Exit) {
    let sent = timeline.reserve(Slice::Report, reporter.send_failed(failure)).await;
    reported(sent.ok().as_ref(), Outcome::Failed)
}

fn reported(sent: Option<&Sent>, outcome: Outcome) -> (Outcome, Exit) {
    match sent {
        Some(Sent::Applied) => (outcome, Exit::Done),
        Some(Sent::Reading(_) | Sent::RefusedForGood) => (Outcome::NotReported, Exit::Done),
        Some(Sent::Refused) | None => (Outcome::NotReported, Exit::NothingReported),
    }
}

fn log_deletion(deletion: &Deletion, id: &CredentialsId) {
    match deletion {
        Deletion::Deleted => {
            tracing::info!(event = "deleted", credentials_id = id.as_str(), "the credential is deleted");
        }
        Deletion::AlreadyGone => {
            tracing::info!(event = "already_gone", credentials_id = id.as_str(), "the credential was already gone");
        }
        // An error: an operator who logs nothing less must still see what Secrets Manager no longer asks for.
        Deletion::GaveUp { reason } => tracing::error!(
            event = "gave_up",
            credentials_id = id.as_str(),
            reason = loggable(reason),
            "the credential cannot be deleted; Secrets Manager will not ask again"
        ),
    }
}
