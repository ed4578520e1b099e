//! The table of mistakes: what a provider can get wrong, and the checks that find it.

use std::collections::BTreeSet;

use super::super::{Broken, Kit, RULES, checks};
use super::NOWHERE;
use super::system::Shelf;
use super::wrong::{Model, Wrong};

/// The checks that fail, of those that are named.
macro_rules! failed {
    ($wrong:expr; $($check:ident)+) => {{
        let kit = Kit::<Model, Shelf>::new(|| Model { wrong: $wrong }, NOWHERE);
        let ended = [$((stringify!($check), kit.try_check(async |bench| checks::$check(bench).await))),+];
        let failed: Vec<(&str, Broken)> =
            ended.into_iter().filter_map(|(check, ended)| Some((check, ended.err()?))).collect();
        for (check, broken) in &failed {
            // This model's ids may hold its token, and no test prints a canary.
            eprintln!("{}", format!("{check}: {broken}").replace("canary-", "***"));
        }
        failed.into_iter().map(|(check, _)| check).collect::<BTreeSet<&str>>()
    }};
}

/// One test for each mistake: exactly these checks find it. The one that is there for it comes first.
macro_rules! found_by {
    ($($test:ident: $wrong:ident => $($check:ident),*;)+) => {
        $(
            #[test]
            fn $test() {
                let failed = crate::__conformance_names! { [failed] Wrong::$wrong };
                assert_eq!(failed, BTreeSet::from([$(stringify!($check)),*]));
            }
        )+

        const FOUND_BY: &[&[&str]] = &[$(&[$(stringify!($check)),*]),+];
    };
}

/// The same for mistakes that upset nearly everything, or that take their time: this check finds them, among others.
macro_rules! found_by_many {
    ($($test:ident: $wrong:ident => $check:ident;)+) => {
        $(
            #[test]
            fn $test() {
                let failed = failed! { Wrong::$wrong; $check };
                assert_eq!(failed.len(), 1);
                assert_eq!(failed!(Wrong::Nothing; $check).len(), 0);
            }
        )+

        const FOUND_BY_MANY: &[&str] = &[$(stringify!($check)),+];
    };
}

found_by! {
    nothing_wrong: Nothing => ;
    no_leftovers: NoLeftovers => ;
    verify_accepts_all: VerifyAcceptsAll => verify_refuses_a_dead_credential, every_failure_code_can_happen;
    lists_nothing: ListsNothing =>
        leftovers_list_what_create_made,
        a_killed_create_is_closed_and_cleaned_by_its_rerun,
        a_lost_answer_leaves_nothing,
        a_stopped_create_leaves_nothing,
        an_unreadable_answer_leaves_nothing;
    lists_another_marker: ListsAnotherMarker =>
        leftovers_list_what_create_made,
        a_lost_answer_leaves_nothing,
        a_stopped_create_leaves_nothing,
        an_unreadable_answer_leaves_nothing;
    cannot_list_what_is_there: CannotListWhatIsThere =>
        leftovers_list_what_create_made,
        a_killed_create_is_closed_and_cleaned_by_its_rerun,
        a_stopped_create_leaves_nothing;
    lists_the_task_as_its_own: ListsTheTaskAsOwn => two_runs_of_one_task_leave_each_other_alone;
    lists_all_as_its_own: ListsAllAsOwn =>
        a_rerun_leaves_other_tasks_alone,
        a_lost_answer_leaves_nothing,
        a_lost_request_leaves_nothing,
        a_refusal_leaves_nothing,
        two_runs_of_one_task_leave_each_other_alone,
        every_failure_code_can_happen;
    fails_when_gone: FailsWhenGone =>
        deleting_twice_succeeds,
        a_killed_delete_is_finished_by_its_rerun,
        a_stopped_delete_is_never_claimed_falsely,
        delete_is_never_claimed_falsely;
    fails_when_unknown: FailsWhenUnknown => deleting_an_unknown_id_succeeds;
    deletes_in_halves: DeletesInHalves =>
        a_killed_delete_is_finished_by_its_rerun,
        a_stopped_delete_is_never_claimed_falsely,
        delete_is_never_claimed_falsely,
        two_runs_of_one_task_leave_each_other_alone;
    forgets_the_system: ForgetsTheSystem => a_foreign_id_is_never_said_to_be_deleted, a_malformed_id_is_never_guessed;
    pastes_ids: PastesIds =>
        a_malformed_id_is_never_guessed,
        a_foreign_id_is_never_said_to_be_deleted,
        every_failure_code_can_happen;
    guesses_by_prefix: GuessesByPrefix =>
        a_malformed_id_is_never_guessed,
        a_foreign_id_is_never_said_to_be_deleted,
        every_failure_code_can_happen;
    an_error_is_gone: ErrorIsGone => delete_is_never_claimed_falsely;
    no_marker_on_it: NoMarkerOnIt =>
        a_killed_create_is_closed_and_cleaned_by_its_rerun,
        a_lost_answer_leaves_nothing,
        a_stopped_create_leaves_nothing,
        an_unreadable_answer_leaves_nothing,
        deleting_an_unknown_id_succeeds,
        leftovers_list_what_create_made;
    no_marker: NoMarker =>
        a_stopped_create_leaves_nothing,
        a_killed_create_is_closed_and_cleaned_by_its_rerun,
        a_lost_answer_leaves_nothing,
        an_unreadable_answer_leaves_nothing,
        leftovers_list_what_create_made,
        two_runs_of_one_task_leave_each_other_alone;
    repeats_blindly: RepeatsBlindly => a_lost_answer_leaves_nothing, two_runs_of_one_task_leave_each_other_alone;
    presumes_success: PresumesSuccess =>
        a_lost_request_leaves_nothing,
        a_lost_answer_leaves_nothing,
        a_refusal_leaves_nothing,
        every_failure_code_can_happen,
        two_runs_of_one_task_leave_each_other_alone,
        verify_refuses_a_dead_credential;
    says_nothing_created: SaysNothingCreated => an_unreadable_answer_leaves_nothing;
    adopts_on_conflict: AdoptsOnConflict => a_refusal_leaves_nothing;
    logs_the_token: LogsTheToken => no_secret_leaves_the_job;
    the_token_is_the_id: TokenIsTheId =>
        no_secret_leaves_the_job,
        deleting_an_unknown_id_succeeds,
        leftovers_list_what_create_made;
    an_undeclared_code: UndeclaredCode => no_undeclared_code_is_reported;
    no_advice: NoAdvice => every_failure_code_can_happen;
}

found_by_many! {
    two_credentials: MakesTwo => create_makes_one_credential_that_works;
    a_dead_one: MakesADeadOne => create_makes_one_credential_that_works;
    verify_refuses: VerifyRefuses => verify_agrees_with_a_credential_that_works;
    a_huge_payload: HugePayload => the_payload_keeps_the_services_limits;
    deletes_nothing: DeletesNothing => delete_ends_the_credential;
    deletes_all: DeletesAll => delete_ends_the_credential;
    undo_does_nothing: UndoDoesNothing => a_refused_publish_leaves_nothing;
    one_for_all: OneForAll => concurrent_creates_do_not_collide;
    ends_the_old: EndsTheOld => a_rotation_keeps_the_old_credential;
    blocks: Blocks => no_method_blocks_the_thread;
    blocks_when_unanswered: BlocksWhenUnanswered => the_deadline_holds_when_the_system_hangs;
}

/// What is tried in a way of its own, beside this table.
const BY_ITSELF: [&str; 2] = ["the_schema_survives_a_round_trip", "every_failure_code_is_documented"];

#[test]
fn every_check_finds_something() {
    let tried: BTreeSet<&str> =
        FOUND_BY.iter().flat_map(|row| *row).chain(FOUND_BY_MANY).chain(&BY_ITSELF).copied().collect();
    assert_eq!(tried, RULES.iter().map(|rule| rule.test).collect());
}
