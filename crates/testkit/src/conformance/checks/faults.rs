//! A system that answers badly: lost requests and answers, refusals, garbage.

use credjob::CredentialsProvider;

use crate::conformance::bench::{Bench, Left};
use crate::conformance::broken::{Verdict, ensure};
use crate::conformance::mishap::{Mishap, Plan, Step};
use crate::conformance::order::Order;
use crate::target::Target;

/// A request to the system is lost, at any step: nobody gets two credentials, and nothing is left in silence.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_lost_request_leaves_nothing<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    each(bench, &[Mishap::RequestLost, Mishap::Hang]).await
}

/// The system does what it is asked, and its answer is lost, at any step.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_lost_answer_leaves_nothing<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    each(bench, &[Mishap::AnswerLost, Mishap::StatusAfter(502), Mishap::StatusAfter(504)]).await
}

/// The system does what it is asked, and what it answers cannot be read, at any step.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn an_unreadable_answer_leaves_nothing<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    each(bench, &[Mishap::Garbage]).await
}

/// The system refuses, at any step.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_refusal_leaves_nothing<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    each(bench, &[400, 401, 403, 404, 409, 500, 503].map(Mishap::Status)).await
}

/// Tries each mishap at each request to the system.
async fn each<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>, mishaps: &[Mishap]) -> Verdict {
    for &mishap in mishaps {
        super::at_each(Step::SystemCall, async |step| {
            let plan = Plan::new(step, mishap);
            let (before, task) = (bench.live().await?, bench.task());
            let ended = bench.run(&task, Order::create().with(plan)).await?;
            let told = matches!(task.status(), "failed" | "credentials_created");
            ensure!(told, "{plan}: the task is not told: {}", ended.story(&task));
            bench.judge(&task, before, &ended, Left::Named).await.map_err(|broken| broken.at(plan))?;
            Ok(ended.met)
        })
        .await?;
    }
    Ok(())
}
