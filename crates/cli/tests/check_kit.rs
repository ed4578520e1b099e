//! `credjob check` and the conformance kit: what a person reads of it. Cargo and the project's programs are scripts here; a
//! real kit is run by `cargo xtask template`.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SCHEMA: &str = r#"{"job_env_variables": [{"name": "SMOUT_TOKEN", "value": "type:string, required:true"}]}"#;

/// Answers what `check` asks cargo for: the package, the job, and the tests unless there is a file `broken`.
const CARGO: &str = r#"#!/bin/sh
here=$(dirname "$0")
artifact() { echo '{"reason":"compiler-artifact","target":{"name":"'$1'"},"executable":"'$here/$1'"}'; }
case "$*" in
metadata*) echo '{"packages":[{"name":"job","manifest_path":"'$here/Cargo.toml'","targets":[{"kind":["bin"],"name":"job"}]}]}' ;;
*--bin*) artifact job ;;
*--test*) if [ -e "$here/broken" ]; then echo 'error[E0425]: cannot find value `Running`' >&2; exit 101; fi; artifact conformance ;;
esac
"#;

/// A project in a folder of its own, whose kit prints these lines.
fn project(test: &str, kit: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("kit_{test}"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("removed");
    }
    std::fs::create_dir_all(folder.join("tests")).expect("created");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    write("Cargo.toml", "[package]\nname = \"job\"\n");
    write("job_config.json", SCHEMA);
    write("Containerfile", "FROM scratch\nUSER 65532:65532\n");
    write("tests/conformance.rs", "credjob_testkit::conformance!(Provider, Running);\n");
    write("kit.txt", kit);
    let program = |name: &str, text: &str| {
        write(name, text);
        std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(0o755)).expect("executable");
    };
    program("cargo", CARGO);
    program("job", "#!/bin/sh\nexec cat \"$(dirname \"$0\")/job_config.json\"\n");
    program(
        "conformance",
        "#!/bin/sh\n[ \"$CREDJOB_KIT_REPORT $1\" = 'lines conformance_kit::' ] && cat kit.txt\nexit 101\n",
    );
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credjob"));
    command.arg("check").args(arguments).env("CARGO", folder.join("cargo")).current_dir(folder);
    command.stdin(Stdio::null()).output().expect("the command starts")
}

fn findings(output: &Output) -> Vec<(String, String)> {
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let findings = document["findings"].as_array().expect("a list").iter();
    findings.map(|finding| (text(&finding["severity"]), text(&finding["check"]))).collect()
}

#[test]
fn what_the_kit_finds_is_a_finding_with_its_fix() {
    let kit = r#"
running 3 tests
test conformance_kit::a ... credjob-kit-report {"version":1,"tests":3,"test":"deleting_twice_succeeds","about":"delete","broken":"the second delete fails","fix":"answer AlreadyGone","notices":[]}
FAILED
credjob-kit-report {"version":1,"tests":3,"test":"b","about":"verify","broken":null,"fix":null,"notices":[{"about":"verify","what":"no verify","fix":"write one"}]}
credjob-kit-report {"version":1,"tests":3,"test":"c","about":"leftovers","broken":null,"fix":null,"notices":[{"about":"leftovers","what":"no leftovers","fix":"list"}]}
"#;
    let folder = project("findings", kit);
    let output = check(&folder, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let found = findings(&output);
    for (severity, check) in [("error", "delete"), ("warning", "verify"), ("warning", "leftovers")] {
        assert!(found.contains(&(severity.to_owned(), check.to_owned())), "{check}: {found:?}");
    }
    assert_eq!(found.len(), 3, "the source is not read for what the kit has shown: {found:?}");
    let text = check(&folder, &[]).stdout;
    let text = String::from_utf8_lossy(&text);
    assert!(
        text.contains("the second delete fails") && text.contains("fix: answer AlreadyGone; all of it: cargo test"),
        "{text}"
    );
}

#[test]
fn tests_that_do_not_build_are_an_error_and_the_compiler_is_heard() {
    let folder = project("broken", "");
    std::fs::write(folder.join("broken"), "").expect("written");
    let output = check(&folder, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(findings(&output).contains(&("error".to_owned(), "conformance".to_owned())));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("cannot find value `Running`"), "{told}");
}

#[test]
fn a_kit_that_says_nothing_is_an_error() {
    let output = check(&project("silent", ""), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(findings(&output).contains(&("error".to_owned(), "conformance".to_owned())));
}

#[test]
fn without_the_kit_the_source_gives_hints() {
    let output = check(&project("without", ""), &["--no-kit", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found = findings(&output);
    assert!(found.contains(&("warning".to_owned(), "verify".to_owned())), "{found:?}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    let skipped: Vec<&serde_json::Value> =
        document["not_checked"].as_array().expect("a list").iter().map(|one| &one["check"]).collect();
    assert!(skipped.contains(&&"delete".into()) && skipped.contains(&&"failure-codes".into()), "{skipped:?}");
}
