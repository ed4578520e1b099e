//! What a create task makes when nothing goes wrong.

use credjob::CredentialsProvider;
use credjob::contract::{MAX_PAYLOAD_BYTES, MAX_STRING_CHARS};
use serde_json::Value;

use crate::conformance::bench::Bench;
use crate::conformance::broken::{Verdict, ensure};
use crate::conformance::order::{Order, Then};
use crate::conformance::probe::Method;
use crate::conformance::rule::About;
use crate::target::Target;

/// A create task publishes one credential that works.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn create_makes_one_credential_that_works<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let before = bench.live().await?;
    let (id, payload) = bench.created().await?;
    ensure!(bench.works(&payload).await?, "the new credential {id} does not work");
    let after = bench.live().await?;
    ensure!(
        after == before.map(|count| count + 1),
        "create made something else than one credential: {before:?} to {after:?}"
    );
    Ok(())
}

/// The payload and the credentials id keep the service's limits, and the outputs are those that are declared.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn the_payload_keeps_the_services_limits<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let (_, payload) = bench.created().await?;
    ensure!(payload.to_string().len() <= MAX_PAYLOAD_BYTES, "the payload has more than {MAX_PAYLOAD_BYTES} bytes");
    let empty = serde_json::Map::new();
    let outputs = payload.as_object().unwrap_or(&empty);
    for (name, value) in outputs {
        let declared = Bench::<P, T>::outputs().iter().any(|field| field.schema_name() == *name);
        ensure!(declared, "the output `{name}` is not declared");
        let fits = match value {
            Value::String(text) => text.chars().count() <= MAX_STRING_CHARS,
            Value::Bool(_) | Value::Number(_) => true,
            _ => false,
        };
        ensure!(fits, "the output `{name}` is no text of at most {MAX_STRING_CHARS} characters, integer or boolean");
    }
    for field in Bench::<P, T>::outputs().iter().filter(|field| field.required) {
        ensure!(outputs.contains_key(&field.schema_name()), "the required output `{}` is missing", field.schema_name());
    }
    Ok(())
}

/// `leftovers` lists what `create` has just made, by the id that deletes it and with exactly the marker.
///
/// Providers that cannot list, and those that keep nothing anywhere, pass.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn leftovers_list_what_create_made<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let stateless = bench.live().await?.is_none();
    let task = bench.task();
    let ended = bench.run(&task, Order { then: Then::List, ..Order::create() }).await?;
    let Some(made) = ended.seen.made.last() else {
        return Err(crate::conformance::Broken::new(format!(
            "`leftovers` fails while the new credential is there: {}",
            ended.story(&task)
        )));
    };
    let Some(listed) = &made.listed else {
        bench.notice(
            About::Leftovers,
            "the provider has no `leftovers`: after a lost answer nothing can be looked for, and the run ends with exit code 4",
            "list what an attempt made, by its marker; a provider that keeps nothing anywhere answers `Leftovers::none()`",
        );
        return Ok(());
    };
    if stateless {
        return Ok(());
    }
    let found = listed.iter().find(|(id, _)| *id == made.id);
    let Some((_, marker)) = found else {
        return Err(crate::conformance::Broken::new(format!(
            "`leftovers` does not list the new credential {}: it lists {} others",
            made.id,
            listed.len()
        )));
    };
    ensure!(
        *marker == made.marker,
        "`leftovers` lists the new credential with the marker `{marker}`, but it was made with `{}`",
        made.marker
    );
    Ok(())
}

/// No method keeps the thread to itself: neither the deadline nor SIGTERM could cut it. CPU work and blocking libraries
/// belong into `Job::compute`.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn no_method_blocks_the_thread<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let task = bench.task();
    let ended = bench.run(&task, Order { then: Then::List, ..Order::create() }).await?;
    ensure!(ended.seen.called.contains(&Method::Create), "`create` was never called: {}", ended.story(&task));
    let mut longest = ended.seen.longest_poll;
    if let Some((id, _)) = task.published() {
        longest = longest.max(bench.deleted(&id).await?.1.seen.longest_poll);
    }
    ensure!(
        longest < super::LONGEST_POLL,
        "a method kept the thread for {longest:?} without an await; use `Job::compute` for CPU work and blocking calls"
    );
    Ok(())
}
