//! No secret leaves a job but in the payload.

use credjob::CredentialsProvider;
use credjob::contract::redact::redact;
use serde_json::Value;

use crate::conformance::bench::Bench;
use crate::conformance::broken::{Verdict, ensure};
use crate::conformance::mishap::{Mishap, Step};
use crate::conformance::order::Order;
use crate::conformance::task::{API_KEY, IAM_TOKEN};
use crate::leak::{Canaries, find_leaks};
use crate::target::Target;

/// The shortest output that is looked for. Shorter ones are host names and ports rather than secrets.
const SHORTEST: usize = 16;

/// Neither the log, nor a task error, nor a credentials id gives a secret away, also when things go wrong.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn no_secret_leaves_the_job<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let mut canaries = Canaries::new().with("the job's API key", API_KEY).with("the job's IAM token", IAM_TOKEN);
    let mut made = Vec::new();
    let (id, _) = bench.created().await?;
    bench.deleted(&id).await?;
    for refused in [400, 403] {
        let task = bench.task().refusing(&[refused, refused, refused]);
        made.extend(bench.run(&task, Order::create()).await?.seen.made);
    }
    for mishap in [Mishap::Garbage, Mishap::AnswerLost, Mishap::Status(401), Mishap::Status(500), Mishap::Stop] {
        super::at_each(Step::SystemCall, async |step| {
            let ended = bench.run(&bench.task(), Order::create().at(step, mishap)).await?;
            made.extend(ended.seen.made);
            Ok(ended.met)
        })
        .await?;
    }
    let shown = bench.shown.borrow().join("\n");
    canaries.extend(&bench.target.canaries());
    for made in &made {
        let payload: Value = serde_json::from_str(&made.payload).unwrap_or_default();
        for (name, value) in payload.as_object().into_iter().flatten() {
            // What the log needs is no secret: the marker, the id and the inputs. What is wrapped as a secret is one.
            let named = |text: &str| text.contains(&made.marker) || made.id.contains(text) || is_input(bench, text);
            let public = |text: &str| named(text) && redact(text) == text;
            if let Some(text) = value.as_str().filter(|text| text.len() >= SHORTEST && !public(text)) {
                canaries.add(format!("the output `{name}`"), text);
            }
        }
    }
    let mut leaks: Vec<String> = find_leaks(shown.as_bytes(), &canaries).iter().map(ToString::to_string).collect();
    leaks.sort();
    leaks.dedup();
    ensure!(leaks.is_empty(), "a log line, a task error or a credentials id gives secrets away: {}", leaks.join(", "));
    Ok(())
}

fn is_input<P, T>(bench: &Bench<P, T>, text: &str) -> bool {
    bench.settings.params.values().any(|value| value.as_str().is_some_and(|value| value.contains(text)))
}
