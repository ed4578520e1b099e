//! Every pair of faults over the calls of a run: `Seen::judge` decides. (Triples, kills
//! and delayed duplicates are the business of the full exploration.)

use std::time::Duration;

use crate::fake::{Call, Fault};
use crate::model::Run;

/// Without lies that no client sees through: a definite refusal of what was applied.
const FAULTS: [Fault; 19] = [
    Fault::NotSent,
    Fault::RequestLost,
    Fault::ResponseLost,
    Fault::Hang,
    Fault::HangAfter,
    Fault::AppliedLate(Duration::from_secs(3)),
    Fault::AppliedLate(Duration::from_secs(40)),
    Fault::Status(302),
    Fault::Status(400),
    Fault::Status(401),
    Fault::Status(403),
    Fault::Status(404),
    Fault::Status(409),
    Fault::Status(429),
    Fault::Status(500),
    Fault::Status(503),
    Fault::StatusAfter(503),
    Fault::Html,
    Fault::HtmlAfter,
];

const CALLS: [Call; 7] =
    [Call::Token, Call::Update, Call::Read, Call::Versions, Call::Create, Call::Delete, Call::List];

/// Runs all schedules whose first fault, in the order of [`CALLS`], meets `first_call`. Two different calls have queues of
/// their own, so their order says nothing; two faults of one call come one after the other.
fn pairs_from(first_call: Call, variant: fn(Run) -> Run) {
    for second_call in CALLS.into_iter().filter(|call| *call >= first_call) {
        for first in FAULTS {
            for second in FAULTS {
                let run = variant(Run::create().shortest_log()).fake(|fake| {
                    fake.script(first_call, &[first]).script(second_call, &[second]);
                });
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.live()))
                    .unwrap_or_else(|_| panic!("{first_call:?} {first:?}, {second_call:?} {second:?}"));
            }
        }
    }
}

fn plain(run: Run) -> Run {
    run
}

#[test]
fn pairs_with_the_token_call_keep_the_promise() {
    pairs_from(Call::Token, plain);
}

#[test]
fn pairs_with_the_update_call_keep_the_promise() {
    pairs_from(Call::Update, plain);
}

#[test]
fn pairs_with_the_read_call_keep_the_promise() {
    pairs_from(Call::Read, plain);
}

#[test]
fn pairs_with_the_create_call_keep_the_promise() {
    pairs_from(Call::Create, plain);
}

#[test]
fn pairs_without_the_role_to_read_keep_the_promise() {
    pairs_from(Call::Update, |run| {
        run.fake(|fake| {
            fake.always(Call::Read, Fault::Status(403)).always(Call::Versions, Fault::Status(403));
        })
    });
}

#[test]
fn pairs_without_leftovers_keep_the_promise() {
    pairs_from(Call::Create, |run| run.model(|model| model.unsupported = true));
}
