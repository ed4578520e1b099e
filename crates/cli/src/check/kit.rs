//! What the project's conformance kit says: it is built, run and read, since only a running provider shows what it does.

mod run;

use std::path::Path;

use serde_json::Value;

use super::finding::{Check, Report};
use super::project;
use crate::problem::Problem;

/// The test target that the kit's tests are in.
const TARGET: &str = "conformance";
/// Its file.
const FILE: &str = "tests/conformance.rs";
/// The module that the kit's macro makes.
const MODULE: &str = "conformance_kit::";

/// The version of the lines that this command reads.
const VERSION: u64 = 1;

/// The longest text of a test in a table, in characters; the test itself tells all of it.
const MAX_TEXT: usize = 300;

/// The kit of one project.
#[derive(Debug)]
pub(crate) enum Kit {
    /// Why it was not run.
    NotAsked(&'static str),
    /// The tests do not build, or cannot be started.
    NotBuilt(Problem),
    /// What its tests said, and how the run ended.
    Ran {
        /// One object for each test, as it was printed.
        lines: Vec<Value>,
        /// How the process ended.
        ended: String,
    },
}

/// Builds the tests of the project in `folder` and runs those of the kit.
pub(crate) async fn ask(folder: &Path) -> Kit {
    if !project::runs_the_kit(folder) {
        return Kit::NotAsked("the project's tests do not run the conformance kit");
    }
    run::tests(folder).await.unwrap_or_else(Kit::NotBuilt)
}

impl Kit {
    /// Whether there is anything to be read from it.
    pub(crate) fn has_run(&self) -> bool {
        matches!(self, Self::Ran { .. })
    }

    /// Puts what it found into the report.
    pub(crate) fn tell(&self, report: &mut Report) {
        match self {
            Self::NotAsked(why) => {
                for check in [Check::Delete, Check::FailureCodes] {
                    report.skip(check, *why);
                }
            }
            Self::NotBuilt(problem) => {
                for check in [Check::Delete, Check::FailureCodes] {
                    report.skip(check, "the conformance kit cannot be run");
                }
                report.error(Check::Conformance, FILE, problem.message(), "mend it: cargo test --test conformance");
            }
            Self::Ran { lines, ended } => tell(lines, ended, report),
        }
    }
}

fn tell(lines: &[Value], ended: &str, report: &mut Report) {
    let (mut ours, others): (Vec<&Value>, Vec<&Value>) = lines.iter().partition(|line| line["version"] == VERSION);
    if !others.is_empty() {
        report.error(
            Check::Conformance,
            FILE,
            "the conformance kit is of a version that this command cannot read",
            "take credjob and credjob-testkit of one version",
        );
        return;
    }
    let expected = ours.first().and_then(|line| line["tests"].as_u64()).unwrap_or(1);
    if (ours.len() as u64) < expected {
        report.error(
            Check::Conformance,
            FILE,
            format!("the conformance kit ended ({ended}) after {} of its {expected} tests", ours.len()),
            "see why: cargo test --test conformance conformance_kit",
        );
    }
    // They end in any order.
    ours.sort_by_key(|line| line["number"].as_u64());
    for line in ours {
        if let Some(broken) = line["broken"].as_str() {
            let test = text(&line["test"]);
            let fix = format!("{}; all of it: cargo test --test conformance {test}", text(&line["fix"]));
            report.error(about(line), test, shortened(broken), fix);
        }
        for notice in line["notices"].as_array().into_iter().flatten() {
            match about(notice) {
                // Good reasons are no fault.
                Check::FailureCodes => report.skip(Check::FailureCodes, text(&notice["what"])),
                check => report.warning(check, FILE, text(&notice["what"]), text(&notice["fix"])),
            }
        }
    }
}

/// What a test or a notice is about. A kit may know more words than we do.
fn about(object: &Value) -> Check {
    match object["about"].as_str() {
        Some("verify") => Check::Verify,
        Some("leftovers") => Check::Leftovers,
        Some("delete") => Check::Delete,
        Some("failure-codes") => Check::FailureCodes,
        _ => Check::Conformance,
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// One line, not too long.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_TEXT { line } else { line.chars().take(MAX_TEXT).chain("...".chars()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(test: &str, about: &str, broken: Option<&str>, notices: &Value) -> Value {
        json!({ "version": 1, "tests": 2, "test": test, "about": about, "broken": broken, "fix": broken.map(|_| "mend it"), "notices": notices })
    }

    fn told(lines: &[Value]) -> (Vec<String>, usize) {
        let mut report = Report::new("acme");
        Kit::Ran { lines: lines.to_vec(), ended: "exit status: 101".to_owned() }.tell(&mut report);
        let told = report.findings().into_iter().map(|finding| {
            format!(
                "{} {}: {} ({}; {})",
                finding.severity.name(),
                finding.check.name(),
                finding.what,
                finding.place,
                finding.fix
            )
        });
        (told.collect(), report.skipped().len())
    }

    #[test]
    fn a_broken_rule_is_an_error_that_says_how_to_see_all_of_it() {
        let broken = line("deleting_twice_succeeds", "delete", Some("exit code 3,\n  task failed"), &json!([]));
        let (told, _) = told(&[broken, line("another", "create", None, &json!([]))]);
        assert_eq!(
            told,
            [
                "error delete: exit code 3, task failed (deleting_twice_succeeds; mend it; all of it: cargo test --test conformance deleting_twice_succeeds)"
            ]
        );
    }

    #[test]
    fn what_a_provider_lacks_is_a_warning_and_a_reason_is_a_note() {
        let lacks = json!([{ "about": "verify", "what": "there is no verify", "fix": "write one" }]);
        let excuse = json!([{ "about": "failure-codes", "what": "1 of 2 codes are not provoked", "fix": "nothing" }]);
        let (told, skipped) = told(&[line("a", "verify", None, &lacks), line("b", "failure-codes", None, &excuse)]);
        assert_eq!(told, ["warning verify: there is no verify (tests/conformance.rs; write one)"]);
        assert_eq!(skipped, 1);
    }

    #[test]
    fn a_kit_that_ended_early_is_an_error() {
        for lines in [vec![], vec![line("a", "create", None, &json!([]))]] {
            let (told, _) = told(&lines);
            assert_eq!(told.len(), 1);
            assert!(
                told[0].starts_with("error conformance: the conformance kit ended (exit status: 101) after"),
                "{told:?}"
            );
        }
    }

    #[test]
    fn lines_of_another_version_are_not_guessed_at() {
        let mut newer = line("a", "create", Some("?"), &json!([]));
        newer["version"] = json!(2);
        assert_eq!(told(&[newer]).0.len(), 1);
    }

    #[test]
    fn a_kit_that_was_not_asked_says_so() {
        let mut report = Report::new("acme");
        Kit::NotAsked("--no-kit is given").tell(&mut report);
        assert_eq!((report.errors(), report.skipped().len()), (0, 2));
    }
}
