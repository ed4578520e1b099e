//! Which provider is meant: a folder of `providers/`, or any directory with a `Cargo.toml`.

use std::path::{Component, Path, PathBuf};

use crate::problem::Problem;
use crate::suggest;

/// The folder of a workspace that holds one provider each (DESIGN 4).
const PROVIDERS: &str = "providers";

/// Finds the provider's directory, as seen from `from`.
pub(crate) fn find(argument: &Path, from: &Path) -> Result<PathBuf, Problem> {
    if let Some(name) = bare_name(argument)
        && let Some(found) = roots(from).map(|root| root.join(name)).find(|directory| is_package(directory))
    {
        return Ok(found);
    }
    let directory = from.join(argument);
    if is_package(&directory) {
        return Ok(directory);
    }
    let problem = Problem::usage(format!(
        "`{}` is neither a provider of this workspace nor a directory with a Cargo.toml",
        argument.display()
    ));
    Err(problem.hint(hint(&argument.to_string_lossy(), &names(from))))
}

/// The error for a command line that names no provider at all.
pub(crate) fn none_named(from: &Path) -> Problem {
    Problem::usage("no provider is named and no --bin is given").hint(hint("", &names(from)))
}

fn hint(given: &str, names: &[String]) -> String {
    if names.is_empty() {
        return "no `providers/` folder is here or above; name a directory with a Cargo.toml, or a job binary with --bin".to_owned();
    }
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    match suggest::nearest(given, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the providers found here: {}", known.join(", ")),
    }
}

/// The names of all providers that can be seen from `from`, sorted.
fn names(from: &Path) -> Vec<String> {
    let Some(root) = roots(from).find(|root| root.is_dir()) else {
        return Vec::new();
    };
    let mut names: Vec<String> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| is_package(&entry.path()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn roots(from: &Path) -> impl Iterator<Item = PathBuf> {
    from.ancestors().map(|directory| directory.join(PROVIDERS)).collect::<Vec<_>>().into_iter()
}

fn bare_name(argument: &Path) -> Option<&Path> {
    let mut components = argument.components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(_)), None) => Some(argument),
        _ => None,
    }
}

fn is_package(directory: &Path) -> bool {
    directory.join("Cargo.toml").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This crate's own folder: `crates/cli` of the workspace.
    fn here() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn a_bare_name_is_found_in_a_providers_folder_above() {
        let found = find(Path::new("certificate"), here()).expect("the workspace has it");
        assert!(found.ends_with("providers/certificate"), "{found:?}");
    }

    #[test]
    fn any_directory_with_a_manifest_is_a_provider() {
        let found = find(Path::new("../emulator"), here()).expect("a package");
        assert!(found.join("Cargo.toml").is_file());
    }

    #[test]
    fn a_misspelt_provider_gets_a_suggestion() {
        let problem = find(Path::new("certifcate"), here()).expect_err("no such provider");
        assert!(problem.to_string().contains("did you mean `certificate`?"), "{problem}");
    }

    #[test]
    fn without_a_name_the_error_lists_the_providers() {
        let text = none_named(here()).to_string();
        assert!(text.contains("certificate, jfrog"), "{text}");
    }
}
