//! What one more try cannot save: the exceptions of "every run that one retry can save is saved", by rule.

use std::fmt;

use super::super::call::{Call, Party};
use super::super::fault::Fault;
use super::super::scene::Scene;
use super::super::schedule::{Act, Item, Schedule};
use super::super::service::Asks;

/// Why a run may fail under a single fault that is over at the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hopeless {
    /// IAM or the external system has refused the login. Trying a login again that was called wrong locks accounts, and
    /// nothing tells it from one that is wrong.
    LoginRefused,
    /// Whether the credential exists is unknown, and the provider cannot list: a second one beside it would be an orphan.
    CannotLook,
    /// The provider's error does not say that the outcome is unknown; after a plain error there is no second attempt.
    PlainError,
    /// An error while deleting is reported, and Secrets Manager asks again tomorrow, for ten days (PROTOCOL 2.2).
    AskedAgain,
}

impl Hopeless {
    /// The reason that a run under this schedule, a single transient fault, has not to be saved; `None` if there is none.
    pub(crate) fn of(scene: &Scene, schedule: &Schedule) -> Option<Self> {
        let [Item { place, act: Act::Fault(fault) }] = schedule.items() else { return None };
        let call = place.call()?;
        let may_have_created = call == Call::Create && fault.leaves_doubt();
        if *fault == Fault::Status(401) && call.party() != Party::Service {
            Some(Self::LoginRefused)
        } else if scene.asks == Asks::Delete && call == Call::Delete {
            Some(Self::AskedAgain)
        } else if may_have_created && !scene.leftovers {
            Some(Self::CannotLook)
        } else if may_have_created && !scene.tells_unknown {
            Some(Self::PlainError)
        } else {
            None
        }
    }

    /// The reason in a few words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LoginRefused => "the login was refused",
            Self::CannotLook => "a create may have been applied, and the provider cannot list",
            Self::PlainError => "a create failed, and its error does not say that the outcome is unknown",
            Self::AskedAgain => "deleting failed: Secrets Manager asks again",
        }
    }
}

impl fmt::Display for Hopeless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
