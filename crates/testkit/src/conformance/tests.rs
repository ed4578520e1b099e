//! The kit itself: a provider that keeps the rules passes, and each wrong one fails the test that is there for it.

mod raw;
mod system;
mod wrong;

use super::bench::Order;
use super::mishap::{Mishap, Step};
use super::{Kit, checks};
use raw::{Lines, Raw};
use system::{Shelf, WrongfulShelf};
use wrong::{BadlyCoded, Model, Wrong};

/// The package has no README and no `job_config.json`.
const NOWHERE: &str = "/nonexistent";

/// Checks the model with one thing wrong.
macro_rules! check {
    ($check:ident, $wrong:expr) => {
        Kit::<Model, Shelf>::new(|| Model { wrong: $wrong }, NOWHERE)
            .try_check(async |bench| checks::$check(bench).await)
    };
}

/// Says that a check fails for each of these, and passes for the model without a fault.
macro_rules! finds {
    ($($check:ident: $($wrong:ident)|+;)+) => {
        $(
            #[test]
            fn $check() {
                assert_eq!(check!($check, Wrong::Nothing), Ok(()));
                $(
                    let found = check!($check, Wrong::$wrong);
                    eprintln!("{}: {found:?}", stringify!($wrong));
                    assert!(found.is_err(), "{} is not found", stringify!($wrong));
                )+
            }
        )+
    };
}

finds! {
    create_makes_one_credential_that_works: MakesTwo | MakesADeadOne;
    verify_agrees_with_a_credential_that_works: VerifyRefuses;
    the_payload_keeps_the_services_limits: HugePayload;
    leftovers_list_what_create_made: ListsNothing | ListsAnotherMarker | CannotListWhatIsThere;
    no_method_blocks_the_thread: Blocks;
    delete_ends_the_credential: DeletesNothing | DeletesAll;
    deleting_twice_succeeds: FailsWhenGone;
    deleting_an_unknown_id_succeeds: FailsWhenGone | DeletesAll;
    a_malformed_id_is_never_guessed: PastesIds | GuessesByPrefix;
    delete_is_never_claimed_falsely: ErrorIsGone;
    a_killed_delete_is_finished_by_its_rerun: FailsWhenGone;
    a_killed_create_is_closed_and_cleaned_by_its_rerun: ListsNothing | NoMarkerOnIt;
    a_stopped_create_leaves_nothing: ListsNothing | NoMarker;
    a_refused_publish_leaves_nothing: DeletesNothing;
    the_deadline_holds_when_the_system_hangs: BlocksWhenUnanswered;
    a_lost_request_leaves_nothing: PresumesSuccess;
    a_lost_answer_leaves_nothing: RepeatsBlindly | NoMarker | ListsNothing;
    an_unreadable_answer_leaves_nothing: NoMarker | SaysNothingCreated;
    a_refusal_leaves_nothing: PresumesSuccess;
    concurrent_creates_do_not_collide: OneForAll;
    a_rotation_keeps_the_old_credential: EndsTheOld | OneForAll;
    two_runs_of_one_task_leave_each_other_alone: ListsAllAsOwn;
    a_rerun_leaves_other_tasks_alone: ListsAllAsOwn;
    no_secret_leaves_the_job: LogsTheToken | TokenIsTheId;
    no_undeclared_code_is_reported: UndeclaredCode;
}

#[test]
fn the_schema_survives_a_round_trip() {
    assert_eq!(check!(the_schema_survives_a_round_trip, Wrong::Nothing), Ok(()));
    let kit = Kit::<Model, WrongfulShelf>::new(|| Model { wrong: Wrong::Nothing }, NOWHERE);
    let found = kit.try_check(async |bench| checks::the_schema_survives_a_round_trip(bench).await);
    assert!(found.is_err());
}

#[test]
fn every_failure_code_is_documented() {
    assert_eq!(check!(every_failure_code_is_documented, Wrong::Nothing), Ok(()));
    let kit = Kit::<BadlyCoded, Shelf>::new(|| BadlyCoded(Model { wrong: Wrong::Nothing }), NOWHERE);
    let found = kit.try_check(async |bench| checks::every_failure_code_is_documented(bench).await);
    assert!(found.is_err());
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
