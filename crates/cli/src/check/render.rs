//! How findings look: a table for people, or one versioned document.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use serde_json::{Value, json};

use super::finding::{Check, Finding, Report, Severity};

/// The version of the JSON document. A field may be added under the same number; a changed meaning gets a new one.
const DOCUMENT_VERSION: u32 = 1;

/// Whether to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    On,
    Off,
}

impl Colour {
    /// Colours stand on a terminal only, and `NO_COLOR` is honoured.
    pub(crate) fn of_process() -> Self {
        let set = |name, test: fn(&std::ffi::OsStr) -> bool| std::env::var_os(name).is_some_and(|value| test(&value));
        let plain = set("NO_COLOR", |value| !value.is_empty()) || set("TERM", |value| value == "dumb");
        if std::io::stdout().is_terminal() && !plain { Self::On } else { Self::Off }
    }

    fn severity(self, severity: Severity) -> String {
        let padded = format!("{:<7}", severity.name());
        match (self, severity) {
            (Self::Off, _) => padded,
            (Self::On, Severity::Error) => format!("\u{1b}[1;31m{padded}\u{1b}[0m"),
            (Self::On, Severity::Warning) => format!("\u{1b}[33m{padded}\u{1b}[0m"),
        }
    }
}

/// The table, what was not checked, and the verdict.
pub(crate) fn table(report: &Report, colour: Colour) -> String {
    let findings = report.findings();
    let mut text = String::new();
    let check_width = findings.iter().map(|finding| finding.check.name().len()).max().unwrap_or(0);
    let place_width = findings.iter().map(|finding| finding.place.chars().count()).max().unwrap_or(0);
    for finding in findings {
        let severity = colour.severity(finding.severity);
        let indent = " ".repeat(7 + 2 + check_width + 2 + place_width + 2);
        let (check, place) = (finding.check.name(), printable(&finding.place));
        let _ =
            writeln!(text, "{severity}  {check:<check_width$}  {place:<place_width$}  {}", printable(&finding.what));
        let _ = writeln!(text, "{indent}fix: {}", printable(&finding.fix));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    for (check, why) in report.skipped() {
        let _ = writeln!(text, "not checked: {} ({why})", check.name());
    }
    let _ = writeln!(
        text,
        "{}: {} checks, {}, {}",
        printable(&report.subject),
        report.made(),
        counted(report.errors(), "error"),
        counted(report.warnings(), "warning")
    );
    text
}

/// The document of `--format json`.
pub(crate) fn document(report: &Report) -> String {
    let findings: Vec<Value> = report.findings().into_iter().map(finding).collect();
    let skipped: Vec<Value> =
        report.skipped().iter().map(|(check, why)| json!({"check": check.name(), "reason": why})).collect();
    let checks: Vec<&str> = Check::ALL.iter().map(|check| check.name()).collect();
    let document = json!({
        "version": DOCUMENT_VERSION,
        "subject": report.subject,
        "checks": checks,
        "findings": findings,
        "not_checked": skipped,
        "verdict": { "ok": report.errors() == 0, "errors": report.errors(), "warnings": report.warnings() },
    });
    format!("{document:#}\n")
}

fn finding(finding: &Finding) -> Value {
    json!({
        "severity": finding.severity.name(),
        "check": finding.check.name(),
        "place": finding.place,
        "what": finding.what,
        "fix": finding.fix,
    })
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

/// Names come from files that others wrote: no control character of theirs reaches a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::new("acme");
        report.warning(Check::Leftovers, "src/", "`fn leftovers` is not seen", "list what an attempt made");
        report.error(Check::JobConfig, "SMIN_A", "is missing\u{1b}[2J", "cargo run -- schema > job_config.json");
        report.skip(Check::Configuration, "no --config FILE is given");
        report
    }

    #[test]
    fn findings_as_a_table() {
        insta::assert_snapshot!(table(&report(), Colour::Off));
    }

    #[test]
    fn findings_as_a_document() {
        insta::assert_snapshot!(document(&report()));
    }

    #[test]
    fn nothing_found_is_one_line() {
        assert_eq!(table(&Report::new("acme"), Colour::Off), "acme: 13 checks, 0 errors, 0 warnings\n");
    }

    #[test]
    fn a_colour_changes_no_words() {
        let coloured = table(&report(), Colour::On);
        assert!(coloured.contains("\u{1b}[1;31merror  \u{1b}[0m  job-config"), "{coloured}");
    }
}
