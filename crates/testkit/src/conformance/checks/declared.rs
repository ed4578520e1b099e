//! What the provider declares: variables and failure codes.

use std::collections::BTreeSet;
use std::path::Path;

use credjob::CredentialsProvider;
use credjob::contract::{
    Credentials as _, FailureCodes as _, JobConfig, Params as _, TaskError, codes::FRAMEWORK_CODES,
};

use crate::conformance::bench::{Bench, Order};
use crate::conformance::broken::{Broken, Verdict, ensure};
use crate::conformance::mishap::{Mishap, Step};
use crate::target::Target;

/// The declared variables obey the service's rules, survive printing and reading, and are those of `job_config.json`.
///
/// # Errors
///
/// What the provider got wrong.
#[expect(clippy::unused_async, reason = "every check has one shape")]
pub async fn the_schema_survives_a_round_trip<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let read = |problems: Vec<credjob::contract::ConfigProblem>| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Broken::new(problems.join("; "))
    };
    let config = JobConfig::from_specs(P::Params::FIELDS, P::Credentials::FIELDS);
    let config = config.map_err(|problems| read(problems).at("the declared variables"))?;
    let again = JobConfig::parse(&config.to_json()).map_err(|problems| read(problems).at("the printed schema"))?;
    ensure!(again == config, "the schema changes when it is printed and read");
    let path = Path::new(bench.folder).join("job_config.json");
    if let Ok(file) = std::fs::read_to_string(path) {
        ensure!(file == config.to_json(), "job_config.json is not what the job's `schema` prints; write it anew");
    }
    for name in bench.settings.params.keys() {
        let known = P::Params::FIELDS.iter().any(|field| field.schema_name() == *name);
        ensure!(known, "the target sets the parameter `{name}`, which is not declared");
    }
    Ok(())
}

/// Every failure code is well formed, has the provider's prefix and a meaning, and stands in the README if that has a
/// table of codes.
///
/// # Errors
///
/// What the provider got wrong.
#[expect(clippy::unused_async, reason = "every check has one shape")]
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

/// Every code that a task is told is declared, by the provider or by the framework.
///
/// # Errors
///
/// What the provider got wrong.
pub async fn no_undeclared_code_is_reported<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let known = |code: &str| P::Codes::CODES.iter().chain(FRAMEWORK_CODES).any(|info| info.code == code);
    let refusals = [400, 401, 403, 404, 409, 422, 500].map(Mishap::Status);
    for mishap in refusals.into_iter().chain([Mishap::Garbage, Mishap::RequestLost]) {
        for step in 0..super::MOST_STEPS {
            let task = bench.task();
            let ended = bench.run(&task, Order::create().at(Step::SystemCall(step), mishap)).await?;
            if let Some((code, text)) = task.error() {
                ensure!(known(&code), "{mishap} at step {step}: the code `{code}` is not declared: {text}");
                ensure!(!text.trim().is_empty(), "{mishap} at step {step}: `{code}` says nothing");
            }
            if let Some((id, _)) = task.published() {
                bench.deleted(&id).await?;
            }
            if !ended.met {
                break;
            }
        }
    }
    Ok(())
}
