//! Schedules that the explorer has found to break the promise.

use crate::lived;

/// Mended since.
const MENDED: [&str; 1] = [
    // A replica that lags said "already gone" of a leftover, once, and that was enough.
    "memory-create-plain: 1.create#1=late:1 1.delete#1=lag",
];

#[test]
fn what_was_mended_stays_mended() {
    for text in MENDED {
        let (told, kept) = lived(text);
        assert!(kept, "{told}");
    }
}

fn keeps(text: &str) {
    let (told, kept) = lived(text);
    assert!(kept, "{told}");
}

#[test]
fn a_late_publish_after_two_gateway_404s_does_not_dangle() {
    keeps("web-create: 1.update#1=late:5 1.update#2=404 1.read-task#1=404");
}

#[test]
fn the_loser_of_two_instances_that_cannot_read_the_versions_names_its_credential() {
    keeps("web-create: 1.token#1=twin:0:1 2.versions#1=403");
}

#[test]
fn the_loser_of_two_instances_that_is_killed_is_cleaned_up_after() {
    keeps("web-create: 1.token#1=twin:0:1 1.update#1=kill");
}

#[test]
fn a_rerun_of_a_published_task_cleans_what_the_run_before_has_named() {
    keeps("web-create: 1.create#1=late:5 1.list#3=403");
}

#[test]
fn a_rerun_of_a_published_task_that_cannot_list_does_not_give_the_all_clear() {
    keeps("memory-create: 1.create#1=late:5 1.list#3..=403");
}

#[test]
fn a_rerun_of_a_published_task_that_cannot_read_the_versions_does_not_give_the_all_clear() {
    keeps("web-create: 1.token#1=twin:0:1 2.versions#1..=403");
}

#[test]
fn a_rerun_beside_a_published_task_names_what_a_killed_instance_may_have_left() {
    keeps("web-create-unlisted: 1.create#1=twin:0:1 1.update#1=kill");
}
