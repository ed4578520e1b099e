//! Where things are in this workspace.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{cargo, output, run};
use crate::failed::{Checked, Failed};

/// The root of the workspace: two folders above this package.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The names of the provider packages, sorted. Each is a folder of `providers/`, a package and a binary.
pub(crate) fn providers() -> Checked<Vec<String>> {
    let entries = std::fs::read_dir(root().join("providers"))
        .map_err(|error| Failed::new(format!("cannot read providers/: {error}")))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// The manifest of a provider. Tools build providers by it, never by `-p` (DESIGN 4).
pub(crate) fn manifest(provider: &str) -> String {
    format!("providers/{provider}/Cargo.toml")
}

/// What `cargo metadata` says about the workspace.
pub(crate) fn metadata() -> Checked<Value> {
    let text = output(&mut cargo(&["metadata", "--format-version", "1", "--locked"]))?;
    serde_json::from_str(&text).map_err(|error| Failed::new(format!("cannot read `cargo metadata`: {error}")))
}

/// The packages in what `cargo metadata` says.
pub(crate) fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

/// What `cargo metadata` says about one version of a package.
pub(crate) fn package<'a>(metadata: &'a Value, name: &str, version: &str) -> Checked<&'a Value> {
    packages(metadata)
        .find(|package| package["name"] == name && package["version"] == version)
        .ok_or_else(|| Failed::new(format!("`cargo metadata` knows no {name} {version}")))
}

/// The target directory.
pub(crate) fn target_directory() -> Checked<PathBuf> {
    let text = output(&mut cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    serde_json::from_str::<Value>(&text)
        .ok()
        .and_then(|metadata| metadata["target_directory"].as_str().map(PathBuf::from))
        .ok_or_else(|| Failed::new("`cargo metadata` names no target directory"))
}

/// A folder of our own in the target directory.
pub(crate) fn scratch(name: &str) -> Checked<PathBuf> {
    let folder = target_directory()?.join("xtask").join(name);
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failed::new(format!("cannot create {}: {error}", folder.display())))?;
    Ok(folder)
}

/// Builds the program `bin` of the package at `manifest` for development and returns a copy of it. The copy stays what it is when a later build
/// of the whole workspace, with all features of all packages, writes its own to the same path.
pub(crate) fn build_program(manifest: &str, bin: &str) -> Checked<PathBuf> {
    run(&mut cargo(&["build", "--locked", "--manifest-path", manifest, "--bin", bin]))?;
    let built = target_directory()?.join("debug").join(bin);
    let copy = scratch("bin")?.join(bin);
    // A running program cannot be written to, but its name can be given to another file.
    let fresh = copy.with_extension("new");
    std::fs::copy(&built, &fresh)
        .and_then(|_| std::fs::rename(&fresh, &copy))
        .map_err(|error| Failed::new(format!("cannot copy {}: {error}", built.display())))?;
    Ok(copy)
}
