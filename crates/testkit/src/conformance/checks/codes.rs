//! The failure codes that the provider declares.

use std::collections::BTreeSet;
use std::path::Path;

use credjob::CredentialsProvider;
use credjob::contract::{FailureCodes as _, TaskError, codes::FRAMEWORK_CODES};

use crate::conformance::bench::{Bench, Left};
use crate::conformance::broken::{Broken, Verdict, ensure};
use crate::conformance::mishap::{Mishap, Plan, Step};
use crate::conformance::order::Order;
use crate::conformance::rule::About;
use crate::conformance::task::{API_KEY, IAM_TOKEN};
use crate::leak::{Canaries, find_leaks};
use crate::target::{Credential, Target};

/// Every failure code is well formed, has the provider's prefix and a meaning, and stands in the README if that has a
/// table of codes.
///
/// # Errors
///
/// What the provider got wrong.
#[cfg_attr(not(test), expect(clippy::unused_async, reason = "every check has one shape"))]
pub async fn every_failure_code_is_documented<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let codes = P::Codes::CODES;
    let mut seen = BTreeSet::new();
    let prefix = codes.first().and_then(|info| info.code.split('_').next()).unwrap_or_default();
    for info in codes {
        let code = info.code;
        let plain = code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        let shaped = plain && code.contains('_') && !code.starts_with('_') && !code.ends_with('_');
        ensure!(shaped, "the code `{code}` is not of the form PREFIX_WORDS");
        ensure!(code.len() <= TaskError::MAX_CODE, "the code `{code}` is longer than {}", TaskError::MAX_CODE);
        ensure!(prefix != "CREDJOB", "the code `{code}` has the framework's prefix");
        ensure!(code.split('_').next() == Some(prefix), "the code `{code}` has another prefix than `{prefix}`");
        ensure!(seen.insert(code), "the code `{code}` is declared twice");
        let meaning = info.meaning.trim();
        ensure!(!meaning.is_empty(), "the code `{code}` has no meaning: write a doc comment");
        ensure!(meaning.ends_with('.'), "the meaning of `{code}` is no sentence: {meaning}");
    }
    if let Ok(readme) = std::fs::read_to_string(Path::new(bench.folder).join("README.md")) {
        let missing = |info: &&credjob::contract::CodeInfo| !readme.contains(&format!("`{}`", info.code));
        let missing: Vec<&str> = codes.iter().filter(missing).map(|info| info.code).collect();
        ensure!(
            missing.len() == codes.len() || missing.is_empty(),
            "README.md has a table of codes without {}",
            missing.join(", ")
        );
    }
    Ok(())
}

/// For each code the target shows a job that ends with it, in a system of its own. The text on the task then says what to do,
/// nothing that leaves the job gives a secret away, and no credential is gained or lost.
///
/// # Errors
///
/// What the provider got wrong: all codes at once.
pub async fn every_failure_code_can_happen<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let codes = P::Codes::CODES;
    let (mut problems, mut excuses, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for info in codes {
        match happens(&bench.another().await?, info.code).await {
            Ok(Happened::Yes) => {}
            Ok(Happened::NobodyKnowsHow) => unknown.push(info.code),
            Ok(Happened::Impossible(why)) => excuses.push(format!("{} ({why})", info.code)),
            Err(broken) => problems.push(format!("{}: {broken}", info.code)),
        }
    }
    if !unknown.is_empty() {
        let target = std::any::type_name::<T>();
        problems.push(format!("`<{target} as Target>::provoke` answers `None` for {}", unknown.join(", ")));
    }
    if !excuses.is_empty() {
        bench.notice(
            About::FailureCodes,
            format!("{} of {} codes are not provoked: {}", excuses.len(), codes.len(), excuses.join("; ")),
            "nothing to do if the reasons are good",
        );
    }
    ensure!(problems.is_empty(), "of the declared codes:\n  {}", problems.join("\n  "));
    Ok(())
}

/// Whether a code was seen.
enum Happened {
    Yes,
    NobodyKnowsHow,
    Impossible(String),
}

async fn happens<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>, code: &str) -> Result<Happened, Broken> {
    let (id, payload) = bench.created().await?;
    let provocation = bench.provoke(code, &Credential::new(id, payload)).await?;
    let Some(provocation) = provocation else { return Ok(Happened::NobodyKnowsHow) };
    if let Some(why) = provocation.excuse {
        ensure!(!why.trim().is_empty(), "`Provocation::impossible` gives no reason");
        return Ok(Happened::Impossible(why));
    }
    // A system that was broken for this may not be able to count any more.
    let before = bench.live().await.ok().flatten();
    let task = bench.task_with(&provocation.settings);
    let ended = bench.run(&task, Order::provoked(&provocation)).await?;
    let story = ended.story(&task);
    if provocation.in_log {
        ensure!(ended.logs(code), "no step of the job ends with it: {story}");
    } else {
        let reported = task.error().filter(|(reported, _)| task.status() == "failed" && reported == code);
        let Some((_, text)) = reported else {
            return Err(Broken::new(format!("the job that should fail with it ends otherwise: {story}")));
        };
        ensure!(says_what_to_do(&text), "its text does not say what to do, after `; `, `: ` or a full stop: {text}");
    }
    if before.is_some() {
        bench.judge(&task, before, &ended, Left::Named).await?;
    }
    let mut canaries = Canaries::new().with("the job's API key", API_KEY).with("the job's IAM token", IAM_TOKEN);
    canaries.extend(&provocation.settings.canaries());
    canaries.extend(&bench.target.canaries());
    let leaks: Vec<String> =
        find_leaks(bench.shown.borrow().join("\n").as_bytes(), &canaries).iter().map(ToString::to_string).collect();
    ensure!(leaks.is_empty(), "it gives secrets away: {}", leaks.join(", "));
    Ok(Happened::Yes)
}

/// Whether a text has two parts: what failed, and what to do about it.
fn says_what_to_do(text: &str) -> bool {
    let words = |part: &str| part.split_whitespace().count();
    let in_two = |(before, after): (&str, &str)| words(before) > 1 && words(after) > 1;
    ["; ", ": ", ". "].iter().any(|between| text.rsplit_once(between).is_some_and(in_two))
}

/// Every code that a task is told is declared, by the provider or by the framework.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn no_undeclared_code_is_reported<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let known = |code: &str| P::Codes::CODES.iter().chain(FRAMEWORK_CODES).any(|info| info.code == code);
    let refusals = [400, 401, 403, 404, 409, 422, 500].map(Mishap::Status);
    for mishap in refusals.into_iter().chain([Mishap::Garbage, Mishap::RequestLost]) {
        super::at_each(Step::SystemCall, async |step| {
            let (task, plan) = (bench.task(), Plan::new(step, mishap));
            let ended = bench.run(&task, Order::create().with(plan)).await?;
            if let Some((code, text)) = task.error() {
                ensure!(known(&code), "{plan}: the code `{code}` is not declared: {text}");
                ensure!(!text.trim().is_empty(), "{plan}: `{code}` says nothing");
            }
            if let Some((id, _)) = task.published() {
                bench.deleted(&id).await?;
            }
            Ok(ended.met)
        })
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::says_what_to_do;

    #[test]
    fn a_text_that_says_what_to_do_has_two_parts() {
        for text in
            ["the login was refused (401); renew it", "SM_SAN_VALUE: no name; give one", "It is gone. Rotate again."]
        {
            assert!(says_what_to_do(text), "{text}");
        }
        for text in ["", "db:5432 is down", "SM_SAN_VALUE: no name", "the token is refused; sorry", "it failed."] {
            assert!(!says_what_to_do(text), "{text}");
        }
    }
}
