//! What libFuzzer wrote while it ran.

use std::path::{Path, PathBuf};

/// The figures of one run.
pub(crate) struct Log {
    /// The file with all that was written.
    pub(crate) path: PathBuf,
    /// How many inputs were checked.
    pub(crate) runs: Option<u64>,
    /// How many edges of the program were reached.
    pub(crate) coverage: Option<u64>,
    /// How many inputs reach all of them.
    pub(crate) corpus: Option<u64>,
    /// Why it ended early; empty if it did not.
    pub(crate) reason: String,
    /// The file with the input at which it ended early.
    pub(crate) input: Option<String>,
}

impl Log {
    pub(crate) fn read(path: &Path, text: &str) -> Self {
        let stat = |name: &str| number_after(text, &format!("stat::{name}:"));
        Self {
            path: path.to_owned(),
            runs: stat("number_of_executed_units"),
            coverage: number_after(text, " cov: "),
            corpus: number_after(text, " corp: "),
            reason: reason(text),
            input: line_after(text, "Test unit written to ").map(str::to_owned),
        }
    }
}

/// The number after the last mark.
fn number_after(text: &str, mark: &str) -> Option<u64> {
    let (_, rest) = text.rsplit_once(mark)?;
    let rest = rest.trim_start();
    let end = rest.find(|other: char| !other.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// The rest of the line after the last mark.
fn line_after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.rsplit_once(mark)?.1.lines().next()
}

/// The message of the property that did not hold, or libFuzzer's own reason.
fn reason(text: &str) -> String {
    let mut lines = text.lines();
    let panicked = lines.by_ref().any(|line| line.starts_with("thread ") && line.contains(" panicked at "));
    let message = if panicked { lines.next() } else { line_after(text, "ERROR: ") };
    message.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = "#2\tINITED cov: 12 ft: 13 corp: 1/1b\n#524288\tpulse  cov: 610 ft: 1832 corp: 214/9Kb\n\
        Done 900001 runs in 61 second(s)\nstat::number_of_executed_units: 900001\nstat::average_exec_per_sec:     14754\n";

    const CRASH: &str = "#2\tINITED cov: 12 ft: 13 corp: 1/1b\n\nthread '<unnamed>' (7) panicked at src/targets/x.rs:7:9:\nit does not hold\n\
        ==7== ERROR: libFuzzer: deadly signal\nartifact_prefix='a/'; Test unit written to a/crash-1\n";

    #[test]
    fn the_last_figures_count() {
        let log = Log::read(Path::new("log"), FINE);
        assert_eq!((log.runs, log.coverage, log.corpus), (Some(900_001), Some(610), Some(214)));
        assert_eq!((log.reason.as_str(), log.input), ("", None));
    }

    #[test]
    fn a_property_that_does_not_hold_is_quoted_with_its_input() {
        let log = Log::read(Path::new("log"), CRASH);
        assert_eq!((log.reason.as_str(), log.input.as_deref()), ("it does not hold", Some("a/crash-1")));
        assert_eq!(log.runs, None);
    }

    #[test]
    fn libfuzzers_own_reason_is_quoted() {
        let log = Log::read(Path::new("log"), "==7== ERROR: libFuzzer: timeout after 5 seconds\n");
        assert_eq!(log.reason, "libFuzzer: timeout after 5 seconds");
    }
}
