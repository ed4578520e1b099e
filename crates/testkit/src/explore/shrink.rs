//! Makes a failing schedule as short and plain as it gets.

use super::fault::Fault;
use super::history;
use super::oracle::Broken;
use super::scene::Scene;
use super::schedule::{Act, Item, Place, Schedule};

/// The plainest schedule that breaks the promise in the same way.
pub(crate) fn shrink(scene: &Scene, schedule: &Schedule, broken: &Broken) -> Schedule {
    let fails =
        |schedule: &Schedule| history::live(scene, schedule).verdict.broken.iter().any(|found| found.is_like(broken));
    let mut best = schedule.clone();
    while let Some(plainer) = plainer(&best).into_iter().find(|plainer| fails(plainer)) {
        best = plainer;
    }
    best
}

/// Schedules one step plainer than this one. Each step leads to a smaller one in a fixed order, so that shrinking ends.
fn plainer(schedule: &Schedule) -> Vec<Schedule> {
    let items = schedule.items();
    let shorter = (0..items.len()).map(|at| schedule.without(at));
    let plainer = items
        .iter()
        .enumerate()
        .flat_map(|(at, item)| plainer_items(*item).into_iter().map(move |item| schedule.replacing(at, item)));
    shorter.chain(plainer).collect()
}

fn plainer_items(item: Item) -> Vec<Item> {
    let mut items = Vec::new();
    if let Place::From(slot) = item.place {
        items.push(Item { place: Place::At(slot), ..item });
    }
    if let Act::Fault(fault) = item.act {
        items.extend(plainer_faults(fault).into_iter().map(|fault| Item { act: Act::Fault(fault), ..item }));
    }
    items
}

fn plainer_faults(fault: Fault) -> Vec<Fault> {
    match fault {
        Fault::Hang | Fault::Status(503) | Fault::Page => vec![Fault::Lost],
        Fault::HangApplied | Fault::Applied(_) | Fault::Garbled => vec![Fault::AnswerLost],
        Fault::Status(500 | 502 | 504 | 408 | 302) => vec![Fault::Lost, Fault::Status(503)],
        Fault::Status(409 | 422) => vec![Fault::Status(403)],
        Fault::Busy(status, _) => vec![Fault::Status(status)],
        Fault::Status(429) => vec![Fault::NotSent],
        Fault::Late(seconds) if seconds > 1 => vec![Fault::AnswerLost, Fault::Late(seconds / 2)],
        Fault::Twice(seconds) if seconds > 1 => vec![Fault::Twice(seconds / 2)],
        _ => Vec::new(),
    }
}
