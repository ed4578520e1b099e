//! What a job binary says about itself: its version and its declarations.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use credjob_contract::JobConfig;
use tokio::process::Command;

use super::report::ProviderFacts;
use crate::problem::Problem;

/// How long a binary may take to describe itself: it does no work for that.
const DESCRIBE_LIMIT: Duration = Duration::from_secs(10);

/// Asks a job binary for its version and its declarations.
pub(crate) async fn describe(program: &Path) -> Result<(ProviderFacts, JobConfig), Problem> {
    let schema = ask(program, "schema").await?;
    let schema = JobConfig::parse(&schema).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Problem::cannot_start(format!("the declarations of {} break the rules of job_config.json", program.display()))
            .output(problems.join("\n"))
            .hint("rename or retype the fields named above")
    })?;
    let name = program.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let facts = ProviderFacts {
        version: ask(program, "--version").await?.trim().to_owned(),
        program: near(program).display().to_string(),
        name,
    };
    Ok((facts, schema))
}

/// The path as seen from the current directory, if it lies below that.
fn near(program: &Path) -> &Path {
    std::env::current_dir().ok().and_then(|here| program.strip_prefix(here).ok()).unwrap_or(program)
}

/// What a job binary answers to a question about itself.
pub(crate) async fn ask(program: &Path, question: &str) -> Result<String, Problem> {
    let not_a_job = |why: String| {
        Problem::cannot_start(format!("`{} {question}` {why}", program.display()))
            .hint("a job's main.rs is one line, credjob::run!(MyProvider); it answers `schema`, `docs` and `--version`")
    };
    let answer = Command::new(program).arg(question).stdin(Stdio::null()).kill_on_drop(true).output();
    let Ok(answer) = tokio::time::timeout(DESCRIBE_LIMIT, answer).await else {
        return Err(not_a_job(format!("did not answer within {} s", DESCRIBE_LIMIT.as_secs())));
    };
    let Output { status, stdout, stderr } = answer.map_err(|error| {
        Problem::cannot_start(format!("cannot run {}: {error}", program.display()))
            .hint("check the path, and that the file may be executed")
    })?;
    if !status.success() {
        return Err(not_a_job(format!("failed ({status})")).output(String::from_utf8_lossy(&stderr)));
    }
    match String::from_utf8(stdout) {
        Ok(answer) if answer.trim().is_empty() => Err(not_a_job("answered nothing".into())),
        Ok(answer) => Ok(answer),
        Err(_) => Err(not_a_job("answered with bytes that are no text".into())),
    }
}
