//! Publishing a new credential: publish, close, look (the tables of DESIGN 6).

use std::time::Duration;

use credjob_client::{Task, TaskUpdate};
use credjob_contract::{CredentialsId, Failure, TaskStatus, codes};

use super::reporter::{Reporter, Sent};
use super::timeline::{ROTATE_AGAIN, Slice, Timeline};

/// A non-final reading counts only when two reads this far apart agree (DESIGN 6).
const READ_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// What is to be done with the credential after publishing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A version owns it.
    Published,
    /// No version owns it, and none ever will.
    Undo,
    /// A version may own it: leave it alone.
    Keep,
}

/// Publishes `update`, and decides by the service's answers what becomes of the credential `id`.
pub(crate) async fn publish(
    reporter: &Reporter,
    timeline: &Timeline,
    update: &TaskUpdate<'_>,
    id: &CredentialsId,
) -> Verdict {
    let why = match timeline.work("publish", reporter.send(update)).await {
        Ok(Sent::Applied) => return Verdict::Published,
        Ok(Sent::RefusedForGood) => return look(reporter, timeline, id).await,
        Ok(Sent::Reading(task)) => return judge_in_time(reporter, timeline, &task, id).await,
        Ok(Sent::Refused) => Failure::new(
            codes::PUBLISH_REFUSED,
            "Secrets Manager refused the new credential; give the job's service ID the role SecretTaskUpdater on the secret's group",
        ),
        Err(cut) => cut.failure("publishing the new credential", ROTATE_AGAIN),
    };
    match timeline.reserve(Slice::Close, reporter.send_failed(&why)).await {
        Ok(Sent::Applied) => Verdict::Undo,
        Ok(Sent::Reading(task)) => judge_in_time(reporter, timeline, &task, id).await,
        Ok(Sent::RefusedForGood | Sent::Refused) | Err(_) => look(reporter, timeline, id).await,
    }
}

async fn look(reporter: &Reporter, timeline: &Timeline, id: &CredentialsId) -> Verdict {
    let seen = timeline.reserve(Slice::Look, read_and_judge(reporter, id)).await;
    seen.ok().flatten().unwrap_or_else(|| in_doubt(reporter))
}

async fn judge_in_time(reporter: &Reporter, timeline: &Timeline, task: &Task, id: &CredentialsId) -> Verdict {
    let seen = timeline.reserve(Slice::Look, judge(reporter, task, id)).await;
    // Cut while asking for the versions: the task is published, nobody knows with what.
    let unasked = if task.status == TaskStatus::CredentialsCreated { Verdict::Keep } else { in_doubt(reporter) };
    seen.ok().flatten().unwrap_or(unasked)
}

async fn read_and_judge(reporter: &Reporter, id: &CredentialsId) -> Option<Verdict> {
    let mut reading = reporter.read().await;
    if reading.as_ref().is_ok_and(|task| !task.status.is_final()) {
        tokio::time::sleep(READ_AGAIN_AFTER).await;
        reading = reporter.read().await;
    }
    match reading {
        Ok(task) => judge(reporter, &task, id).await,
        Err(error) if error.status() == Some(404) && reporter.refused_for_good() == Some(404) => {
            // A gateway may answer 404 while the service fails over. So the version list decides if it names our id, and a
            // list without it proves nothing while a publish may still land.
            let versions = reporter.versions().await.ok()?;
            versions
                .iter()
                .any(|version| version.credentials_id.as_deref() == Some(id.as_str()))
                .then_some(Verdict::Keep)
        }
        Err(_) => None,
    }
}

/// What a reading of the task says about the credential; `None` when it says nothing.
async fn judge(reporter: &Reporter, task: &Task, id: &CredentialsId) -> Option<Verdict> {
    match task.status {
        TaskStatus::Failed => Some(Verdict::Undo),
        TaskStatus::CredentialsCreated => Some(match owner(reporter, task).await {
            Owner::Unnamed => Verdict::Published,
            Owner::Named(owner) if owner == id.as_str() => Verdict::Published,
            Owner::Named(_) => Verdict::Undo,
            Owner::Unreadable => Verdict::Keep,
        }),
        TaskStatus::Queued | TaskStatus::Processing | TaskStatus::CredentialsDeleted => None,
    }
}

/// Whose credential a published task has.
pub(crate) enum Owner {
    /// The task names no version, or the version no credential: it is the one that was published.
    Unnamed,
    /// The version that the task names carries this credentials id.
    Named(String),
    /// The versions cannot be read, or do not show the named one.
    Unreadable,
}

/// Asks the version that a published task names; twice, if a replica lags.
pub(crate) async fn owner(reporter: &Reporter, task: &Task) -> Owner {
    let Some(version_id) = &task.secret_version_id else { return Owner::Unnamed };
    for pause in [Duration::ZERO, READ_AGAIN_AFTER] {
        tokio::time::sleep(pause).await;
        let Ok(versions) = reporter.versions().await else { return Owner::Unreadable };
        if let Some(named) = versions.into_iter().find(|version| version.id == *version_id) {
            return named.credentials_id.map_or(Owner::Unnamed, Owner::Named);
        }
    }
    Owner::Unreadable
}

fn in_doubt(reporter: &Reporter) -> Verdict {
    if reporter.publish_unknown() { Verdict::Keep } else { Verdict::Undo }
}
