//! `cargo xtask evidence`: the page on what was tried and what was left behind, collected from the runs that tried it.
//!
//! Each program of proof leaves a section in `target/evidence/`; the page is `crates/core/src/guide/evidence.md`.

mod page;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::command::{cargo, output, program_at_root};
use crate::failed::{Checked, Failed};
use crate::generated::Mode;
use crate::{reviews, test, workspace};

/// The page, from the root of the workspace.
const PAGE: &str = "crates/core/src/guide/evidence.md";
/// The sections of the explorer's runs.
const EXPLORED: &str = "10-schedules";
const EXPLORED_THOROUGHLY: &str = "11-triples";
/// Minutes of one processor: no section of CI's own run.
const BY_HAND: [&str; 2] = [EXPLORED_THOROUGHLY, "14-jfrog-triples"];

/// The same over the JFrog provider's own code; the test writes its section.
const JFROG_THOROUGHLY: [&str; 11] = [
    "test",
    "--locked",
    "--profile",
    "explore",
    "--manifest-path",
    "providers/jfrog/Cargo.toml",
    "--test",
    "explore",
    "--",
    "--ignored",
    "--show-output",
];

/// What is run before the page is compared or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runs {
    /// Nothing: the sections are there.
    Nothing,
    /// Every program of proof that CI runs.
    All,
    /// The explorer's triples, too.
    Thorough,
}

/// What the command line asks for; `None` if it is no command line of ours.
pub(crate) fn asked(arguments: &[&str]) -> Option<(Runs, Mode)> {
    let (mut runs, mut mode) = (Runs::All, Mode::Check);
    for argument in arguments {
        match *argument {
            "--fix" => mode = Mode::Fix,
            "--collect" => runs = Runs::Nothing,
            "--thorough" => runs = Runs::Thorough,
            _ => return None,
        }
    }
    Some((runs, mode))
}

/// Runs what is asked for, and compares the page with what the runs say, or writes it.
pub(crate) fn run(runs: Runs, mode: Mode) -> Checked {
    if runs != Runs::Nothing {
        forget()?;
        reviews::run()?;
        explore()?;
        test::run(&[])?;
    }
    if runs == Runs::Thorough {
        explore_thoroughly()?;
    }
    collect(mode)
}

/// Drops the sections of earlier runs: what a run did not leave must not look as if it had.
pub(crate) fn forget() -> Checked {
    let folder = folder()?;
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failed::new(format!("cannot remove {}: {error}", folder.display())))
        }
        _ => Ok(()),
    }
}

/// The explorer's default effort, with the features that the workspace's tests build it with.
pub(crate) fn explore() -> Checked {
    crate::command::run(&mut cargo(&["build", "--locked", "--workspace", "--example", "explore"]))?;
    explored(EXPLORED, "debug", &["--format", "markdown"])
}

fn explore_thoroughly() -> Checked {
    let build = ["build", "--locked", "--profile", "explore", "-p", "credjob-testkit", "--example", "explore"];
    crate::command::run(&mut cargo(&build))?;
    explored(EXPLORED_THOROUGHLY, "explore", &["--effort", "triples", "--format", "markdown"])?;
    crate::command::run(&mut cargo(&JFROG_THOROUGHLY))
}

/// Runs the explorer that was built with this profile; what it prints is the section.
fn explored(name: &str, profile: &str, arguments: &[&str]) -> Checked {
    let explorer = workspace::target_directory()?.join(profile).join("examples").join("explore");
    write(name, &output(program_at_root(explorer).args(arguments))?)
}

/// Leaves a section for the page.
pub(crate) fn write(name: &str, text: &str) -> Checked {
    let folder = folder()?;
    let path = folder.join(format!("{name}.md"));
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, text))
        .map_err(|error| Failed::new(format!("cannot write {}: {error}", path.display())))?;
    eprintln!("wrote {}", path.display());
    Ok(())
}

/// Compares the page with the sections that are there, or writes it.
pub(crate) fn collect(mode: Mode) -> Checked {
    let path = workspace::root().join(PAGE);
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    let kept = page::sections(&present);
    let fresh = fresh_sections()?;
    let missing: Vec<&str> = kept.keys().map(String::as_str).filter(|name| !fresh.contains_key(*name)).collect();
    let mut all: BTreeMap<String, String> = kept.clone();
    all.extend(fresh);
    let wanted = page::render(&all);
    if mode == Mode::Fix {
        for name in missing {
            eprintln!("kept as it was, since no run has left it: {name}");
        }
        if wanted != present {
            std::fs::write(&path, wanted).map_err(|error| Failed::new(format!("cannot write {PAGE}: {error}")))?;
            println!("wrote {PAGE}");
        }
        return Ok(());
    }
    let mut problems: Vec<String> = missing
        .into_iter()
        .filter(|name| !BY_HAND.contains(name))
        .map(|name| format!("{name}: no run has left this section"))
        .collect();
    let changed = all.iter().filter(|(name, text)| kept.get(*name) != Some(text));
    problems.extend(changed.map(|(name, _)| format!("{name}: the run says something else than the page")));
    if problems.is_empty() && wanted != present {
        problems.push("the introduction is not what it should be".to_owned());
    }
    let what = format!(
        "{PAGE} is not what the runs say; `cargo xtask evidence --fix` runs all and writes it, `--collect --fix` writes what the last runs left"
    );
    Failed::of(&what, &problems)
}

/// The sections that runs have left, by name.
fn fresh_sections() -> Checked<BTreeMap<String, String>> {
    let mut sections = BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(folder()?) else { return Ok(sections) };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "md")) {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failed::new(format!("cannot read {}: {error}", path.display())))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        sections.insert(name, page::tidied(&text));
    }
    Ok(sections)
}

fn folder() -> Checked<PathBuf> {
    Ok(workspace::target_directory()?.join("evidence"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_understood() {
        assert_eq!(asked(&[]), Some((Runs::All, Mode::Check)));
        assert_eq!(asked(&["--collect", "--fix"]), Some((Runs::Nothing, Mode::Fix)));
        assert_eq!(asked(&["--fast"]), None);
    }
}
