//! Running other programs: shown on the screen, and an error that names the command when it fails.

use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::process::{Command, ExitStatus};

use crate::failed::{Checked, Failed};
use crate::workspace;

/// A cargo command at the root of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = program_at_root(&program);
    command.args(arguments);
    command
}

/// Any program, started at the root of the workspace.
pub(crate) fn program_at_root(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    for (name, _) in std::env::vars_os() {
        // `cargo run` describes *this* package to us; a nested cargo must not take it for its own.
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command with its output on the screen.
pub(crate) fn run(command: &mut Command) -> Checked {
    let shown = shown(command);
    eprintln!("$ {shown}");
    let status = command.status().map_err(|error| cannot_start(&shown, &error))?;
    check(&shown, status)
}

/// Runs a command and returns what it prints; its standard error stays on the screen.
pub(crate) fn output(command: &mut Command) -> Checked<String> {
    let shown = shown(command);
    let output =
        command.stderr(std::process::Stdio::inherit()).output().map_err(|error| cannot_start(&shown, &error))?;
    check(&shown, output.status)?;
    String::from_utf8(output.stdout).map_err(|_| Failed::new(format!("`{shown}` printed bytes that are no text")))
}

/// Whether a command can be run and succeeds. Its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    words.join(" ")
}

pub(crate) fn check(shown: &str, status: ExitStatus) -> Checked {
    if status.success() {
        return Ok(());
    }
    Err(Failed::new(format!("`{shown}` failed ({status})")))
}

pub(crate) fn cannot_start(shown: &str, error: &std::io::Error) -> Failed {
    let failed = Failed::new(format!("cannot start `{shown}`: {error}"));
    if error.kind() == ErrorKind::NotFound {
        return failed.hint("install the program and run the command again");
    }
    failed
}
