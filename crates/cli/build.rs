//! What `credjob new` carries in the binary: the template's files, and the commit that generated projects depend on.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files that only `cargo generate` reads.
const NOT_COPIED: [&str; 2] = ["cargo-generate.toml", "names.rhai"];

/// `cargo generate` takes it off a name too. A template's `Cargo.toml` must not be called so: cargo looks for packages in every folder of a
/// git dependency, and shows an error for a manifest that it cannot read.
const SUFFIX: &str = ".liquid";

/// What a generated project depends on, besides what this command is made of.
const SOURCES: [&str; 3] = ["core", "derive", "testkit"];

fn main() {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let template = here.join("../../templates/provider");
    println!("cargo::rerun-if-changed={}", template.display());
    let mut files = Vec::new();
    collect(&template, &template, &mut files);
    files.sort();
    let mut code = String::from("&[\n");
    for (name, path) in files {
        let _ = writeln!(code, "    ({name:?}, include_str!({:?})),", path.display().to_string());
    }
    code.push_str("]\n");
    let out = PathBuf::from(variable("OUT_DIR")).join("template.rs");
    if let Err(error) = std::fs::write(&out, code) {
        panic!("cannot write {}: {error}", out.display());
    }
    commit(&here);
}

/// The template's files: the path in a project, and the path on this machine.
fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => panic!("cannot read {}: {error}", folder.display()),
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(root, &path, files);
            }
        } else if let Ok(inside) = path.strip_prefix(root) {
            let name = inside.to_string_lossy().replace('\\', "/");
            if !NOT_COPIED.contains(&name.as_str()) {
                files.push((name.trim_end_matches(SUFFIX).to_owned(), path));
            }
        }
    }
}

/// Sets `CREDJOB_COMMIT`, and `CREDJOB_CHANGED` if the checkout has changes that the commit lacks. A source tree that is not a git checkout of its own
/// has none: the commit of a repository around it would be somebody else's.
fn commit(here: &Path) {
    let root = here.join("../..");
    let top = git(here, &["rev-parse", "--show-toplevel"]).map(PathBuf::from);
    if top.is_none_or(|top| top.canonicalize().ok() != root.canonicalize().ok()) {
        return;
    }
    // Written by every commit and every checkout.
    if let Some(log) = git(here, &["rev-parse", "--git-path", "logs/HEAD"]).map(|log| here.join(log))
        && log.is_file()
    {
        println!("cargo::rerun-if-changed={}", log.display());
    }
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join("crates").join(source).join("src").display());
    }
    if let Some(commit) = git(here, &["rev-parse", "HEAD"]) {
        println!("cargo::rustc-env=CREDJOB_COMMIT={commit}");
        if git(&root, &["--no-optional-locks", "status", "--porcelain", "--", "crates", "templates", "Cargo.toml"])
            .is_some()
        {
            println!("cargo::rustc-env=CREDJOB_CHANGED=1");
        }
    }
}

/// What git prints; `None` if it fails or prints nothing.
fn git(here: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(here).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

fn variable(name: &str) -> String {
    match std::env::var(name) {
        Ok(value) => value,
        Err(error) => panic!("cargo sets {name} for build scripts: {error}"),
    }
}
