//! A schedule: what goes wrong, and when.
//!
//! Its text is what a replay takes: items separated by spaces, each `where=what`.
//!
//! | Where | Means |
//! |---|---|
//! | `1.update#2` | the second task update of the first process |
//! | `1.update#2..` | that one and every later task update, of later processes too |
//! | `all-system..` | every call to the external system (`all-service`, `all-iam` likewise) |
//!
//! What: a [`Fault`] or an [`Event`].

mod text;

pub use self::text::ScheduleError;
use super::call::{Call, Party};
use super::event::Event;
use super::fault::Fault;

/// What goes wrong in one history. Empty: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Schedule(Vec<Item>);

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Item {
    /// Where.
    pub place: Place,
    /// What.
    pub act: Act,
}

/// Where something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// At one call.
    At(Slot),
    /// At this call and every later one of its kind.
    From(Slot),
    /// At every call that one party answers.
    Always(Party),
}

/// One call of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The process, counted from 1 in the order of their starts.
    pub process: u8,
    /// The kind.
    pub call: Call,
    /// Which of its calls of this kind, counted from 1.
    pub nth: u16,
}

/// What happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Something happens to the call.
    Fault(Fault),
    /// Something happens to the process or the task.
    Event(Event),
}

impl Schedule {
    /// The items.
    pub fn items(&self) -> &[Item] {
        &self.0
    }

    /// This schedule and one more item.
    pub(crate) fn with(&self, item: Item) -> Self {
        let mut items = Vec::with_capacity(self.0.len() + 1);
        items.extend_from_slice(&self.0);
        items.push(item);
        Self(items)
    }

    /// This schedule without one item.
    pub(crate) fn without(&self, at: usize) -> Self {
        let mut items = self.0.clone();
        items.remove(at);
        Self(items)
    }

    /// This schedule with another item in one's place.
    pub(crate) fn replacing(&self, at: usize, item: Item) -> Self {
        let mut items = self.0.clone();
        items[at] = item;
        Self(items)
    }

    /// What the schedule is about, without numbers: two of the same shape mostly say the same.
    pub(crate) fn shape(&self) -> String {
        self.0.iter().map(Item::shape).collect::<Vec<_>>().join(" ")
    }

    /// What happens at one call.
    pub(crate) fn at(&self, slot: Slot) -> impl Iterator<Item = Act> + '_ {
        self.0.iter().filter(move |item| item.place.includes(slot)).map(|item| item.act)
    }
}

impl Item {
    fn shape(&self) -> String {
        let act = match self.act {
            // Where a second instance starts says little.
            Act::Event(Event::Twin(_) | Event::TwinApplied(_)) => return "twin".to_owned(),
            Act::Event(Event::Kill | Event::KillApplied) => "kill".to_owned(),
            Act::Event(Event::Term | Event::TermCut | Event::TermCutApplied | Event::TermLater) => "term".to_owned(),
            Act::Fault(Fault::Status(400..500)) => "refused".to_owned(),
            act => act.to_string().split(':').next().unwrap_or_default().to_owned(),
        };
        match self.place.call() {
            Some(call) => format!("{call}={act}"),
            None => format!("{}={act}", self.place),
        }
    }
}

impl Place {
    /// Whether `slot` is here. Processes run one after the other, so a later process is later for every kind of call.
    pub(crate) fn includes(self, slot: Slot) -> bool {
        match self {
            Self::At(here) => here == slot,
            Self::From(here) => here.call == slot.call && (here.process, here.nth) <= (slot.process, slot.nth),
            Self::Always(party) => slot.call.party() == party,
        }
    }

    /// The kind of call, if it is of one kind.
    pub(crate) fn call(self) -> Option<Call> {
        match self {
            Self::At(slot) | Self::From(slot) => Some(slot.call),
            Self::Always(_) => None,
        }
    }

    /// Whether this is for ever.
    pub(crate) fn lasts(self) -> bool {
        !matches!(self, Self::At(_))
    }
}

impl FromIterator<Item> for Schedule {
    fn from_iter<T: IntoIterator<Item = Item>>(items: T) -> Self {
        Self(items.into_iter().collect())
    }
}
