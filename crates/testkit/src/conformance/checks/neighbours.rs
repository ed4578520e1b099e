//! Several runs, several tasks, and what belongs to whom.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use credjob::{CredentialsProvider, Exit};
use serde_json::Value;

use crate::conformance::bench::{Bench, Left};
use crate::conformance::broken::{Broken, Verdict, ensure};
use crate::conformance::mishap::{Mishap, Step};
use crate::conformance::order::Order;
use crate::target::Target;

/// How many tasks run at once.
const AT_ONCE: usize = 4;

/// Several creates at once make as many credentials, each with an id of its own, and each is deleted on its own.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn concurrent_creates_do_not_collide<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let before = bench.live().await?;
    let mut creates: Vec<Waiting<'_, Result<(String, Value), Broken>>> = Vec::new();
    for _ in 0..AT_ONCE {
        creates.push(Box::pin(bench.created()));
    }
    let mut made = Vec::new();
    for created in all(creates).await {
        made.push(created.map_err(|broken| broken.at(format_args!("{AT_ONCE} creates at once")))?);
    }
    let ids: BTreeSet<&str> = made.iter().map(|(id, _)| id.as_str()).collect();
    ensure!(ids.len() == AT_ONCE, "{AT_ONCE} creates at once made only {} different credentials ids", ids.len());
    let payloads: BTreeSet<String> = made.iter().map(|(_, payload)| payload.to_string()).collect();
    ensure!(payloads.len() == AT_ONCE, "{AT_ONCE} creates at once made only {} different payloads", payloads.len());
    let after = bench.live().await?;
    ensure!(after == before.map(|count| count + AT_ONCE), "{AT_ONCE} creates at once: {before:?} became {after:?}");
    for (number, (id, _)) in made.iter().enumerate() {
        for (_, payload) in &made[number..] {
            ensure!(bench.works(payload).await?, "deleting one of {AT_ONCE} credentials ended another");
        }
        bench.deleted(id).await?;
    }
    Ok(())
}

/// A new credential does not end an older one: the old version works until it is deleted.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_rotation_keeps_the_old_credential<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let (old_id, old) = bench.created().await?;
    let (new_id, new) = bench.created().await?;
    ensure!(old_id != new_id, "two creates gave the same credentials id `{old_id}`");
    ensure!(old != new, "two creates gave the same payload");
    ensure!(bench.works(&old).await?, "the old credential {old_id} does not work after a rotation");
    bench.deleted(&old_id).await?;
    ensure!(bench.works(&new).await?, "the new credential {new_id} does not work after the old one was deleted");
    Ok(())
}

/// Two runs of one task, the second of which loses an answer at any step: each cleans up after itself only, and what the
/// first has published works.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn two_runs_of_one_task_leave_each_other_alone<P: CredentialsProvider, T: Target>(
    bench: &Bench<P, T>,
) -> Verdict {
    super::at_each(Step::SystemCall, async |step| {
        let (before, task) = (bench.live().await?, bench.task());
        let first = bench.run(&task, Order::create()).await?;
        ensure!(first.exit() == Some(Exit::Done), "create does not succeed: {}", first.story(&task));
        let second = bench.run(&task, Order::create().at(step, Mishap::AnswerLost)).await?;
        let judged = bench.judge(&task, before, &second, Left::Named).await;
        judged.map_err(|broken| broken.at("a second run of a published task"))?;
        Ok(second.met)
    })
    .await
}

/// The re-run of a task cleans up after that task only: the credentials of other tasks work.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_rerun_leaves_other_tasks_alone<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let (id, payload) = bench.created().await?;
    let (before, task) = (bench.live().await?, bench.task());
    let again = bench.run(&task, Order::rerun()).await?;
    ensure!(
        bench.live().await? == before && bench.works(&payload).await?,
        "the re-run of a task deleted the credential {id} of another task: {}",
        again.story(&task)
    );
    Ok(())
}

type Waiting<'a, R> = Pin<Box<dyn Future<Output = R> + 'a>>;

/// Waits for all, in one task.
async fn all<R>(mut waiting: Vec<Waiting<'_, R>>) -> Vec<R> {
    let mut results: Vec<Option<R>> = waiting.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (future, result) in waiting.iter_mut().zip(&mut results) {
            if result.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *result = Some(ready);
            }
        }
        if results.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    results.into_iter().flatten().collect()
}
