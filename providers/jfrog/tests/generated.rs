//! What is generated from the types: `job_config.json`, and the tables of the README.
//!
//! After a change of the types: `CREDJOB_BLESS=1 cargo test --manifest-path providers/jfrog/Cargo.toml --test generated`.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The tables of the README stand between these lines.
const BEGIN: &str = "<!-- `jfrog docs` begins -->\n";
const END: &str = "<!-- `jfrog docs` ends -->\n";

fn printed_by(command: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_jfrog")).arg(command).output().expect("the job starts");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Compares a file with what it should be, or writes it.
fn check(file: &Path, expected: &str) {
    if std::env::var_os("CREDJOB_BLESS").is_some() {
        std::fs::write(file, expected).expect("the file can be written");
    }
    let found = std::fs::read_to_string(file).unwrap_or_default();
    let name = file.display();
    assert!(
        found == expected,
        "{name} is not what the types say; write it anew with CREDJOB_BLESS=1 in this test's environment"
    );
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_job_config_is_what_schema_prints() {
    check(&file("job_config.json"), &printed_by("schema"));
}

#[test]
fn the_tables_of_the_readme_are_what_docs_prints() {
    let readme = std::fs::read_to_string(file("README.md")).expect("a README");
    let (before, rest) = readme.split_once(BEGIN).expect("the line where the tables begin");
    let (_, after) = rest.split_once(END).expect("the line where the tables end");
    check(&file("README.md"), &format!("{before}{BEGIN}\n{}\n{END}{after}", printed_by("docs")));
}
