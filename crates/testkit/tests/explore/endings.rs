//! Jobs that end with the wrong word: the judge must not believe an exit code.

use credjob_testkit::explore::models::web::WebSystem;
use credjob_testkit::explore::{Broken, Effort, Ended, Run, Scene, Start, explore};
use serde_json::json;

use crate::by_hand::{ByHand, end};

/// What the explorer finds in a job written by hand: what is broken, and the schedule.
fn found(job: fn(Start) -> Run) -> Vec<(Broken, String)> {
    let report = explore(&[(Scene::foreign("by-hand", job, WebSystem::default), Effort::singles())]);
    report.findings().map(|(_, finding)| (finding.broken.clone(), finding.schedule.to_string())).collect()
}

/// Whether it was found that a job breaks the promise without any fault.
fn at_once(found: &[(Broken, String)], broken: &Broken) -> bool {
    found.iter().any(|(what, schedule)| what == broken && schedule.is_empty())
}

#[test]
fn a_task_that_was_never_told_is_caught() {
    let found = found(|_| Box::pin(async { end(3) }));
    assert!(at_once(&found, &Broken::Unreported), "{found:?}");
}

#[test]
fn exit_code_0_beside_an_open_task_is_caught() {
    let found = found(|_| Box::pin(async { end(0) }));
    assert!(at_once(&found, &Broken::FalseDone), "{found:?}");
}

#[test]
fn an_alarm_that_names_nothing_is_caught() {
    let found = found(|_| Box::pin(async { end(4) }));
    assert!(at_once(&found, &Broken::NothingNamed(4)), "{found:?}");
}

#[test]
fn a_job_that_panics_is_caught() {
    #[expect(clippy::panic, reason = "the mistake")]
    let found = found(|_| Box::pin(async { panic!("a mistake") }));
    assert!(at_once(&found, &Broken::Crashed), "{found:?}");
}

/// Names what it leaves, and its re-run says that nothing is left.
async fn forgetful(start: Start) -> Ended {
    let Some(job) = ByHand::start(&start).await else { return end(3) };
    if job.is_rerun {
        job.update(&json!({ "status": "failed", "errors": [] })).await;
        return end(0);
    }
    let Some(id) = job.create().await else { return end(3) };
    tracing::error!(event = "orphaned_credentials", credentials_id = id.as_str());
    end(4)
}

#[test]
fn a_rerun_that_gives_the_all_clear_for_what_is_still_there_is_caught() {
    let found = found(|start| Box::pin(forgetful(start)));
    let is_false =
        |(broken, schedule): &(Broken, String)| matches!(broken, Broken::FalseAllClear(_)) && schedule.is_empty();
    assert!(found.iter().any(is_false), "{found:?}");
}

/// Names what it leaves, again and again, and never deletes it.
async fn lazy(start: Start) -> Ended {
    let Some(job) = ByHand::start(&start).await else { return end(3) };
    if !job.is_rerun {
        job.create().await;
        job.update(&json!({ "status": "failed", "errors": [] })).await;
    }
    tracing::error!(event = "orphaned_credentials", marker = "");
    end(4)
}

#[test]
fn an_alarm_in_place_of_a_clean_up_is_caught() {
    let found = found(|start| Box::pin(lazy(start)));
    let is_avoidable =
        |(broken, schedule): &(Broken, String)| matches!(broken, Broken::Avoidable(_)) && schedule.is_empty();
    assert!(found.iter().any(is_avoidable), "{found:?}");
}

/// Publishes, and takes a refusal for the news that somebody else has done the work.
async fn trusting(start: Start) -> Ended {
    let Some(job) = ByHand::start(&start).await else { return end(3) };
    if job.is_rerun {
        return end(0);
    }
    let Some(id) = job.create().await else { return end(3) };
    job.publish(&id).await;
    end(0)
}

#[test]
fn a_second_instance_that_leaves_its_credential_is_caught() {
    let found = found(|start| Box::pin(trusting(start)));
    let is_losers =
        |(broken, schedule): &(Broken, String)| matches!(broken, Broken::LosersOrphan(_)) && schedule.contains("twin");
    assert!(found.iter().any(is_losers), "{found:?}");
}
