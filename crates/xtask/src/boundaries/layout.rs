//! The same file names everywhere: any path can be guessed.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::failed::{Checked, Failed};

/// What may stand at the top level, besides hidden files and the target directory (DESIGN 4).
const TOP_LEVEL: [&str; 11] = [
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Containerfile",
    "LICENSE",
    "README.md",
    "crates",
    "deny.toml",
    "providers",
    "templates",
    "tests",
];

/// The files of every provider, and of the template (STYLE, "Shape").
const PROVIDER_FILES: [&str; 11] = [
    "Cargo.toml",
    "README.md",
    "job_config.json",
    "src/api.rs",
    "src/credentials.rs",
    "src/failure.rs",
    "src/lib.rs",
    "src/main.rs",
    "src/params.rs",
    "src/provider.rs",
    "tests/conformance.rs",
];

/// Every file that is missing, every top-level name that is too many, and every package whose names do not follow its folder.
pub(crate) fn problems(root: &Path, metadata: &Value, providers: &[String]) -> Checked<Vec<String>> {
    let mut problems: Vec<String> =
        extra(&names_in(root)?, &TOP_LEVEL).map(|name| format!("{name}: not on the list of top-level names")).collect();
    for provider in providers {
        problems.extend(folder_problems(root, &format!("providers/{provider}")));
        problems.extend(name_problems(metadata, provider));
    }
    problems.extend(folder_problems(root, "templates/provider"));
    Ok(problems)
}

/// Every file of the common list that is missing. Files of a provider's own are fine: a file has one idea.
fn folder_problems(root: &Path, folder: &str) -> Vec<String> {
    PROVIDER_FILES
        .iter()
        .filter(|file| {
            // A manifest with placeholders is called `Cargo.toml.liquid` (crates/cli/build.rs).
            !["", ".liquid"].iter().any(|suffix| root.join(folder).join(format!("{file}{suffix}")).is_file())
        })
        .map(|file| format!("{folder}/{file} is missing"))
        .collect()
}

/// A provider's package and binary are called like its folder, its library `<folder>_provider`.
fn name_problems(metadata: &Value, provider: &str) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let Some(package) =
        packages.filter(|package| package["source"].is_null()).find(|package| package["name"] == provider)
    else {
        return vec![format!("providers/{provider}: the package is not called {provider}")];
    };
    let has = |kind: &str, name: &str| {
        package["targets"].as_array().into_iter().flatten().any(|target| {
            target["name"] == name
                && target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|entry| entry == kind))
        })
    };
    let library = format!("{}_provider", provider.replace('-', "_"));
    let mut problems = Vec::new();
    if !has("bin", provider) {
        problems.push(format!("providers/{provider}: no binary is called {provider}"));
    }
    if !has("lib", &library) {
        problems.push(format!("providers/{provider}: the library is not called {library}"));
    }
    problems
}

fn extra<'a>(present: &'a BTreeSet<String>, known: &[&str]) -> impl Iterator<Item = &'a String> {
    present.iter().filter(|name| !known.contains(&name.as_str()))
}

/// The names in a folder, without hidden ones and the target directory.
fn names_in(folder: &Path) -> Checked<BTreeSet<String>> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| Failed::new(format!("cannot read {}: {error}", folder.display())))?;
    Ok(entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(bin: &str, lib: &str) -> Value {
        json!({"packages": [{"name": "jfrog", "source": null, "targets": [
            {"kind": ["bin"], "name": bin}, {"kind": ["lib"], "name": lib},
        ]}]})
    }

    #[test]
    fn a_provider_that_follows_its_folder_is_fine() {
        assert!(name_problems(&package("jfrog", "jfrog_provider"), "jfrog").is_empty());
    }

    #[test]
    fn a_binary_or_library_with_another_name_is_a_problem() {
        assert_eq!(name_problems(&package("job", "jfrog"), "jfrog").len(), 2);
    }

    #[test]
    fn a_package_with_another_name_is_a_problem() {
        assert_eq!(name_problems(&package("a", "b"), "redis").len(), 1);
    }

    #[test]
    fn a_name_off_the_list_is_extra() {
        let present = BTreeSet::from(["LICENSE".into(), "docs".into()]);
        assert_eq!(extra(&present, &TOP_LEVEL).collect::<Vec<_>>(), ["docs"]);
    }
}
