//! What a delete task does, and what it must not touch.

use credjob::{CredentialsProvider, Exit};
use serde_json::Value;

use crate::conformance::bench::Bench;
use crate::conformance::broken::{Broken, Verdict, ensure};
use crate::conformance::ended::Ended;
use crate::conformance::mishap::{Mishap, Plan, Step};
use crate::conformance::order::Order;
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

/// The id of a credential in another system of the kind: not said to be deleted while that credential works. The parameters
/// of a secret can be changed while its credentials live, so a delete task may find itself before another system.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_foreign_id_is_never_said_to_be_deleted<P: CredentialsProvider, T: Target>(
    bench: &Bench<P, T>,
) -> Verdict {
    let (_, own) = bench.created().await?;
    if bench.live().await?.is_none() {
        return Ok(());
    }
    let other = bench.another().await?;
    let (id, payload) = other.created().await?;
    let before = bench.live().await?;
    let (task, run) = bench.deleted(&id).await?;
    let answered = matches!(task.status(), "failed" | "credentials_deleted");
    ensure!(answered, "the id `{id}` of another system is not answered: {}", run.story(&task));
    if other.works(&payload).await? {
        ensure!(
            task.status() == "failed",
            "the id `{id}` of a credential in another system is said to be deleted, and the credential works on"
        );
        return untouched(bench, before, &own, &id).await;
    }
    // Both are the same system: it is not foreign at all.
    must_be_deleted(&(task, run), &format!("deleting `{id}`, which is gone,"))
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
        super::at_each(Step::SystemCall, async |step| told_truly(bench, Plan::new(step, mishap)).await).await?;
    }
    Ok(())
}

/// A delete that gets SIGTERM at any step says `credentials_deleted` only if it is true, and the next one succeeds.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn a_stopped_delete_is_never_claimed_falsely<P: CredentialsProvider, T: Target>(
    bench: &Bench<P, T>,
) -> Verdict {
    super::at_every_step(async |step| {
        let mut met = false;
        for mishap in super::distinct(step, [Mishap::Stop, Mishap::StopAfter]) {
            met |= told_truly(bench, Plan::new(step, mishap)).await?;
        }
        Ok(met)
    })
    .await
}

/// Deletes a new credential while something goes wrong, and judges what the task says. Whether the run came to that step.
async fn told_truly<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>, plan: Plan) -> Result<bool, Broken> {
    let before = bench.live().await?;
    let (id, payload) = bench.created().await?;
    let task = bench.task();
    let run = bench.run(&task, Order::delete(&id).with(plan)).await?;
    let place = format!("delete, {plan}");
    if task.status() != "credentials_deleted" {
        let answered = task.status() == "failed" || run.exit() != Some(Exit::Done);
        ensure!(answered, "{place}: the task was not answered: {}", run.story(&task));
        must_be_deleted(&bench.deleted(&id).await?, &format!("the delete after one with {place}"))?;
    }
    ended(bench, before, &payload, &place).await?;
    Ok(run.met)
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
            let (plan, task) = (Plan::new(step, mishap), bench.task());
            let place = format!("delete, {plan}");
            let killed = bench.run(&task, Order::delete(&id).with(plan)).await?;
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
