//! What `verify` says, of a credential that works and of one that does not.

use credjob::CredentialsProvider;
use serde_json::Value;

use crate::conformance::bench::Bench;
use crate::conformance::broken::{Broken, Verdict, ensure};
use crate::conformance::order::{Order, Then};
use crate::conformance::rule::About;
use crate::target::Target;

/// `verify` accepts a credential that works, and adds none.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn verify_agrees_with_a_credential_that_works<P: CredentialsProvider, T: Target>(
    bench: &Bench<P, T>,
) -> Verdict {
    let before = bench.live().await?;
    // It never gets past `verify`'s first answer.
    let task = bench.task();
    let ended = bench.run(&task, Order::create()).await?;
    let Some(said) = ended.seen.verified.last() else {
        return Err(Broken::new(format!("`verify` was never asked: {}", ended.story(&task))));
    };
    if let Err(why) = said {
        let after = bench.live().await?;
        ensure!(after == before, "`verify` refuses the new credential ({why}) and it is left behind");
        ensure!(false, "`verify` refuses the credential that `create` has just made: {why}");
    }
    Ok(())
}

/// `verify` refuses a credential that somebody has deleted since `create` made it.
///
/// It is deleted by the provider's own `delete`, and the target says whether it still works. Passes with a notice when the
/// provider has no `verify`, and when nothing can end what lives nowhere.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn verify_refuses_a_dead_credential<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let task = bench.task();
    let ended = bench.run(&task, Order { then: Then::Delete, ..Order::create() }).await?;
    if ended.verifies_nothing() {
        bench.notice(
            About::Verify,
            "the provider has no `verify`: a credential that does not work would be published",
            "try the new credential in `verify`: a failure undoes it before anyone gets it",
        );
        return Ok(());
    }
    let (Some(made), false) = (ended.seen.made.last(), ended.seen.verified.is_empty()) else {
        return Err(Broken::new(format!(
            "`verify` was never asked: `create`, or `delete` of what it has just made, fails: {}",
            ended.story(&task)
        )));
    };
    let payload: Value = serde_json::from_str(&made.payload).unwrap_or_default();
    if bench.works(&payload).await? {
        let lives_nowhere = bench.live().await?.is_none();
        ensure!(
            lives_nowhere,
            "`delete` does not end the credential, so nobody can tell what `verify` does with a dead one"
        );
        return Ok(());
    }
    ensure!(
        task.status() != "credentials_created",
        "`verify` accepts a credential that has been deleted, so that it is published dead"
    );
    Ok(())
}
