//! `cargo xtask generated`: files that come from the Rust types, checked or written again.

use std::path::Path;
use std::process::Command;

use crate::command::output;
use crate::failed::{Checked, Failed};
use crate::{readme, workspace};

/// What to do about a file that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Check,
    Fix,
}

/// Compares `job_config.json` and the README tables of each provider with what its binary prints.
pub(crate) fn run(mode: Mode) -> Checked {
    let mut problems = readme::problems(&workspace::root())?;
    for provider in workspace::providers()? {
        let binary = workspace::build_program(&workspace::manifest(&provider), &provider)?;
        let folder = workspace::root().join("providers").join(&provider);
        let schema = output(Command::new(&binary).arg("schema"))?;
        settle(&folder.join("job_config.json"), mode, &mut problems, |_| Some(schema))?;
        let docs = output(Command::new(&binary).arg("docs"))?;
        settle(&folder.join("README.md"), mode, &mut problems, |readme| replaced(readme, &provider, &docs))?;
    }
    Failed::of("generated files differ from the Rust types; `cargo xtask generated --fix` writes them", &problems)
}

/// Brings one file to what it should be, or notes that it is not.
fn settle(path: &Path, mode: Mode, problems: &mut Vec<String>, wanted: impl FnOnce(&str) -> Option<String>) -> Checked {
    let present = std::fs::read_to_string(path).unwrap_or_default();
    match wanted(&present) {
        None => problems.push(format!("{}: no marked place for the tables of `docs`", path.display())),
        Some(wanted) if wanted == present => {}
        Some(_) if mode == Mode::Check => problems.push(path.display().to_string()),
        Some(wanted) => {
            std::fs::write(path, wanted)
                .map_err(|error| Failed::new(format!("cannot write {}: {error}", path.display())))?;
            println!("wrote {}", path.display());
        }
    }
    Ok(())
}

/// The README with `docs` between its two marker lines; `None` without them.
pub(crate) fn replaced(readme: &str, provider: &str, docs: &str) -> Option<String> {
    let begin = format!("<!-- `{provider} docs` begins -->\n");
    let end = format!("<!-- `{provider} docs` ends -->\n");
    let (before, rest) = readme.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{docs}\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_between_the_markers_is_replaced() {
        let readme = "# A\n<!-- `a docs` begins -->\nold\n<!-- `a docs` ends -->\nrest\n";
        let wanted = "# A\n<!-- `a docs` begins -->\n\n| new |\n\n<!-- `a docs` ends -->\nrest\n";
        assert_eq!(replaced(readme, "a", "| new |\n").as_deref(), Some(wanted));
        assert_eq!(replaced(wanted, "a", "| new |\n").as_deref(), Some(wanted));
    }

    #[test]
    fn a_readme_without_markers_is_a_problem() {
        assert_eq!(replaced("# A\n", "a", "x"), None);
    }
}
