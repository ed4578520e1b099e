//! A project of `credjob new` without `--credjob-path`: it depends on the git commit that the command was built from.
//!
//! The repository is not asked: git takes this checkout in its place, so the commit is there before it is published.

use std::path::PathBuf;
use std::process::Stdio;

use super::{Bench, copy_versions, write};
use crate::command::{output, program_at_root};
use crate::failed::{Checked, Failed};
use crate::workspace;

/// The name of the project.
const NAME: &str = "pinned";

/// Checks that cargo finds the crates of the project at that commit, and nothing to complain about.
pub(crate) fn resolves(bench: &Bench) -> Checked {
    let mut new = bench.credjob("new");
    new.current_dir(&bench.folder).args([NAME, "--yes"]);
    output(&mut new)?;
    let folder = bench.folder.join(NAME);
    copy_versions(&folder)?;
    let config = bench.folder.join("gitconfig");
    let root = workspace::root();
    write(
        &config,
        &format!(
            "[url \"file://{}\"]\n\tinsteadOf = {}\n[safe]\n\tdirectory = *\n",
            root.display(),
            env!("CARGO_PKG_REPOSITORY")
        ),
    )?;
    let home = fresh_cargo_home(bench)?;
    let mut metadata = program_at_root(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    metadata.args(["metadata", "--format-version", "1"]).current_dir(&folder).stdin(Stdio::null());
    // Cargo's own git library does not know `insteadOf`.
    metadata.env("GIT_CONFIG_GLOBAL", &config).env("CARGO_NET_GIT_FETCH_WITH_CLI", "true").env("CARGO_HOME", &home);
    let answer = metadata.output().map_err(|error| Failed::new(format!("cannot run cargo: {error}")))?;
    let (found, said) = (String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr));
    let commit = output(program_at_root("git").args(["rev-parse", "HEAD"]))?;
    let source = format!("{}?rev={}", env!("CARGO_PKG_REPOSITORY"), commit.trim());
    // Cargo looks into every folder of the repository, and goes on after an error: an author would wonder about it.
    if answer.status.success() && found.contains(&source) && !said.contains("error") {
        return Ok(());
    }
    Err(Failed::new(format!("a project that depends on the commit {} does not resolve:\n{said}", commit.trim())).hint(
        "`credjob new` without --credjob-path makes such a project; changes that are not committed yet are not in it",
    ))
}

/// A home for cargo with the registry of the real one, and no copy of our repository: git does not mix what it has fetched from a shallow checkout
/// with what it has fetched from a whole one.
fn fresh_cargo_home(bench: &Bench) -> Checked<PathBuf> {
    let real = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))
        .ok_or_else(|| Failed::new("neither CARGO_HOME nor HOME is set"))?;
    let home = bench.folder.join("cargo-home");
    std::fs::create_dir_all(&home)
        .and_then(|()| std::os::unix::fs::symlink(real.join("registry"), home.join("registry")))
        .map_err(|error| Failed::new(format!("cannot make {}: {error}", home.display())))?;
    Ok(home)
}
