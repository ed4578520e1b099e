//! A job written by hand, with the rule that looks right: "when the update fails, delete what was created".

use std::time::Duration;

use credjob_testkit::explore::models::web::WebSystem;
use credjob_testkit::explore::{Broken, Effort, Ended, Run, Scene, Start, explore};

use crate::by_hand::{ByHand, end};

/// What a hand-written job does after a task update that was not answered with 200.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Undo,
    SendAgainForEver,
}

fn undoing(start: Start) -> Run {
    Box::pin(job(start, Then::Undo))
}

fn stubborn(start: Start) -> Run {
    Box::pin(job(start, Then::SendAgainForEver))
}

async fn job(start: Start, then: Then) -> Ended {
    let Some(job) = ByHand::start(&start).await else { return end(1) };
    let Some(id) = job.create().await else { return end(1) };
    loop {
        if job.publish(&id).await.is_some() {
            return end(0);
        }
        if then == Then::Undo {
            job.delete(&id).await;
            return end(1);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[test]
fn undoing_whenever_the_update_fails_is_caught() {
    let report = explore(&[(Scene::foreign("naive", undoing, WebSystem::default), Effort::singles())]);
    let dangling = report.findings().find(|(_, finding)| matches!(finding.broken, Broken::Dangling(_)));
    let (_, dangling) = dangling.expect("a dangling secret");
    assert_eq!(dangling.schedule.to_string(), "1.update#1=answer-lost");
}

#[test]
fn sending_the_update_for_ever_is_caught() {
    let report = explore(&[(Scene::foreign("stubborn", stubborn, WebSystem::default), Effort::singles())]);
    let has = |wanted: fn(&Broken) -> bool| report.findings().any(|(_, finding)| wanted(&finding.broken));
    assert!(has(|broken| matches!(broken, Broken::UpdateAfterRefusal)), "{report}");
    assert!(has(|broken| matches!(broken, Broken::TooLong(_))), "{report}");
}
