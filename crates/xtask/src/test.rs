//! `cargo xtask test`: what the tests need, the real binaries, every test, and a search for secrets in all they printed.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::canary;
use crate::command::{cannot_start, cargo, check, shown};
use crate::dist;
use crate::failed::{Checked, Failed};
use crate::needs;
use crate::workspace;

/// The package of the tests that start whole programs.
const WHOLE_PROGRAM_TESTS: &str = "credjob-tests";

/// Runs the tests; `arguments` go to `cargo test`.
pub(crate) fn run(arguments: &[&str]) -> Checked {
    needs::system_programs()?;
    let python = needs::python()?;
    let mut tests = cargo(&["test", "--locked", "--no-fail-fast"]);
    if arguments.is_empty() {
        tests.arg("--workspace");
    }
    tests.args(arguments);
    if !arguments.contains(&"--") {
        // Otherwise the output of tests that pass is dropped, and nobody could look for secrets in it.
        tests.args(["--", "--show-output"]);
    }
    tests.env("CREDJOB_TEST_PYTHON", python);
    if std::env::var_os("RUST_TEST_THREADS").is_none() {
        // Most tests of whole programs wait for a process or a time-out: two cores have room for more of them.
        tests.env("RUST_TEST_THREADS", "8");
    }
    for provider in workspace::providers()? {
        let binary = workspace::build_program(&workspace::manifest(&provider), &provider)?;
        tests.env(format!("CREDJOB_TEST_BIN_{}", variable(&provider)), binary);
    }
    let cli = workspace::build_program("crates/cli/Cargo.toml", "credjob")?;
    tests.env("CREDJOB_TEST_CLI", cli);
    if arguments.is_empty() || arguments.contains(&WHOLE_PROGRAM_TESTS) {
        // Minutes, and only these tests start them.
        for provider in ["certificate", "jfrog"] {
            tests.env(format!("CREDJOB_TEST_STATIC_{}", variable(provider)), dist::build(provider)?);
        }
    }
    run_and_search(&mut tests)
}

/// A provider's name as a part of a variable's name.
fn variable(provider: &str) -> String {
    provider.to_uppercase().replace('-', "_")
}

/// Runs the tests with their output on the screen and in a file, and then searches the file.
fn run_and_search(tests: &mut Command) -> Checked {
    let shown = shown(tests);
    eprintln!("$ {shown}");
    let path = workspace::scratch("test")?.join("output.txt");
    let file = File::create(&path).map_err(|error| Failed::new(format!("cannot write {}: {error}", path.display())))?;
    let file = Arc::new(Mutex::new(file));
    let mut child = tests
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_start(&shown, &error))?;
    let copies = [
        child.stdout.take().map(|from| copy(from, std::io::stdout(), &file)),
        child.stderr.take().map(|from| copy(from, std::io::stderr(), &file)),
    ];
    let status = child.wait().map_err(|error| cannot_start(&shown, &error))?;
    for copy in copies.into_iter().flatten() {
        // A copier that panicked has lost output: the search would prove nothing.
        if copy.join().is_err() {
            return Err(Failed::new("the output of the tests was lost"));
        }
    }
    let output =
        std::fs::read(&path).map_err(|error| Failed::new(format!("cannot read {}: {error}", path.display())))?;
    let found = canary::lines_with_canary(&String::from_utf8_lossy(&output));
    if !found.is_empty() {
        // The lines are not repeated: they hold what must not be printed.
        return Err(Failed::new(format!("the tests printed secrets, on the lines {found:?}"))
            .hint(format!("look at {}", path.display())));
    }
    check(&shown, status)
}

fn copy(
    mut from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    file: &Arc<Mutex<File>>,
) -> thread::JoinHandle<()> {
    let file = Arc::clone(file);
    thread::spawn(move || {
        let mut chunk = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut chunk) {
            // The screen may be gone (`| head`); the file must not be.
            let _ = to.write_all(&chunk[..length]).and_then(|()| to.flush());
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = file.write_all(&chunk[..length]) {
                eprintln!("cannot keep the output of the tests: {error}");
                std::process::exit(1);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_providers_name_becomes_a_variable() {
        assert_eq!(variable("service-id"), "SERVICE_ID");
    }
}
