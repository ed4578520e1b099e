//! Bills of a small made-up job, and of the real ones.

use std::collections::BTreeSet;

use super::*;
use crate::command::{cargo, output};
use crate::dist;

const TREE: &str = "\
0|jfrog v0.1.0 (/w/providers/jfrog)||
1|credjob v0.1.0 (/w/crates/core)|ring|
2|base64 v0.22.1|alloc,std|
1|base64 v0.23.1|std|
";

fn packages() -> Value {
    let package = |name: &str, version: &str| json!({"name": name, "version": version, "license": "MIT/Apache-2.0", "repository": "https://github.com/a/b", "manifest_path": format!("/w/{name}/Cargo.toml")});
    json!({"packages": [package("jfrog", "0.1.0"), package("credjob", "0.1.0"), package("base64", "0.22.1"), package("base64", "0.23.1")]})
}

fn parts(metadata: &Value) -> Parts<'_> {
    let checksum = |version: &str| (("base64".to_owned(), version.to_owned()), sha256(version.as_bytes()));
    Parts {
        tree: Tree::parse(TREE).expect("a tree"),
        metadata,
        checksums: Checksums::from([checksum("0.22.1"), checksum("0.23.1")]),
        toolchain: vec![json!({"bom-ref": "pkg:generic/glibc@2.36", "name": "glibc"})],
        binary: Some("ab".repeat(32)),
        made_at: None,
    }
}

fn bill() -> Value {
    document(&parts(&packages())).expect("a document")
}

#[test]
fn the_job_is_the_subject_with_the_hash_of_its_binary() {
    let job = &bill()["metadata"]["component"];
    assert_eq!((&job["name"], &job["type"]), (&json!("jfrog"), &json!("application")));
    assert_eq!(job["hashes"][0]["content"], json!("ab".repeat(32)));
}

#[test]
fn a_crate_has_its_url_licence_hash_and_features() {
    let crate_of_bill = &bill()["components"][1];
    assert_eq!(crate_of_bill["purl"], "pkg:cargo/base64@0.22.1");
    assert_eq!(crate_of_bill["licenses"][0]["expression"], "MIT OR Apache-2.0");
    assert_eq!(crate_of_bill["hashes"][0]["content"], json!(sha256(b"0.22.1")));
    assert_eq!(crate_of_bill["properties"][0]["value"], "alloc,std");
}

#[test]
fn our_own_packages_are_not_taken_for_crates_of_the_registry() {
    assert!(bill()["components"][0]["purl"].as_str().expect("a text").starts_with("pkg:github/a/b@0.1.0#"));
}

#[test]
fn the_graph_names_each_component_once_and_links_only_what_is_there() {
    let bill = bill();
    let refs: Vec<&str> = bill["dependencies"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["ref"].as_str().expect("a text"))
        .collect();
    assert_eq!(refs, ["jfrog@0.1.0", "credjob@0.1.0", "base64@0.22.1", "base64@0.23.1"]);
    assert_eq!(
        bill["dependencies"][0]["dependsOn"],
        json!(["base64@0.23.1", "credjob@0.1.0", "pkg:generic/glibc@2.36"])
    );
}

#[test]
fn a_crate_without_a_checksum_is_an_error() {
    let metadata = packages();
    let parts = Parts { checksums: Checksums::new(), ..parts(&metadata) };
    assert!(document(&parts).is_err());
}

#[test]
fn two_runs_write_the_same_bytes() {
    let metadata = packages();
    let text = || text(&parts(&metadata)).expect("a bill");
    assert_eq!(text(), text());
}

#[test]
fn another_binary_has_another_serial_number() {
    let metadata = packages();
    let number = |binary: Option<String>| {
        let text = text(&Parts { binary, ..parts(&metadata) }).expect("a bill");
        serde_json::from_str::<Value>(&text).expect("JSON")["serialNumber"].clone()
    };
    assert_ne!(number(None), number(Some("cd".repeat(32))));
}

#[test]
fn sha256_is_that_of_the_standard() {
    // FIPS 180-2, appendix B.1.
    assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/// The crates of a package as `cargo tree` lists them flat, read without our parser of trees.
fn flat(provider: &str) -> BTreeSet<String> {
    let (manifest, target) = (workspace::manifest(provider), dist::target().expect("a target"));
    let arguments = ["tree", "--locked", "--manifest-path", &manifest, "--target", &target, "--edges", "normal"];
    let lines = output(cargo(&arguments).args(["--no-dedupe", "--prefix", "none", "--format", "{p}"])).expect("a tree");
    lines
        .lines()
        .map(|line| {
            let mut words = line.split_whitespace();
            format!("{}@{}", words.next().expect("a name"), words.next().expect("a version").trim_start_matches('v'))
        })
        .collect()
}

#[test]
fn the_components_of_a_real_job_are_those_of_cargo_tree() {
    let metadata = workspace::metadata().expect("metadata");
    for provider in workspace::providers().expect("providers") {
        let parts = Parts {
            tree: Tree::linked(&workspace::manifest(&provider)).expect("a tree"),
            checksums: super::super::lock::checksums().expect("a lock file"),
            ..parts(&metadata)
        };
        let bill = document(&parts).expect("a document");
        let listed = bill["components"].as_array().expect("a list").iter().chain([&bill["metadata"]["component"]]);
        let listed: BTreeSet<String> = listed
            .filter(|one| one["name"] != "glibc")
            .map(|one| one["bom-ref"].as_str().expect("a text").to_owned())
            .collect();
        let flat = flat(&provider);
        // `--edges normal` has the proc-macros and their crates, which are not in the binary.
        let not_linked: BTreeSet<String> = flat.difference(&listed).cloned().collect();
        let built = Tree::built(&workspace::manifest(&provider)).expect("a tree");
        let run_by_the_build: BTreeSet<String> =
            built.crates().iter().filter(|one| !parts.tree.holds(&one.name, &one.version)).map(reference).collect();
        assert_eq!(listed.difference(&flat).count(), 0, "{provider}");
        assert!(not_linked.is_subset(&run_by_the_build), "{provider}: {not_linked:?}");
    }
}
