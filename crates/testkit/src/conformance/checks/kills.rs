//! Runs that are cut short: killed and started again, stopped, out of time.

use std::time::Duration;

use credjob::{CredentialsProvider, Exit};

use crate::conformance::bench::{Bench, Left};
use crate::conformance::broken::{Broken, Verdict, ensure};
use crate::conformance::ended::Ended;
use crate::conformance::mishap::{Mishap, Plan};
use crate::conformance::order::Order;
use crate::conformance::probe::Method;
use crate::target::Target;

/// How long a job may live in the checks that let the system hang.
const DEADLINE: (&str, Duration) = ("5s", Duration::from_secs(5));

/// A create that was killed at any step, and its re-run: the task is closed, and nothing is left but what it publishes.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_killed_create_is_closed_and_cleaned_by_its_rerun<P: CredentialsProvider, T: Target>(
    bench: &Bench<P, T>,
) -> Verdict {
    super::at_every_step(async |step| {
        let mut met = false;
        for mishap in super::distinct(step, [Mishap::Kill, Mishap::KillAfter]) {
            let plan = Plan::new(step, mishap);
            let (before, task) = (bench.live().await?, bench.task());
            let killed = bench.run(&task, Order::create().with(plan)).await?;
            met |= killed.met;
            if killed.ending.is_some() {
                bench.judge(&task, before, &killed, Left::Nothing).await?;
                continue;
            }
            let again = bench.run(&task, Order::rerun()).await?;
            let closed = matches!(task.status(), "failed" | "credentials_created");
            ensure!(closed, "create, {plan}: the re-run does not close the task: {}", again.story(&task));
            let judged = bench.judge(&task, before, &again, Left::Nothing).await;
            judged.map_err(|broken| broken.at(format_args!("create, {plan}, then run again")))?;
        }
        Ok(met)
    })
    .await
}

/// A create that gets SIGTERM at any step, hence is cancelled at every await: it reports, and leaves nothing.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_stopped_create_leaves_nothing<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    super::at_every_step(async |step| {
        let mut met = false;
        for mishap in super::distinct(step, [Mishap::Stop, Mishap::StopAfter]) {
            let plan = Plan::new(step, mishap);
            let (before, task) = (bench.live().await?, bench.task());
            let stopped = bench.run(&task, Order::create().with(plan)).await?;
            met |= stopped.met;
            let judged = bench.judge(&task, before, &stopped, Left::Nothing).await;
            judged.map_err(|broken| broken.at(format_args!("create, {plan}")))?;
        }
        Ok(met)
    })
    .await
}

/// A system that answers nothing, and a method that never ends: the run ends by its deadline, and the task is told.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn the_deadline_holds_when_the_system_hangs<P: CredentialsProvider, T: Target>(
    bench: &Bench<P, T>,
) -> Verdict {
    let hangs = [None, Some(Method::Create), Some(Method::Verify), Some(Method::Leftovers)];
    for hangs in hangs {
        let order = Order { deadline: Some(DEADLINE.0), hangs, silent: hangs.is_none(), ..Order::create() };
        let (before, task) = (bench.live().await?, bench.task());
        let ended = bench.run(&task, order).await?;
        in_time(&ended, hangs)?;
        let told = matches!(task.status(), "failed" | "credentials_created");
        ensure!(told, "{hangs:?} hangs: the task is not told: {}", ended.story(&task));
        bench.judge(&task, before, &ended, Left::Named).await?;
    }
    let (id, _) = bench.created().await?;
    for hangs in [None, Some(Method::Delete)] {
        let order = Order { deadline: Some(DEADLINE.0), hangs, silent: hangs.is_none(), ..Order::delete(&id) };
        let task = bench.task();
        let ended = bench.run(&task, order).await?;
        in_time(&ended, hangs)?;
        // A provider without an external system has deleted all the same.
        let told = matches!(task.status(), "failed" | "credentials_deleted");
        ensure!(told, "{hangs:?} hangs: the task is not told: {}", ended.story(&task));
    }
    Ok(())
}

fn in_time(ended: &Ended, hangs: Option<Method>) -> Verdict {
    let took = ended.took.max(ended.really_took);
    let hanging = hangs.map_or_else(|| "the system".to_owned(), |method| format!("`{method:?}`"));
    ensure!(took <= DEADLINE.1, "{hanging} hangs: the run took {took:?} of {}", DEADLINE.0);
    ensure!(
        ended.seen.longest_poll < super::LONGEST_POLL,
        "{hanging} hangs: a method kept the thread for {:?}, which no deadline can cut",
        ended.seen.longest_poll
    );
    Ok(())
}

/// The update that publishes is refused, or the task is gone: the new credential is gone as well.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_refused_publish_leaves_nothing<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    for status in [400, 403, 404, 409] {
        let (before, task) = (bench.live().await?, bench.task().refusing(&[status]));
        let ended = bench.run(&task, Order::create()).await?;
        if ended.seen.made.is_empty() {
            return Err(Broken::new(format!("create does not succeed: {}", ended.story(&task))));
        }
        let judged = bench.judge(&task, before, &ended, Left::Nothing).await;
        judged.map_err(|broken| broken.at(format_args!("publish refused with {status}")))?;
        ensure!(
            ended.exit() != Some(Exit::Orphan) || bench.live().await? != before,
            "publish refused with {status}: the new credential is gone, but `delete` says that it may be left: {}",
            ended.story(&task)
        );
    }
    Ok(())
}
