//! Crates that must not get into a job binary or into the contract.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::command::{cargo, output};
use crate::failed::{Checked, Failed};
use crate::workspace;

/// What a job pays for at every start, or must not trust (DESIGN 12): no regex engine, no argument parser, no second TLS library.
const NOT_IN_A_JOB: [&str; 6] = ["clap", "clap_builder", "native-tls", "openssl-sys", "regex", "regex-automata"];

/// The crypto providers of rustls; a job has exactly one.
const CRYPTO_PROVIDERS: [&str; 2] = ["aws-lc-rs", "ring"];

/// The contract does no I/O and has no runtime (DESIGN 4).
const NOT_IN_THE_CONTRACT: [&str; 5] = ["hyper", "reqwest", "rustls", "serde_derive", "tokio"];

/// Every forbidden crate that got in.
pub(crate) fn problems(metadata: &Value, providers: &[String]) -> Checked<Vec<String>> {
    let mut problems = contract_problems(metadata);
    let contract = crates_of("crates/contract/Cargo.toml")?;
    problems.extend(present(
        "credjob-contract",
        &contract,
        // serde itself may bring its derive for another crate; ours is checked above.
        NOT_IN_THE_CONTRACT.iter().filter(|name| **name != "serde_derive"),
    ));
    for provider in providers {
        let crates = crates_of(&workspace::manifest(provider))?;
        problems.extend(present(provider, &crates, NOT_IN_A_JOB.iter()));
        problems.extend(crypto_problem(provider, &crates));
    }
    Ok(problems)
}

/// The contract's types must not be (de)serialised by derives: a wrong field name would look right on both sides (DESIGN 4).
fn contract_problems(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter(|package| package["name"] == "credjob-contract")
        .flat_map(|package| package["dependencies"].as_array().into_iter().flatten())
        .filter(|dependency| {
            let derives = dependency["features"]
                .as_array()
                .is_some_and(|features| features.iter().any(|feature| feature == "derive"));
            dependency["name"] == "serde_derive" || (dependency["name"] == "serde" && derives)
        })
        .map(|_| "credjob-contract must not use serde's derives".to_owned())
        .collect()
}

fn present<'a>(package: &str, crates: &BTreeSet<String>, forbidden: impl Iterator<Item = &'a &'a str>) -> Vec<String> {
    forbidden
        .filter(|name| crates.contains(**name))
        .map(|name| format!("{package} must not contain {name} (see `cargo tree -i {name}`)"))
        .collect()
}

fn crypto_problem(provider: &str, crates: &BTreeSet<String>) -> Option<String> {
    let found: Vec<&str> = CRYPTO_PROVIDERS.into_iter().filter(|name| crates.contains(*name)).collect();
    (found.len() != 1)
        .then(|| format!("{provider} must contain one crypto provider, not {}: [{}]", found.len(), found.join(", ")))
}

/// The crates that are linked into a package, by name. A tree of its own: in the whole workspace, features of all packages add up.
fn crates_of(manifest: &str) -> Checked<BTreeSet<String>> {
    let tree = output(&mut cargo(&[
        "tree",
        "--locked",
        "--manifest-path",
        manifest,
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    let crates = names(&tree);
    if crates.is_empty() {
        return Err(Failed::new(format!("`cargo tree` lists nothing for {manifest}")));
    }
    Ok(crates)
}

fn names(tree: &str) -> BTreeSet<String> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_names_of_a_tree_are_its_first_words() {
        let tree = "jfrog v0.1.0 (/w/providers/jfrog)\nring v0.17.14\nring v0.17.14 (*)\n";
        assert_eq!(names(tree), BTreeSet::from(["jfrog".into(), "ring".into()]));
    }

    #[test]
    fn two_crypto_providers_are_one_too_many() {
        let both = BTreeSet::from(["ring".into(), "aws-lc-rs".into()]);
        assert!(crypto_problem("jfrog", &both).is_some());
        assert!(crypto_problem("jfrog", &BTreeSet::new()).is_some());
        assert!(crypto_problem("jfrog", &BTreeSet::from(["ring".into()])).is_none());
    }

    #[test]
    fn serde_with_its_derives_is_a_problem_for_the_contract() {
        let with = |features: Value| json!({"packages": [{"name": "credjob-contract", "dependencies": [{"name": "serde", "features": features}]}]});
        assert_eq!(contract_problems(&with(json!(["derive"]))).len(), 1);
        assert!(contract_problems(&with(json!(["std"]))).is_empty());
    }

    #[test]
    fn a_forbidden_crate_is_named() {
        let crates = BTreeSet::from(["regex".into()]);
        assert_eq!(present("jfrog", &crates, NOT_IN_A_JOB.iter()).len(), 1);
    }
}
