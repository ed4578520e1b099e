//! What `credjob new` carries in the binary: the template's files, and the commit that generated projects depend on.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files that only `cargo generate` reads.
const NOT_COPIED: [&str; 2] = ["cargo-generate.toml", "names.rhai"];

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
                files.push((name, path));
            }
        }
    }
}

/// Sets `CREDJOB_COMMIT`; a source tree without git has none.
fn commit(here: &Path) {
    // Written by every commit and every checkout.
    if let Some(log) = git(here, &["rev-parse", "--git-path", "logs/HEAD"]).map(|log| here.join(log))
        && log.is_file()
    {
        println!("cargo::rerun-if-changed={}", log.display());
    }
    if let Some(commit) = git(here, &["rev-parse", "HEAD"]) {
        println!("cargo::rustc-env=CREDJOB_COMMIT={commit}");
    }
}

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
