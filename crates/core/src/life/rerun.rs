//! Re-runs of a create task: never create, close the task and clean up (DESIGN 6).

use credjob_client::Task;
use credjob_contract::{Exit, Failure, TaskStatus, codes};

use super::clean::{Cleaned, Search};
use super::ending::Outcome;
use super::publish::{Owner, owner};
use super::reporter::{Reporter, Sent};
use super::timeline::{Slice, Timeline};
use super::undo::Hand;
use crate::CredentialsProvider;

/// What is known of the task.
enum Known {
    Published(Task),
    Failed,
    Gone,
    Open,
}

/// Closes the task of an interrupted run. Nothing is deleted unless the task is certain to stay without a credential.
pub(crate) async fn rerun<P: CredentialsProvider>(
    reporter: &Reporter,
    timeline: &Timeline,
    hand: &Hand<'_, P>,
) -> (Outcome, Exit) {
    tracing::warn!(
        event = "rerun",
        "this is a re-run of a create task: it closes the task and cleans up, it does not create"
    );
    match read(reporter, timeline).await {
        Known::Published(task) => published(reporter, timeline, hand, &task).await,
        Known::Failed => clean(hand).await,
        Known::Gone => leave(hand),
        Known::Open => close(reporter, timeline, hand).await,
    }
}

async fn close<P: CredentialsProvider>(
    reporter: &Reporter,
    timeline: &Timeline,
    hand: &Hand<'_, P>,
) -> (Outcome, Exit) {
    let interrupted = Failure::new(
        codes::INTERRUPTED,
        "an earlier run of this job was interrupted; what it made is cleaned up; rotate the secret to try again",
    );
    match timeline.reserve(Slice::Close, reporter.send_failed(&interrupted)).await {
        Ok(Sent::Applied) => return clean(hand).await,
        Ok(Sent::Reading(task)) if task.status == TaskStatus::Failed => return clean(hand).await,
        Ok(Sent::Reading(task)) if task.status == TaskStatus::CredentialsCreated => {
            return published(reporter, timeline, hand, &task).await;
        }
        _ => {}
    }
    match read(reporter, timeline).await {
        Known::Published(task) => published(reporter, timeline, hand, &task).await,
        Known::Failed => clean(hand).await,
        Known::Gone | Known::Open => leave(hand),
    }
}

/// A version owns the credential that it names; whatever else this task has made has no owner. Nobody is sure that there
/// is nothing else while the versions or the leftovers cannot be listed.
async fn published<P: CredentialsProvider>(
    reporter: &Reporter,
    timeline: &Timeline,
    hand: &Hand<'_, P>,
    task: &Task,
) -> (Outcome, Exit) {
    let owner = timeline.reserve(Slice::Look, owner(reporter, task)).await.unwrap_or(Owner::Unreadable);
    let clean = match &owner {
        Owner::Named(owner) => hand.clean_all_but(Some(owner)).await,
        Owner::Unnamed => hand.clean_all_but(None).await,
        Owner::Unreadable => false,
    };
    if clean {
        return (Outcome::CredentialsCreated, Exit::Done);
    }
    let marker = hand.job.task_marker();
    let owner = if let Owner::Named(owner) = &owner { owner } else { "unknown" };
    tracing::error!(
        event = "orphaned_credentials",
        marker = marker.as_str(),
        owner,
        "the task is published: keep the credential that its version names (`owner`); any other whose marker begins with this one has no owner, delete it by hand"
    );
    (Outcome::CredentialsCreated, Exit::Orphan)
}

async fn read(reporter: &Reporter, timeline: &Timeline) -> Known {
    match timeline.reserve(Slice::Look, reporter.read()).await {
        Ok(Ok(task)) => match task.status {
            TaskStatus::CredentialsCreated => Known::Published(task),
            TaskStatus::Failed => Known::Failed,
            _ => Known::Open,
        },
        Ok(Err(error)) if error.status() == Some(404) => Known::Gone,
        Ok(Err(_)) | Err(_) => Known::Open,
    }
}

async fn clean<P: CredentialsProvider>(hand: &Hand<'_, P>) -> (Outcome, Exit) {
    match hand.clean(Search::Task(&hand.job.task_marker())).await {
        Cleaned::NothingFound | Cleaned::Deleted => (Outcome::Failed, Exit::Done),
        Cleaned::NotClean => (Outcome::Orphaned, Exit::Orphan),
    }
}

fn leave<P: CredentialsProvider>(hand: &Hand<'_, P>) -> (Outcome, Exit) {
    let marker = hand.job.task_marker();
    tracing::error!(
        event = "outcome_unknown",
        marker = marker.as_str(),
        "the task cannot be read or closed; a credential that begins with this marker may belong to a version: nothing was deleted"
    );
    (Outcome::Kept, Exit::Kept)
}
