//! What the README claims: its provider is the doctest of `credjob`, and the tests that it names exist.

use std::collections::BTreeSet;
use std::path::Path;

use crate::failed::{Checked, Failed};

/// Where tests are written.
const SOURCES: [&str; 3] = ["crates", "providers", "tests"];

/// Every claim that does not hold.
pub(crate) fn problems(root: &Path) -> Checked<Vec<String>> {
    let readme = read(&root.join("README.md"))?;
    let tour = read(&root.join("crates/core/src/lib.rs"))?;
    let mut problems = Vec::new();
    if tour_of(&tour).is_none_or(|tour| !readme.contains(&tour)) {
        problems.push("README.md: \"A provider in 40 lines\" is not the doctest of crates/core/src/lib.rs".to_owned());
    }
    let mut tests = BTreeSet::new();
    for folder in SOURCES {
        collect_functions(&root.join(folder), &mut tests)?;
    }
    let missing = named_tests(&readme).filter(|name| !tests.contains(*name));
    problems.extend(missing.map(|name| format!("README.md: there is no test `{name}`")));
    Ok(problems)
}

/// The first code block of a crate's documentation.
fn tour_of(lib: &str) -> Option<String> {
    let mut lines = lib.lines().skip_while(|line| *line != "//! ```").skip(1);
    let code: Vec<&str> = lines
        .by_ref()
        .take_while(|line| *line != "//! ```")
        .map(|line| line.strip_prefix("//! ").unwrap_or_default())
        .collect();
    (!code.is_empty()).then(|| code.join("\n"))
}

/// The tests that the table of evidence and the sentence below it name: words in backticks with at least three underscores.
fn named_tests(readme: &str) -> impl Iterator<Item = &str> {
    readme.split('`').skip(1).step_by(2).filter(|word| {
        word.matches('_').count() >= 3 && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    })
}

fn collect_functions(folder: &Path, names: &mut BTreeSet<String>) -> Checked {
    let entries =
        std::fs::read_dir(folder).map_err(|error| Failed::new(format!("cannot read {}: {error}", folder.display())))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect_functions(&path, names)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(functions(&read(&path)?).map(str::to_owned));
        }
    }
    Ok(())
}

fn functions(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let (_, rest) = line.split_once("fn ")?;
        rest.split('(').next()
    })
}

fn read(path: &Path) -> Checked<String> {
    std::fs::read_to_string(path).map_err(|error| Failed::new(format!("cannot read {}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tour_is_the_first_code_block() {
        let lib = "//! A.\n//!\n//! ```\n//! use a;\n//!\n//! run!();\n//! ```\n//! ```\n//! b\n//! ```\n";
        assert_eq!(tour_of(lib).as_deref(), Some("use a;\n\nrun!();"));
    }

    #[test]
    fn names_of_tests_are_told_from_other_code() {
        let readme = "`a_test_that_shows_it`, `cargo xtask test`, `credentials_created`";
        assert_eq!(named_tests(readme).collect::<Vec<_>>(), ["a_test_that_shows_it"]);
    }

    #[test]
    fn functions_are_found_by_name() {
        let source = "#[test]\nfn one() {\n}\n    async fn two(x: u8) {}\n";
        assert_eq!(functions(source).collect::<Vec<_>>(), ["one", "two"]);
    }
}
