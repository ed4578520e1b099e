//! What a delete task does, and what it must not touch.

use credjob::{CredentialsProvider, Exit};
use serde_json::Value;

use crate::conformance::bench::{Bench, Ended, Order};
use crate::conformance::broken::{Broken, Verdict, ensure};
use crate::conformance::mishap::{Mishap, Step};
use crate::conformance::task::Task;
use crate::target::Target;

/// A deleted credential works no more, and only that one is gone.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn delete_ends_the_credential<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let (_, other) = bench.created().await?;
    let before = bench.live().await?;
    let (id, payload) = bench.created().await?;
    must_be_deleted(&bench.deleted(&id).await?, "delete")?;
    ended(bench, before, &payload, "delete").await?;
    ensure!(bench.works(&other).await?, "another credential does not work after {id} was deleted");
    Ok(())
}

/// Deleting what is gone already succeeds.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn deleting_twice_succeeds<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let before = bench.live().await?;
    let (id, payload) = bench.created().await?;
    for time in ["the first delete", "the second delete"] {
        must_be_deleted(&bench.deleted(&id).await?, time)?;
        ended(bench, before, &payload, time).await?;
    }
    Ok(())
}

/// Deleting an id that no credential has succeeds, and touches nothing.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn deleting_an_unknown_id_succeeds<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let (id, payload) = bench.created().await?;
    let before = bench.live().await?;
    let unknown = bench.target.unknown_id(&id);
    must_be_deleted(&bench.deleted(&unknown).await?, &format!("deleting the unknown id `{unknown}`"))?;
    untouched(bench, before, &payload, &unknown).await
}

/// An id that this provider never gave is refused, or there is nothing to delete; it is never taken for another one.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_malformed_id_is_never_guessed<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let (id, payload) = bench.created().await?;
    let before = bench.live().await?;
    if before.is_none() {
        // Nothing is there that a guess could hit.
        return Ok(());
    }
    let cut: String = id.chars().take(id.chars().count().saturating_sub(1)).collect();
    let first = id.bytes().next().unwrap_or_default();
    let encoded = format!("%{first:02X}{}", id.get(1..).unwrap_or_default());
    let odd = [
        format!("x/../{id}"),
        format!("./{id}"),
        format!("{id}?x=1"),
        format!("{id}#x"),
        format!("{id}/../{id}"),
        encoded,
        cut,
        "..".to_owned(),
        ".".to_owned(),
        "*".to_owned(),
        "%".to_owned(),
        "_".to_owned(),
        "' OR ''='".to_owned(),
        "\" OR \"\"=\"".to_owned(),
    ];
    for odd in odd.iter().filter(|odd| !odd.trim().is_empty()) {
        let (task, ended) = bench.deleted(odd).await?;
        let final_status = matches!(task.status(), "failed" | "credentials_deleted");
        ensure!(final_status, "the odd id `{odd}` is not answered: {}", ended.story(&task));
        untouched(bench, before, &payload, odd).await?;
    }
    Ok(())
}

/// A delete task never says `credentials_deleted` while the credential works, whatever the system answers; and once it
/// answers as it should, the same task succeeds.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn delete_is_never_claimed_falsely<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    for mishap in [
        Mishap::RequestLost,
        Mishap::AnswerLost,
        Mishap::Hang,
        Mishap::Garbage,
        Mishap::Status(401),
        Mishap::Status(403),
        Mishap::Status(500),
        Mishap::StatusAfter(503),
    ] {
        for step in 0..super::MOST_STEPS {
            let before = bench.live().await?;
            let (id, payload) = bench.created().await?;
            let order = Order::delete(&id).at(Step::SystemCall(step), mishap);
            let (plan, task) = (order.plan, bench.task());
            let ended = bench.run(&task, order).await?;
            let place = plan.map(|plan| format!("delete, {plan}")).unwrap_or_default();
            if task.status() == "credentials_deleted" {
                self::ended(bench, before, &payload, &place).await?;
            } else {
                let answered = task.status() == "failed" || ended.exit() != Some(Exit::Done);
                ensure!(answered, "{place}: the task was not answered: {}", ended.story(&task));
                must_be_deleted(&bench.deleted(&id).await?, &format!("the delete after one with {place}"))?;
                self::ended(bench, before, &payload, &place).await?;
            }
            if !ended.met {
                break;
            }
        }
    }
    Ok(())
}

/// A delete that was killed at any step is finished by its re-run.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_killed_delete_is_finished_by_its_rerun<P: CredentialsProvider, T: Target>(
    bench: &Bench<P, T>,
) -> Verdict {
    super::at_every_step(async |step| {
        let mut met = false;
        for mishap in super::distinct(step, [Mishap::Kill, Mishap::KillAfter]) {
            let before = bench.live().await?;
            let (id, payload) = bench.created().await?;
            let order = Order::delete(&id).at(step, mishap);
            let (plan, task) = (order.plan, bench.task());
            let place = plan.map(|plan| format!("delete, {plan}")).unwrap_or_default();
            let killed = bench.run(&task, order).await?;
            met |= killed.met;
            let again = bench.run(&task, Order { rerun: true, ..Order::delete(&id) }).await?;
            must_be_deleted(&(task, again), &format!("the re-run after {place}"))?;
            ended(bench, before, &payload, &place).await?;
        }
        Ok(met)
    })
    .await
}

fn must_be_deleted((task, ended): &(Task, Ended), what: &str) -> Verdict {
    ensure!(
        task.status() == "credentials_deleted" && ended.exit() == Some(Exit::Done),
        "{what} does not end with `credentials_deleted`: {}",
        ended.story(task)
    );
    Ok(())
}

/// The credential works no more, and nothing else is gone or left. Nobody can tell for what lives nowhere.
async fn ended<P: CredentialsProvider, T: Target>(
    bench: &Bench<P, T>,
    before: Option<usize>,
    payload: &Value,
    what: &str,
) -> Verdict {
    let after = bench.live().await?;
    ensure!(after == before, "{what}: {before:?} credentials should be alive, {after:?} are");
    ensure!(before.is_none() || !bench.works(payload).await?, "{what}: the deleted credential still works");
    Ok(())
}

async fn untouched<P: CredentialsProvider, T: Target>(
    bench: &Bench<P, T>,
    before: Option<usize>,
    payload: &Value,
    id: &str,
) -> Verdict {
    let safe = bench.live().await? == before && bench.works(payload).await?;
    if safe { Ok(()) } else { Err(Broken::new(format!("deleting the id `{id}` deleted another credential"))) }
}
