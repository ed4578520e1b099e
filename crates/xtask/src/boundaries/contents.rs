//! What must not get into the contract.

use serde_json::Value;

use crate::failed::Checked;
use crate::tree::Tree;
use crate::workspace;

/// The contract does no I/O and has no runtime (DESIGN 4).
const NOT_IN_THE_CONTRACT: [&str; 4] = ["hyper", "reqwest", "rustls", "tokio"];

/// Every forbidden crate that got in.
pub(crate) fn problems(metadata: &Value) -> Checked<Vec<String>> {
    let mut problems = derive_problems(metadata);
    problems.extend(crate_problems(&Tree::linked("crates/contract/Cargo.toml")?));
    Ok(problems)
}

fn crate_problems(contract: &Tree) -> Vec<String> {
    let found = NOT_IN_THE_CONTRACT.iter().flat_map(|name| contract.named(name));
    found.map(|one| format!("credjob-contract must not contain {}: {}", one.name, contract.way_to(one))).collect()
}

/// The contract's types must not be (de)serialised by derives: a wrong field name would look right on both sides (DESIGN 4).
fn derive_problems(metadata: &Value) -> Vec<String> {
    workspace::packages(metadata)
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn serde_with_its_derives_is_a_problem_for_the_contract() {
        let with = |features: Value| json!({"packages": [{"name": "credjob-contract", "dependencies": [{"name": "serde", "features": features}]}]});
        assert_eq!(derive_problems(&with(json!(["derive"]))).len(), 1);
        assert!(derive_problems(&with(json!(["std"]))).is_empty());
    }

    #[test]
    fn a_runtime_in_the_contract_is_a_problem() {
        let tree = Tree::parse("0|credjob-contract v0.1.0 (/w)||\n1|tokio v1.54.1|rt|\n").expect("a tree");
        assert_eq!(crate_problems(&tree), ["credjob-contract must not contain tokio: credjob-contract -> tokio"]);
    }
}
