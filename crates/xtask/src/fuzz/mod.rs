//! `cargo xtask fuzz [TARGET] [--seconds N]`: every target of `crates/fuzz` for a bounded time, with cargo-fuzz on nightly.
//!
//! What it finds on the way goes to the target directory; [`HELP`] says how the corpus grows.

mod asked;
mod log;
mod table;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use asked::{Asked, HELP};

use crate::command::{cannot_start, program_at_root, run as execute, shown, succeeds};
use crate::failed::{Checked, Failed};
use crate::workspace;
use log::Log;

/// The release of cargo-fuzz that this was written for.
const CARGO_FUZZ: &str = "0.13.1";

/// libFuzzer and its sanitizers need unstable flags of the compiler.
const TOOLCHAIN: &str = "nightly";

/// The package that cargo-fuzz builds, from the root of the workspace.
const PACKAGE: &str = "crates/fuzz/fuzz";

/// A folder for each target, from the root of the workspace.
const CORPUS: &str = "crates/fuzz/corpus";

/// One input may take this long, in seconds. They take far below a millisecond; a sanitizer on a busy machine some ten of them.
const INPUT_TIMEOUT: u32 = 5;

/// What a target may hold, in MB. They hold up to five hundred: the sanitizer keeps 256 MB of what was freed.
const MEMORY_LIMIT: u32 = 1024;

/// How one target ended.
struct Finding {
    target: String,
    log: Log,
    passed: bool,
}

/// Fuzzes what was asked for, prints a table, and fails if a property did not hold.
pub(crate) fn run(asked: &Asked) -> Checked {
    let all = targets()?;
    let chosen = match &asked.target {
        None => all,
        Some(target) if all.contains(target) => vec![target.clone()],
        Some(target) => {
            return Err(
                Failed::new(format!("there is no target `{target}`")).hint(format!("one of: {}", all.join(", ")))
            );
        }
    };
    tools()?;
    execute(cargo_fuzz("build")?.args(asked.target.as_slice()))?;
    let findings = chosen.iter().map(|target| fuzz(target, asked.seconds)).collect::<Checked<Vec<_>>>()?;
    println!("{}", table::of(&findings));
    Failed::of("a property does not hold", &findings.iter().filter_map(problem).collect::<Vec<_>>())
}

/// The names of all targets: their folders.
fn targets() -> Checked<Vec<String>> {
    let folder = workspace::root().join(CORPUS);
    let entries = std::fs::read_dir(&folder).map_err(|error| Failed::new(format!("cannot read {CORPUS}: {error}")))?;
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// Says everything that has to be installed at once.
fn tools() -> Checked {
    if !succeeds(Command::new("rustup").arg("--version")) {
        return Err(Failed::new("rustup is missing, and with it nightly").hint("see https://rustup.rs"));
    }
    let mut missing = Vec::new();
    if !succeeds(Command::new("rustup").args(["run", TOOLCHAIN, "rustc", "--version"])) {
        missing.push(format!("rustup toolchain install {TOOLCHAIN}"));
    }
    if !succeeds(Command::new("cargo-fuzz").args(["fuzz", "--version"])) {
        missing.push(format!("cargo install cargo-fuzz --version {CARGO_FUZZ} --locked"));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failed::new("fuzzing needs nightly and cargo-fuzz").hint(missing.join(" && ")))
}

/// A command of cargo-fuzz for our package.
fn cargo_fuzz(command: &str) -> Checked<Command> {
    let mut cargo_fuzz = program_at_root("rustup");
    cargo_fuzz.args(["run", TOOLCHAIN, "cargo", "fuzz", command, "--fuzz-dir", PACKAGE, "--target-dir"]);
    cargo_fuzz.arg(target_directory()?);
    Ok(cargo_fuzz)
}

/// Apart from what stable builds: the sanitizers need their own build of every crate.
fn target_directory() -> Checked<PathBuf> {
    Ok(workspace::target_directory()?.join("fuzz"))
}

fn fuzz(target: &str, seconds: u64) -> Checked<Finding> {
    eprintln!("== {target}: {seconds} s");
    // New inputs go to the first folder; the second one is only read.
    let found = folder(&target_directory()?.join("corpus").join(target))?;
    let mut command = cargo_fuzz("run")?;
    command.arg(target).arg(found).arg(format!("{CORPUS}/{target}")).args([
        "--",
        &format!("-max_total_time={seconds}"),
        &format!("-timeout={INPUT_TIMEOUT}"),
        &format!("-rss_limit_mb={MEMORY_LIMIT}"),
        "-print_final_stats=1",
    ]);
    let path = folder(&target_directory()?.join("logs"))?.join(target);
    let error = |error: std::io::Error| Failed::new(format!("{}: {error}", path.display()));
    let file = File::create(&path).map_err(error)?;
    let status = command.stdout(file.try_clone().map_err(error)?).stderr(file).status();
    let status = status.map_err(|error| cannot_start(&shown(&command), &error))?;
    let text = std::fs::read(&path).map_err(error)?;
    Ok(Finding {
        target: target.to_owned(),
        log: Log::read(&path, &String::from_utf8_lossy(&text)),
        passed: status.success(),
    })
}

fn folder(path: &Path) -> Checked<PathBuf> {
    std::fs::create_dir_all(path).map_err(|error| Failed::new(format!("cannot create {}: {error}", path.display())))?;
    Ok(path.to_owned())
}

/// What a person does about a target that failed.
fn problem(finding: &Finding) -> Option<String> {
    let Finding { target, log, passed } = finding;
    if *passed {
        return None;
    }
    let Some(input) = &log.input else {
        return Some(format!("{target}: it did not run; see {}", log.path.display()));
    };
    Some(format!(
        "{target}: {}\n    output: {}\n    input:  {input}\n    replay: rustup run {TOOLCHAIN} cargo fuzz run --fuzz-dir {PACKAGE} \
         --target-dir target/fuzz {target} {input}\n    keep:   cp {input} {CORPUS}/{target}/a-telling-name && cargo test -p credjob-fuzz \
         --test replay {target}",
        log.reason,
        log.path.display()
    ))
}
