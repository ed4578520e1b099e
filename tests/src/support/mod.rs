//! What the tests share.

pub(crate) mod certificate;
pub(crate) mod evidence;
pub(crate) mod gateway;
pub(crate) mod jfrog;
pub(crate) mod promise;
pub(crate) mod release;
pub(crate) mod trial;

use std::path::PathBuf;

/// The variables that `cargo xtask test` sets.
pub(crate) const CERTIFICATE: &str = "CREDJOB_TEST_BIN_CERTIFICATE";
pub(crate) const JFROG: &str = "CREDJOB_TEST_BIN_JFROG";
pub(crate) const CLI: &str = "CREDJOB_TEST_CLI";
pub(crate) const PYTHON: &str = "CREDJOB_TEST_PYTHON";

/// The static release binaries, which it builds only when whole programs are tested: a build takes minutes.
pub(crate) const STATIC_CERTIFICATE: &str = "CREDJOB_TEST_STATIC_CERTIFICATE";
pub(crate) const STATIC_JFROG: &str = "CREDJOB_TEST_STATIC_JFROG";

/// The program that a variable names. Without it the test fails: it never skips silently.
pub(crate) fn program(variable: &str) -> PathBuf {
    program_or(variable, "run cargo xtask test")
}

/// The static release binary that a variable names.
pub(crate) fn static_program(variable: &str) -> PathBuf {
    program_or(variable, "run `cargo xtask dist PROVIDER` and set the variable to the path that it prints")
}

/// The program that a variable names, or a failure that says what to do.
fn program_or(variable: &str, advice: &str) -> PathBuf {
    match std::env::var_os(variable).map(PathBuf::from) {
        Some(path) if path.is_file() => path,
        Some(path) => panic!("{variable} names {}, which is no file: {advice}", path.display()),
        None => panic!("{variable} is not set: {advice}"),
    }
}
