//! The kit itself: a provider that keeps the rules passes, and each wrong one fails the test that is there for it.

mod mistakes;
mod raw;
mod system;
mod wrong;

use std::marker::PhantomData;

use super::mishap::{Mishap, Step};
use super::order::Order;
use super::{About, Kit, Notice, Verdict, checks};
use raw::{Lines, Raw};
use system::{Shelf, WrongfulShelf};
use wrong::{BadCodes, Bare, DeadCodes, Model, Wrong};

/// The package has no README and no `job_config.json`.
const NOWHERE: &str = "/nonexistent";

/// Runs one check of a provider that keeps all rules, or is wrong in one point.
macro_rules! check {
    ($check:ident, $wrong:expr) => {
        Kit::<Model, Shelf>::new(|| Model { wrong: $wrong }, NOWHERE)
            .try_check(async |bench| checks::$check(bench).await)
    };
}

#[test]
fn a_parameter_that_is_not_declared_is_found() {
    let kit = Kit::<Model, WrongfulShelf>::new(|| Model { wrong: Wrong::Nothing }, NOWHERE);
    let found = kit.try_check(async |bench| checks::the_schema_survives_a_round_trip(bench).await);
    assert!(found.is_err());
}

#[test]
fn codes_that_are_malformed_are_found() {
    let kit = Kit::<Bare<BadCodes>, Shelf>::new(|| Bare(Model { wrong: Wrong::Nothing }, PhantomData), NOWHERE);
    let found = kit.try_check(async |bench| checks::every_failure_code_is_documented(bench).await);
    assert!(found.is_err());
}

#[test]
fn a_code_that_never_happens_is_found_and_one_that_cannot_be_tried_is_told() {
    let kit = Kit::<Bare<DeadCodes>, Shelf>::new(|| Bare(Model { wrong: Wrong::Nothing }, PhantomData), NOWHERE);
    let (found, notices) = kit.judged(async |bench| checks::every_failure_code_can_happen(bench).await);
    let text = found.map_err(|broken| broken.to_string()).unwrap_err();
    assert!(text.contains("MODEL_NEVER") && !text.contains("MODEL_UNTESTABLE"), "{text}");
    assert_eq!(notices.len(), 1);
    assert!(
        notices[0].text.contains("1 of 2") && notices[0].text.contains("MODEL_UNTESTABLE (the moon"),
        "{notices:?}"
    );
}

#[test]
fn a_provider_with_the_required_methods_only_is_told_what_it_lacks() {
    let kit = Kit::<Bare<()>, Shelf>::new(|| Bare(Model { wrong: Wrong::Nothing }, PhantomData), NOWHERE);
    let told = |check: (Verdict, Vec<Notice>)| (check.0, check.1.iter().map(|notice| notice.about).collect::<Vec<_>>());
    let verify = kit.judged(async |bench| checks::verify_refuses_a_dead_credential(bench).await);
    assert_eq!(told(verify), (Ok(()), vec![About::Verify]));
    let leftovers = kit.judged(async |bench| checks::leftovers_list_what_create_made(bench).await);
    assert_eq!(told(leftovers), (Ok(()), vec![About::Leftovers]));
}

#[test]
fn without_a_list_an_orphan_that_is_named_in_the_log_is_no_fault() {
    assert_eq!(check!(a_killed_create_is_closed_and_cleaned_by_its_rerun, Wrong::NoLeftovers), Ok(()));
    assert_eq!(check!(a_stopped_create_leaves_nothing, Wrong::NoLeftovers), Ok(()));
    assert_eq!(check!(a_lost_answer_leaves_nothing, Wrong::NoLeftovers), Ok(()));
}

#[test]
fn a_provider_with_its_own_sockets_is_cut_at_its_awaits() {
    let kit = Kit::<Raw, Lines>::new(|| Raw { lists: true }, NOWHERE);
    let killed = kit.try_check(async |bench| checks::a_killed_create_is_closed_and_cleaned_by_its_rerun(bench).await);
    assert_eq!(killed, Ok(()));
    let stopped = kit.try_check(async |bench| checks::a_stopped_create_leaves_nothing(bench).await);
    assert_eq!(stopped, Ok(()));
    let deleted = kit.try_check(async |bench| checks::a_killed_delete_is_finished_by_its_rerun(bench).await);
    assert_eq!(deleted, Ok(()));
    let hanging = kit.try_check(async |bench| checks::the_deadline_holds_when_the_system_hangs(bench).await);
    assert_eq!(hanging, Ok(()));
}

#[test]
fn a_provider_with_its_own_sockets_that_cannot_list_is_found() {
    let kit = Kit::<Raw, Lines>::new(|| Raw { lists: false }, NOWHERE);
    let killed = kit.try_check(async |bench| checks::a_killed_create_is_closed_and_cleaned_by_its_rerun(bench).await);
    assert!(killed.is_err());
    let stopped = kit.try_check(async |bench| checks::a_stopped_create_leaves_nothing(bench).await);
    assert!(stopped.is_err());
}

#[test]
fn a_run_ends_at_the_await_where_it_is_killed() {
    let kit = Kit::<Raw, Lines>::new(|| Raw { lists: true }, NOWHERE);
    let checked = kit.try_check(async |bench| {
        let ended = bench.run(&bench.task(), Order::create().at(Step::Await(1), Mishap::Kill)).await?;
        assert!(ended.met && ended.ending.is_none() && ended.seen.made.is_empty());
        Ok(())
    });
    assert_eq!(checked, Ok(()));
}
