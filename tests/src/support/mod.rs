//! What the tests share.

pub(crate) mod jfrog;
pub(crate) mod promise;
pub(crate) mod trial;

use std::path::PathBuf;

/// The variables that `cargo xtask test` sets.
pub(crate) const CERTIFICATE: &str = "CREDJOB_TEST_BIN_CERTIFICATE";
pub(crate) const JFROG: &str = "CREDJOB_TEST_BIN_JFROG";
pub(crate) const CLI: &str = "CREDJOB_TEST_CLI";
pub(crate) const PYTHON: &str = "CREDJOB_TEST_PYTHON";

/// The program that a variable names. Without it the test fails: it never skips silently.
pub(crate) fn program(variable: &str) -> PathBuf {
    program_or(variable, "run cargo xtask test")
}

/// The program that a variable names, or a failure that says what to do.
pub(crate) fn program_or(variable: &str, advice: &str) -> PathBuf {
    match std::env::var_os(variable).map(PathBuf::from) {
        Some(path) if path.is_file() => path,
        Some(path) => panic!("{variable} names {}, which is no file: {advice}", path.display()),
        None => panic!("{variable} is not set: {advice}"),
    }
}
