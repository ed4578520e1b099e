//! Creating: at most two attempts, and the creation outcome rule (DESIGN 6).

use std::time::Duration;

use credjob_contract::{Failure, Marker};

use super::clean::{Cleaned, Search};
use super::step::caught;
use super::timeline::ROTATE_AGAIN;
use super::undo::{Hand, log_failure};
use crate::{Created, CredentialsProvider};

/// A second attempt is only worth starting with this much time before the reserve.
const SECOND_ATTEMPT_NEEDS: Duration = Duration::from_secs(10);

/// How creating ended.
pub(crate) struct Creation<C> {
    pub(crate) result: Result<Created<C>, Failure>,
    /// The first of two attempts: looked for once more when the run ends.
    pub(crate) lost: Option<Lost>,
    /// Whether something may be left that could not be cleaned up. Its marker is in the log.
    pub(crate) orphan: bool,
}

/// An attempt whose answer was lost, and what the clean-up after it came to.
pub(crate) struct Lost {
    pub(crate) marker: Marker,
    pub(crate) cleaned: Cleaned,
}

/// How one attempt ended that did not create.
struct Missed {
    failure: Failure,
    after: After,
}

enum After {
    /// Nothing is left, and there is no reason to try again.
    Clean,
    /// A lost answer, cleaned up after: worth a second attempt.
    Lost(Lost),
    /// Something may be left.
    NotClean,
}

impl After {
    /// Whether something may be left, if this is the last word; the log then names it. A create that is still on its way may land after the
    /// last listing, unless it was seen.
    fn log_if_left(&self) -> bool {
        match self {
            Self::NotClean => true,
            Self::Lost(lost) if lost.cleaned == Cleaned::NothingFound => {
                Search::Attempt(&lost.marker).log_orphan();
                true
            }
            Self::Clean | Self::Lost(_) => false,
        }
    }
}

impl<P: CredentialsProvider> Hand<'_, P> {
    /// Creates one credential; a single lost answer does not fail the task.
    pub(crate) async fn create(&self) -> Creation<P::Credentials> {
        match self.attempt().await {
            Ok(created) => Creation { result: Ok(created), lost: None, orphan: false },
            Err(Missed { after: After::Lost(lost), .. }) if self.timeline.may_work(SECOND_ATTEMPT_NEEDS) => {
                self.second_attempt(lost).await
            }
            Err(Missed { failure, after }) => {
                Creation { result: Err(failure), lost: None, orphan: after.log_if_left() }
            }
        }
    }

    async fn second_attempt(&self, first: Lost) -> Creation<P::Credentials> {
        tracing::warn!(
            event = "create_again",
            marker = first.marker.as_str(),
            "the answer to creating was lost and nothing is left of it; creating once more"
        );
        let (result, orphan) = match self.attempt().await {
            Ok(created) => (Ok(created), false),
            Err(Missed { failure, after }) => (Err(failure), after.log_if_left()),
        };
        Creation { result, lost: Some(first), orphan }
    }

    async fn attempt(&self) -> Result<Created<P::Credentials>, Missed> {
        self.job.begin_attempt();
        let ended = self.timeline.work("create", caught(async { self.provider.create(self.job).await })).await;
        let (failure, cut) = match ended {
            Ok(Ok(created)) => return Ok(created),
            Ok(Err(failure)) => (failure, false),
            Err(cut) => (cut.failure("creating the credential", ROTATE_AGAIN), true),
        };
        log_failure("creating", &failure);
        let after = self.after_missed(&failure, cut).await;
        Err(Missed { failure, after })
    }

    /// The creation outcome rule: what may exist, and what of it could be cleaned up.
    async fn after_missed(&self, failure: &Failure, cut: bool) -> After {
        let Some(marker) = self.job.attempt_marker() else { return After::Clean };
        let creating = self.job.http().ledger().creating();
        let none_arrived = creating.sent() > 0 && creating.all_not_sent_or_refused();
        if failure.is_nothing_created() || none_arrived {
            return After::Clean;
        }
        // A cut step without a creating request of ours may have been in the middle of somebody else's protocol.
        let unknown = failure.is_outcome_unknown() || creating.any_unknown() || cut;
        match self.clean(Search::Attempt(&marker)).await {
            Cleaned::NotClean => After::NotClean,
            cleaned if unknown => After::Lost(Lost { marker, cleaned }),
            Cleaned::NothingFound | Cleaned::Deleted => After::Clean,
        }
    }
}
