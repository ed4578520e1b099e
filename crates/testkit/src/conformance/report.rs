//! What a test says, for people and for `credjob check`.

use std::fmt;

use serde_json::json;

use super::broken::Verdict;
use super::rule::{About, RULES, Rule};

/// Set to `lines`, each test prints one line for programs on standard output: this mark, a space, and a JSON object.
const VARIABLE: &str = "CREDJOB_KIT_REPORT";
const MARK: &str = "credjob-kit-report";

/// The version of the object. A field may be added under the same number; a changed meaning gets a new one.
const VERSION: u32 = 1;

/// Something that is no fault, but that an author and a reader of the tests should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub about: About,
    /// What there is to know.
    pub text: String,
    /// What could be done about it.
    pub fix: &'static str,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "note ({}): {}; {}", self.about.as_str(), self.text, self.fix)
    }
}

/// Prints how the test of a rule ended. `cargo test -- --show-output` shows it for tests that pass.
#[expect(clippy::print_stdout, reason = "how a test speaks; cargo shows or hides it")]
pub(super) fn tell(rule: &Rule, verdict: &Verdict, notices: &[Notice]) {
    if std::env::var_os(VARIABLE).is_some_and(|how| how == "lines") {
        println!("{MARK} {}", line(rule, verdict, notices));
    } else {
        for notice in notices {
            println!("{notice}");
        }
    }
}

fn line(rule: &Rule, verdict: &Verdict, notices: &[Notice]) -> String {
    let broken = verdict.as_ref().err();
    let notices: Vec<_> = notices
        .iter()
        .map(|notice| json!({ "about": notice.about.as_str(), "what": notice.text, "fix": notice.fix }))
        .collect();
    json!({
        "version": VERSION,
        "tests": RULES.len(),
        "number": RULES.iter().position(|one| one == rule),
        "test": rule.test,
        "about": rule.about.as_str(),
        "broken": broken.map(ToString::to_string),
        "fix": broken.map(|broken| broken.fix(rule)),
        "notices": notices,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::Broken;

    #[test]
    fn a_line_for_programs_holds_everything_that_a_person_is_told() {
        let rule = Rule::of("deleting_twice_succeeds").unwrap();
        let notice = Notice { about: About::Verify, text: "there is none".to_owned(), fix: "write one" };
        let said: serde_json::Value =
            serde_json::from_str(&line(rule, &Err(Broken::new("exit code 3\nagain")), &[notice])).unwrap();
        assert_eq!(said["test"], "deleting_twice_succeeds");
        assert_eq!(said["tests"], RULES.len());
        assert_eq!(said["number"], RULES.iter().position(|one| one == rule).unwrap());
        assert_eq!(
            (&said["about"], &said["broken"], &said["fix"]),
            (&json!("delete"), &json!("exit code 3\nagain"), &json!(rule.fix))
        );
        assert_eq!(said["notices"], json!([{ "about": "verify", "what": "there is none", "fix": "write one" }]));
    }

    #[test]
    fn a_rule_that_is_kept_has_nothing_to_do() {
        let rule = Rule::of("deleting_twice_succeeds").unwrap();
        let said = line(rule, &Ok(()), &[]);
        assert!(said.contains(r#""broken":null"#) && said.contains(r#""fix":null"#), "{said}");
    }
}
