//! What a project's folder shows by itself: optional methods that are worth it, and the conformance test. For what the kit
//! is not asked for.

use std::path::Path;

use super::finding::{Check, Report};
use super::source::{self, Source};

/// The test that every provider has.
const CONFORMANCE: &str = "tests/conformance.rs";

/// Looks for the optional methods. A macro could make them, so that their absence is only "not seen".
pub(crate) fn sources(files: &[Source], report: &mut Report) {
    if !defines(files, "leftovers") {
        report.warning(
            Check::Leftovers,
            "src/",
            "`fn leftovers` is not seen in src/: after a lost answer nothing can be looked for, and the run ends with exit code 4",
            "list what an attempt made, by the marker; a provider that keeps nothing returns `Leftovers::none()`",
        );
    }
    if !defines(files, "verify") {
        report.warning(
            Check::Verify,
            "src/",
            "`fn verify` is not seen in src/: a credential that does not work would be published",
            "try the new credential in `verify`: a failure undoes it before anyone gets it",
        );
    }
}

/// Looks for the tests that run the real job. Whether `delete` is idempotent is asked there.
pub(crate) fn conformance(folder: &Path, report: &mut Report) {
    if !folder.join(CONFORMANCE).is_file() {
        report.warning(
            Check::Conformance,
            CONFORMANCE,
            "is missing: nothing shows that deleting twice succeeds, or that a killed run leaves nothing behind",
            "write it with credjob_testkit; a project of `credjob new` has one",
        );
    } else if !runs_the_kit(folder) {
        report.warning(
            Check::Conformance,
            CONFORMANCE,
            "`conformance!` is not seen in tests/: nothing asks whether deleting twice succeeds, or a killed run leaves nothing behind",
            "run the kit on the provider: credjob_testkit::conformance!(...)",
        );
    }
}

/// Whether the macro of the conformance kit is seen in the tests.
pub(crate) fn runs_the_kit(folder: &Path) -> bool {
    let of_the_kit = |file: &Source| file.code().any(|(_, line)| line.contains("conformance!"));
    folder.join(CONFORMANCE).is_file() && source::read(folder, "tests").iter().any(of_the_kit)
}

fn defines(files: &[Source], method: &str) -> bool {
    let open = format!("fn {method}(");
    let generic = format!("fn {method}<");
    files.iter().any(|file| file.code().any(|(_, line)| line.contains(&open) || line.contains(&generic)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(text: &str) -> Vec<Check> {
        let mut report = Report::new("acme");
        sources(&[Source { path: "src/provider.rs".to_owned(), text: text.to_owned() }], &mut report);
        report.findings().iter().map(|finding| finding.check).collect()
    }

    #[test]
    fn a_method_in_a_comment_is_not_seen() {
        assert_eq!(checks("// async fn leftovers(&self)\nasync fn verify(&self) {}\n"), [Check::Leftovers]);
    }

    #[test]
    fn both_methods_are_seen() {
        assert!(checks("async fn leftovers(&self) {}\n    async fn verify<'a>(&self) {}\n").is_empty());
    }

    #[test]
    fn the_conformance_kit_is_looked_for_in_the_template() {
        let mut report = Report::new("acme");
        conformance(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/provider"), &mut report);
        assert_eq!(report.warnings(), 0);
    }

    #[test]
    fn a_missing_conformance_test_is_a_warning() {
        let mut report = Report::new("acme");
        conformance(Path::new("/no/such/project"), &mut report);
        assert_eq!(report.warnings(), 1);
    }
}
