//! When something may be left behind: the exceptions of lines 2 and 4 of the promise, stated precisely.

use std::fmt;

use super::super::call::{Call, Party};
use super::super::fault::Fault;
use super::super::ground::Birth;
use super::super::history::Ran;
use super::super::log::Line;
use super::super::schedule::Act;
use super::Evidence;

/// Why something was left behind. All but the limits need exit code 4 or 5 and a log event with the id or the marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Excuse {
    /// The last run was killed, and no re-run is left.
    Killed,
    /// The credential came to be after the last time that any run looked.
    LateCreate,
    /// The external system could not be asked: each run after the credential came to be met a fault there.
    Unreachable,
    /// The task is published, and nobody could ask whose credential its version owns: the last run met a fault there.
    OwnerUnknown,
    /// The provider cannot list, so that nobody can look.
    NoLeftovers,
    /// Whether it is published stayed unknown: the last run ended with 5.
    PublishUnknown,
    /// The service could not be told: the last run met a fault there.
    ServiceUnreachable,
    /// A limit: the request was answered as usual and applied a second time; nobody looks after a good answer.
    RepeatedCreate,
    /// A limit: the task is published by a second attempt, and what the first made landed after the last look. Exit code
    /// 0; the event `create_again` names the marker.
    LateBesidePublished,
    /// A limit: the request of a killed run landed after the re-run had looked. Exit code 0; only the event `creating` of
    /// the killed run names the marker.
    LateAfterKill,
    /// A limit: the provider did not say that the outcome was unknown, and its request landed after the last look. Exit
    /// code 0; the event `creating` names the marker.
    LateAfterPlainError,
}

impl Excuse {
    /// Why a credential without an owner is excused; `None` if it is not.
    pub(super) fn of_orphan(evidence: &Evidence<'_>, birth: &Birth) -> Option<Self> {
        let last = evidence.runs.last()?;
        if last.exit.is_none() {
            return Some(Self::Killed);
        }
        let late = birth.at > evidence.ground.last_look().unwrap_or(last.ended);
        if !evidence.names(birth) {
            return Self::limit(evidence, birth, late);
        }
        if late && evidence.scene.leftovers {
            Some(Self::LateCreate)
        } else if last.exit == Some(5) {
            Some(Self::PublishUnknown)
        } else if evidence.ground.has_outage(Self::keeps_from_the_system)
            || evidence.every_run_since(birth, Self::keeps_from_the_system)
        {
            Some(Self::Unreachable)
        } else if !evidence.scene.leftovers {
            Some(Self::NoLeftovers)
        } else {
            evidence.met(last, |call| matches!(call, Call::ReadTask | Call::Versions)).then_some(Self::OwnerUnknown)
        }
    }

    fn limit(evidence: &Evidence<'_>, birth: &Birth, late: bool) -> Option<Self> {
        if birth.again {
            return Some(Self::RepeatedCreate);
        }
        if !late {
            return None;
        }
        let says = |event: &str| evidence.lines_of(birth.process).any(|line| line.event == event && fits(line, birth));
        let killed = evidence.runs.iter().any(|run| run.process == birth.process && run.exit.is_none());
        if killed {
            return says("creating").then_some(Self::LateAfterKill);
        }
        let published = evidence.ground.service.owned().is_some();
        if published && says("create_again") {
            return Some(Self::LateBesidePublished);
        }
        (!evidence.scene.tells_unknown && says("creating")).then_some(Self::LateAfterPlainError)
    }

    /// Why an open task is excused; `None` if it is not.
    pub(super) fn of_silence(evidence: &Evidence<'_>) -> Option<Self> {
        let last = evidence.runs.last()?;
        match last.exit {
            None => Some(Self::Killed),
            // Said before: exit code 0 and an open task is a broken promise of its own.
            Some(0) => Some(Self::ServiceUnreachable),
            Some(_) if evidence.met(last, |call| matches!(call, Call::Token | Call::Update | Call::ReadTask)) => {
                Some(Self::ServiceUnreachable)
            }
            Some(_) => None,
        }
    }

    /// What a run needs to reach the external system: the login, too.
    fn keeps_from_the_system(call: Call) -> bool {
        call.party() == Party::System || matches!(call, Call::Token | Call::ReadSecret)
    }

    /// Whether this is no exception of the promise but a limit of what any job can see.
    pub fn is_limit(self) -> bool {
        self >= Self::RepeatedCreate
    }

    /// The name in counts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Killed => "killed without a re-run left",
            Self::LateCreate => "a create landed after the last look",
            Self::Unreachable => "the external system stayed unreachable",
            Self::OwnerUnknown => "nobody could ask which credential the version owns",
            Self::NoLeftovers => "the provider cannot list",
            Self::PublishUnknown => "the publish outcome stayed unknown",
            Self::ServiceUnreachable => "the service stayed unreachable",
            Self::RepeatedCreate => "limit: a create was applied again after its good answer",
            Self::LateBesidePublished => "limit: a lost create landed after a second attempt was published",
            Self::LateAfterKill => "limit: the create of a killed run landed after the re-run had looked",
            Self::LateAfterPlainError => {
                "limit: a create landed late whose error did not say that the outcome is unknown"
            }
        }
    }
}

impl Evidence<'_> {
    /// Whether each run that was there after the credential came to be met a fault at such a call.
    fn every_run_since(&self, birth: &Birth, fits: fn(Call) -> bool) -> bool {
        self.runs.iter().filter(|run| run.ended >= birth.at).all(|run| self.met(run, fits))
    }

    /// Whether a run met a fault at such a call.
    fn met(&self, run: &Ran, fits: impl Fn(Call) -> bool) -> bool {
        let steps = self.ground.steps();
        steps.iter().filter(|step| step.slot.process == run.process && fits(step.slot.call)).any(|step| {
            step.acts.iter().any(|act| match act {
                Act::Fault(fault) => fault.hides_the_answer() || *fault == Fault::Lag,
                Act::Event(_) => true,
            })
        })
    }
}

/// Whether a line names the marker of a credential.
fn fits(line: &Line, birth: &Birth) -> bool {
    line.marker.as_ref().is_some_and(|marker| birth.live.marker.starts_with(marker))
}

impl fmt::Display for Excuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
