//! Where a generated project takes credjob from: the commit of this command, or a checkout on this machine.

use std::path::Path;

use super::answers::{self, Ask};
use crate::problem::Problem;

/// The commit that this command was built from, if it was built from a git checkout.
const COMMIT: Option<&str> = option_env!("CREDJOB_COMMIT");

/// Whether the checkout had changes that the commit lacks.
const CHANGED: bool = option_env!("CREDJOB_CHANGED").is_some();

/// The repository that holds the commit.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The keys of the dependencies in a generated `Cargo.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) credjob: String,
    pub(crate) testkit: String,
    /// The commit, unless it is a checkout.
    commit: Option<String>,
}

impl Source {
    /// The checkout at `path` (as seen from `here`), or the commit of this command.
    pub(crate) fn find(path: Option<&Path>, here: &Path, ask: Ask) -> Result<Self, Problem> {
        match (path, COMMIT, ask) {
            (Some(path), _, _) => Self::checkout(&here.join(path)),
            (None, Some(commit), _) => Ok(Self::commit(commit)),
            (None, None, Ask::Terminal) => {
                Self::checkout(&here.join(answers::path("Path of a credjob checkout (this command has no commit): ")?))
            }
            (None, None, Ask::Nobody) => {
                Err(Problem::usage("this command was not built from a git commit that a project could depend on")
                    .hint("name a checkout of credjob: --credjob-path PATH"))
            }
        }
    }

    fn commit(commit: &str) -> Self {
        let keys = format!("git = {}, rev = {}", toml(REPOSITORY), toml(commit));
        Self { credjob: keys.clone(), testkit: keys, commit: Some(commit.to_owned()) }
    }

    fn checkout(root: &Path) -> Result<Self, Problem> {
        let keys = |folder: &str| {
            let package = root.join("crates").join(folder);
            if !package.join("Cargo.toml").is_file() {
                return Err(Problem::usage(format!(
                    "{} is no checkout of credjob: it has no crates/{folder}",
                    root.display()
                ))
                .hint("name the folder that holds credjob's README.md"));
            }
            let package = package.canonicalize().unwrap_or(package);
            match package.to_str() {
                Some(package) => Ok(format!("path = {}", toml(package))),
                None => {
                    Err(Problem::usage(format!("the path {} is no text that Cargo.toml can hold", package.display()))
                        .hint("move the checkout"))
                }
            }
        };
        Ok(Self { credjob: keys("core")?, testkit: keys("testkit")?, commit: None })
    }

    /// What a person should know about it; nothing about a checkout.
    pub(crate) fn note(&self) -> String {
        self.commit.as_deref().map(|commit| note(commit, CHANGED)).unwrap_or_default()
    }
}

fn note(commit: &str, changed: bool) -> String {
    let short = commit.get(..12).unwrap_or(commit);
    let changed =
        if changed { "\nnote: this command was built with changes that the commit does not have" } else { "" };
    format!(
        "note: the project depends on commit {short} of {REPOSITORY}{changed}\n\
         hint: if cargo cannot fetch that, or to take a checkout as it is: credjob new ... --credjob-path PATH\n"
    )
}

/// A basic string of TOML.
fn toml(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            control if control.is_control() => quoted.extend(format!("\\U{:08X}", u32::from(control)).chars()),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn a_checkout_is_named_by_its_absolute_paths() {
        let source = Source::find(Some(Path::new("../..")), here(), Ask::Nobody).expect("this checkout");
        assert!(source.credjob.starts_with("path = \"/") && source.credjob.ends_with("crates/core\""), "{source:?}");
        assert!(source.testkit.ends_with("crates/testkit\""), "{source:?}");
    }

    #[test]
    fn a_folder_that_is_no_checkout_is_refused() {
        let text = Source::find(Some(Path::new("src")), here(), Ask::Nobody).expect_err("no checkout").to_string();
        assert!(text.contains("crates/core") && text.contains("hint:"), "{text}");
    }

    #[test]
    fn a_commit_is_pinned() {
        assert!(Source::commit("0123abcd").testkit.ends_with("rev = \"0123abcd\""));
    }

    #[test]
    fn a_commit_that_lacks_the_commands_own_changes_is_told() {
        assert!(
            note("0123456789abcdef", true).contains("commit 0123456789ab of ") && note("0", true).contains("changes")
        );
        assert!(!note("0123456789abcdef", false).contains("changes"));
    }

    #[test]
    fn a_path_cannot_end_its_string() {
        assert_eq!(toml("a\"b\\c\nd"), "\"a\\\"b\\\\c\\U0000000Ad\"");
    }
}
