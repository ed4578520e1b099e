//! Runs the kit's tests and reads what they print for programs.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;

use super::{Kit, MODULE, TARGET};
use crate::dry_run::build::{self, Artifact};
use crate::dry_run::screen;
use crate::problem::Problem;

/// Set to `lines`, each test of the kit prints one line that begins with the mark and goes on with a JSON object.
const VARIABLE: (&str, &str) = ("CREDJOB_KIT_REPORT", "lines");
const MARK: &str = "credjob-kit-report ";

/// How long the kit may take: with a real server behind it a minute, on a busy machine a few.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Builds and runs them.
pub(super) async fn tests(folder: &Path) -> Result<Kit, Problem> {
    let program = build::build(folder, Artifact::Test(TARGET), false).await.inspect_err(|problem| {
        // The finding has room for one line only.
        screen::note(&problem.to_string());
    })?;
    let step = screen::step(format!("running the conformance kit (cargo test --test {TARGET} {MODULE})"));
    let cannot_start =
        |error: std::io::Error| Problem::cannot_start(format!("cannot run {}: {error}", program.display()));
    let mut child = Command::new(&program)
        .args([MODULE, "--nocapture"])
        .env(VARIABLE.0, VARIABLE.1)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(cannot_start)?;
    let mut lines = Vec::new();
    let ended = async {
        if let Some(stdout) = child.stdout.take() {
            read(stdout, &mut lines, |test| step.detail(test)).await;
        }
        child.wait().await
    };
    let ended = match tokio::time::timeout(LIMIT, ended).await {
        Ok(ended) => ended.map_err(cannot_start)?.to_string(),
        Err(_) => format!("cut after {} min", LIMIT.as_secs() / 60),
    };
    Ok(Kit::Ran { lines, ended })
}

/// Collects the lines for programs; everything else is for people.
async fn read(output: impl AsyncRead + Unpin, lines: &mut Vec<Value>, mut seen: impl FnMut(&str)) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line).await.is_ok_and(|length| length > 0) {
        let text = String::from_utf8_lossy(&line);
        // The harness may have begun the line.
        let object = text.split_once(MARK).and_then(|(_, object)| serde_json::from_str::<Value>(object).ok());
        if let Some(object) = object {
            seen(object["test"].as_str().unwrap_or_default());
            lines.push(object);
        }
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_for_programs_are_found_among_those_of_the_harness() {
        let output = b"running 2 tests\ntest a ... credjob-kit-report {\"test\":\"a\"}\nok\n\xff\ncredjob-kit-report {\"test\":\"b\"}\ncredjob-kit-report {";
        let (mut lines, mut seen) = (Vec::new(), Vec::new());
        read(output.as_slice(), &mut lines, |test| seen.push(test.to_owned())).await;
        assert_eq!((lines.len(), seen), (2, vec!["a".to_owned(), "b".to_owned()]));
    }
}
