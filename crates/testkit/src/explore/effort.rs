//! How much is tried.

use super::call::{Call, Party};
use super::event::Event;
use super::fault::{Fault, Protocol};
use super::ground::Step;
use super::schedule::{Act, Item, Place, Schedule};

/// Which schedules are tried: what may go wrong first, what after that, and so on.
///
/// Exhaustive in this sense: each schedule is lived through, and each call that was then made after its last item is a
/// place for one more item. So every pair holds the calls that only the first item brought about: retries, looks, undo,
/// re-runs.
#[derive(Debug, Clone)]
pub struct Effort {
    depths: Vec<Breadth>,
    first: Option<Call>,
}

/// What may go wrong at one depth.
#[derive(Debug, Clone)]
struct Breadth {
    /// Which schedules go on at all: by what went wrong last.
    after: After,
    /// Which faults happen once.
    once: Faults,
    /// Which faults happen for ever.
    lasting: Faults,
    /// SIGKILL, SIGTERM, and what happens to the task.
    events: bool,
    /// A second instance.
    twins: bool,
    /// How many calls of a kind of one process are places.
    calls: u16,
    /// Only calls of the publish and undo paths; whatever comes first may be anywhere.
    paths: bool,
}

/// After what something more may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// Anything.
    All,
    /// Any fault that happens once, any event, and one outage of each kind.
    AllButOutages,
    /// One fault and one outage of each kind, and any event.
    Representative,
    /// Any fault that happens once.
    Once,
    /// One fault of each kind.
    Faults,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Faults {
    All,
    Representative,
    None,
}

/// The calls of the publish and undo paths.
const PATHS: [Call; 4] = [Call::Update, Call::ReadTask, Call::Versions, Call::Delete];

const SINGLES: Breadth = Breadth {
    after: After::All,
    once: Faults::All,
    lasting: Faults::All,
    events: true,
    twins: true,
    calls: 3,
    paths: false,
};

/// Every fault and event once, and one of each kind for ever.
const PAIRS: Breadth =
    Breadth { after: After::AllButOutages, lasting: Faults::Representative, twins: false, ..SINGLES };

/// One fault of each kind.
const FEW: Breadth = Breadth {
    after: After::Representative,
    once: Faults::Representative,
    lasting: Faults::None,
    events: true,
    twins: false,
    calls: 3,
    paths: false,
};

/// Every fault once, on the publish and undo paths.
const ON_PATHS: Breadth =
    Breadth { after: After::Once, lasting: Faults::None, events: false, twins: false, paths: true, ..SINGLES };

impl Effort {
    /// Every fault and event at every call, once and for ever.
    pub fn singles() -> Self {
        Self::of(vec![SINGLES])
    }

    /// Singles, and pairs of faults that differ in kind, at the first call of each kind.
    pub fn brief() -> Self {
        Self::of(vec![SINGLES, Breadth { after: After::Faults, events: false, calls: 1, ..FEW }])
    }

    /// Singles, and pairs of faults, outages and events that differ in kind.
    pub fn quick() -> Self {
        Self::of(vec![SINGLES, FEW])
    }

    /// Singles, all pairs, and triples of faults that differ in kind on the publish and undo paths.
    pub fn standard() -> Self {
        Self::of(vec![SINGLES, PAIRS, Breadth { events: false, paths: true, ..FEW }])
    }

    /// Singles, all pairs, and every triple that faults on the publish and undo paths make with a fault that came first,
    /// there or anywhere.
    pub fn triples() -> Self {
        Self::of(vec![SINGLES, PAIRS, ON_PATHS])
    }

    /// All pairs, also of outages and beside a second instance, and all triples on the publish and undo paths.
    pub fn full() -> Self {
        Self::of(vec![SINGLES, SINGLES, Breadth { paths: true, ..PAIRS }])
    }

    /// Singles, and pairs and triples of faults and events that differ in kind, at every call.
    pub fn deep() -> Self {
        Self::of(vec![SINGLES, FEW, FEW])
    }

    /// The effort with this name: `singles`, `brief`, `quick`, `standard`, `triples`, `full` or `deep`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "singles" => Self::singles(),
            "brief" => Self::brief(),
            "quick" => Self::quick(),
            "standard" => Self::standard(),
            "triples" => Self::triples(),
            "full" => Self::full(),
            "deep" => Self::deep(),
            _ => return None,
        })
    }

    /// Only schedules whose first item is at a call of this kind.
    pub fn starting_at(mut self, call: Call) -> Self {
        self.first = Some(call);
        self
    }

    fn of(depths: Vec<Breadth>) -> Self {
        Self { depths, first: None }
    }

    /// What may go wrong after what is in `schedule`, whose history made these calls. Nothing at the last depth.
    pub(crate) fn items(&self, schedule: &Schedule, steps: &[Step], protocol: Protocol) -> Vec<Item> {
        let Some(breadth) = self.depths.get(schedule.items().len()) else { return Vec::new() };
        let mut items = breadth.items(schedule, steps, protocol);
        if let (Some(first), []) = (self.first, schedule.items()) {
            items.retain(|item| item.place.call() == Some(first));
        }
        items
    }
}

impl After {
    fn includes(self, item: Item) -> bool {
        match (item.act, item.place) {
            (_, Place::Always(_) | Place::From(_)) | (Act::Event(_), _)
                if matches!(self, Self::Once | Self::Faults) =>
            {
                false
            }
            (Act::Event(_), _) | (_, Place::Always(_)) => true,
            (Act::Fault(fault), Place::From(_)) => self == Self::All || fault.is_representative_outage(),
            (Act::Fault(fault), Place::At(_)) => {
                matches!(self, Self::All | Self::AllButOutages | Self::Once) || fault.is_representative()
            }
        }
    }
}

impl Breadth {
    /// What may go wrong after what is in `schedule`, whose history made these calls.
    fn items(&self, schedule: &Schedule, steps: &[Step], protocol: Protocol) -> Vec<Item> {
        let mut items = Vec::new();
        if schedule.items().is_empty() && self.lasting != Faults::None {
            items.extend(outages());
        }
        let goes_on = schedule.items().iter().all(|item| self.after.includes(*item));
        if !goes_on || (self.paths && !schedule.items().iter().skip(1).all(|item| is_on_paths(*item))) {
            return items;
        }
        let (from, last) = match schedule.items().last() {
            None => (0, None),
            Some(last) if matches!(last.place, Place::Always(_)) => (0, None),
            Some(last) => match steps.iter().position(|step| last.place.includes(step.slot)) {
                Some(at) => (at, Some(*last)),
                // It never came to pass: nothing can follow it.
                None => return items,
            },
        };
        for (at, step) in steps.iter().enumerate().skip(from) {
            if step.slot.nth > self.calls || (self.paths && !PATHS.contains(&step.slot.call)) {
                continue;
            }
            match last {
                Some(last) if at == from => items.extend(self.beside(last, step)),
                _ => items.extend(self.at(step, protocol)),
            }
        }
        items
    }

    /// What may go wrong at a call.
    fn at(&self, step: &Step, protocol: Protocol) -> Vec<Item> {
        let slot = step.slot;
        let mut items = Vec::new();
        for fault in Fault::of(slot.call, protocol) {
            let act = Act::Fault(fault);
            if self.once.include(fault.is_representative()) {
                items.push(Item { place: Place::At(slot), act });
            }
            if fault.can_last() && self.lasting.include(fault.is_representative_outage()) {
                items.push(Item { place: Place::From(slot), act });
            }
        }
        let changes = slot.call.changes();
        let simple = Event::simple(changes).into_iter().filter(|_| self.events);
        let twins = Event::twins(changes).into_iter().filter(|_| self.twins);
        items.extend(simple.chain(twins).map(|event| Item { place: Place::At(slot), act: Act::Event(event) }));
        items
    }

    /// What may go wrong at the call where something goes wrong already.
    fn beside(&self, last: Item, step: &Step) -> Vec<Item> {
        let Act::Fault(_) = last.act else { return Vec::new() };
        let events = Event::simple(step.slot.call.changes()).into_iter();
        let events = events.filter(|event| self.events && event.goes_with_a_fault());
        events.map(|event| Item { place: Place::At(step.slot), act: Act::Event(event) }).collect()
    }
}

impl Faults {
    fn include(self, representative: bool) -> bool {
        match self {
            Self::All => true,
            Self::Representative => representative,
            Self::None => false,
        }
    }
}

/// A whole party is out for ever.
fn outages() -> Vec<Item> {
    let faults = [Fault::NotSent, Fault::Hang, Fault::Status(503), Fault::Status(403), Fault::Page];
    let items = Party::ALL
        .into_iter()
        .flat_map(|party| faults.map(|fault| Item { place: Place::Always(party), act: Act::Fault(fault) }));
    items.collect()
}

/// Whether an item is a single fault of the publish or undo path.
fn is_on_paths(item: Item) -> bool {
    match (item.place, item.act) {
        (Place::At(slot), Act::Fault(_)) => PATHS.contains(&slot.call),
        _ => false,
    }
}
