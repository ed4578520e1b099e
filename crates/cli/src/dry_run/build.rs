//! Builds a provider's programs with cargo and finds where they landed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;

use super::screen;
use crate::problem::Problem;

/// What `cargo run` tells the program it runs about *its* package. A nested cargo must not inherit it, or build scripts run again.
const CARGO_RUN_VARIABLES: [&str; 4] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_NAME", "CARGO_CRATE_NAME"];

/// A program of a provider's package.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Artifact<'a> {
    /// The job itself.
    Bin(&'a str),
    /// `examples/NAME.rs`.
    Example(&'a str),
    /// `tests/NAME.rs`.
    Test(&'a str),
}

/// The name of the job binary of the package in `directory`.
pub(crate) async fn binary_name(directory: &Path) -> Result<String, Problem> {
    job_binary(&package(directory).await?)
}

/// The name of the example in `file` of the package in `directory`. It need not be the file's: two packages of one
/// workspace cannot both build an example of the same name.
pub(crate) async fn example_name(directory: &Path, file: &Path) -> Result<String, Problem> {
    let package = package(directory).await?;
    let example = package["targets"].as_array().into_iter().flatten().find(|target| {
        holds(&target["kind"], "example")
            && target["src_path"].as_str().is_some_and(|path| Path::new(path).ends_with(file))
    });
    example.and_then(|target| target["name"].as_str()).map(ToOwned::to_owned).ok_or_else(|| {
        Problem::cannot_start(format!("cargo knows no example in {}", directory.join(file).display()))
            .hint("name it in an [[example]] of Cargo.toml, or leave `autoexamples` on")
    })
}

/// What cargo says about the package in `directory`.
async fn package(directory: &Path) -> Result<Value, Problem> {
    let output = cargo(directory, "metadata")?
        .args(["--no-deps", "--format-version", "1"])
        .output()
        .await
        .map_err(|error| no_cargo(&error))?;
    if !output.status.success() {
        return Err(Problem::cannot_start(format!("cargo cannot read {}", directory.join("Cargo.toml").display()))
            .output(String::from_utf8_lossy(&output.stderr))
            .hint("mend the manifest and run the command again"));
    }
    let metadata = serde_json::from_slice(&output.stdout).unwrap_or_default();
    package_of(&metadata, &directory.join("Cargo.toml")).cloned().ok_or_else(|| {
        Problem::usage(format!("{} holds no package", directory.display()))
            .hint("name the directory of the provider's own Cargo.toml")
    })
}

/// Builds one program and returns its path.
pub(crate) async fn build(directory: &Path, artifact: Artifact<'_>, release: bool) -> Result<PathBuf, Problem> {
    let (flag, name) = match artifact {
        Artifact::Bin(name) => ("--bin", name),
        Artifact::Example(name) => ("--example", name),
        Artifact::Test(name) => ("--test", name),
    };
    let step = screen::step(format!("building {name} (cargo build {flag} {name})"));
    let mut command = cargo(directory, "build")?;
    command.args([flag, name, "--message-format", "json-render-diagnostics", "--color", "never"]);
    if release {
        command.arg("--release");
    }
    let mut child = command.spawn().map_err(|error| no_cargo(&error))?;
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    let messages = async {
        let mut text = String::new();
        if let Some(mut stdout) = stdout {
            // A broken pipe shows as a failed build below.
            let _ = stdout.read_to_string(&mut text).await;
        }
        text
    };
    let progress = async {
        let mut shown = String::new();
        if let Some(stderr) = stderr {
            let mut lines = BufReader::new(stderr).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                step.detail(line.trim());
                shown.push_str(&line);
                shown.push('\n');
            }
        }
        shown
    };
    let (messages, shown, status) = tokio::join!(messages, progress, child.wait());
    drop(step);
    if !status.is_ok_and(|status| status.success()) {
        return Err(Problem::cannot_start(format!("{name} does not build"))
            .output(shown)
            .hint("mend what cargo reports above and run the command again"));
    }
    executable(&messages, name).ok_or_else(|| {
        Problem::cannot_start(format!("cargo built no program called {name}"))
            .hint("run `cargo build` in the provider's directory to see why")
    })
}

/// A cargo command on the package in `directory`, started there so that the `.cargo/config.toml` above it counts.
fn cargo(directory: &Path, subcommand: &str) -> Result<Command, Problem> {
    let directory = directory.canonicalize().map_err(|error| {
        Problem::usage(format!("cannot enter {}: {error}", directory.display())).hint("check the path")
    })?;
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.arg(subcommand);
    command.arg("--manifest-path").arg(directory.join("Cargo.toml"));
    for (name, _) in std::env::vars_os() {
        if CARGO_RUN_VARIABLES.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command
        .current_dir(&directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    Ok(command)
}

fn no_cargo(error: &std::io::Error) -> Problem {
    Problem::cannot_start(format!("cannot run cargo: {error}"))
        .hint("install a Rust toolchain, or give a job that is already built with --bin")
}

fn package_of<'a>(metadata: &'a Value, manifest: &Path) -> Option<&'a Value> {
    let manifest = manifest.canonicalize().ok()?;
    metadata["packages"].as_array()?.iter().find(|package| {
        package["manifest_path"]
            .as_str()
            .and_then(|path| Path::new(path).canonicalize().ok())
            .is_some_and(|path| path == manifest)
    })
}

fn job_binary(package: &Value) -> Result<String, Problem> {
    let names: Vec<&str> = package["targets"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|target| holds(&target["kind"], "bin"))
        .filter_map(|target| target["name"].as_str())
        .collect();
    let default = package["default_run"].as_str().or(package["name"].as_str()).filter(|name| names.contains(name));
    match (names.as_slice(), default) {
        ([only], _) => Ok((*only).to_owned()),
        (_, Some(default)) => Ok(default.to_owned()),
        ([], None) => Err(Problem::usage("the package has no binary")
            .hint("a provider's src/main.rs is one line: credjob::run!(MyProvider);")),
        (several, None) => Err(Problem::usage(format!("the package has several binaries: {}", several.join(", ")))
            .hint("say which is the job by `default-run` in Cargo.toml, or build it and use --bin")),
    }
}

/// The path of the program called `name` in cargo's JSON messages.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| message["target"]["name"] == name)
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back()
}

fn holds(list: &Value, word: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|entry| entry == word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_executable_is_taken_from_cargos_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"jfrog","kind":["lib"]},"executable":null}"#,
            "\nnot json\n",
            r#"{"reason":"compiler-artifact","target":{"name":"jfrog","kind":["bin"]},"executable":"/t/jfrog"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(executable(messages, "jfrog"), Some("/t/jfrog".into()));
    }

    #[test]
    fn a_package_with_one_binary_needs_no_choice() {
        let package =
            json!({"name": "a", "targets": [{"kind": ["lib"], "name": "a"}, {"kind": ["bin"], "name": "job"}]});
        assert_eq!(job_binary(&package).expect("one"), "job");
    }

    #[test]
    fn of_several_binaries_the_packages_own_name_wins() {
        let package = json!({"name": "a", "targets": [{"kind": ["bin"], "name": "b"}, {"kind": ["bin"], "name": "a"}]});
        assert_eq!(job_binary(&package).expect("its own"), "a");
    }

    #[test]
    fn several_binaries_without_a_default_are_an_error_that_says_what_to_do() {
        let package = json!({"name": "a", "targets": [{"kind": ["bin"], "name": "b"}, {"kind": ["bin"], "name": "c"}]});
        let text = job_binary(&package).expect_err("unclear").to_string();
        assert!(text.contains("b, c") && text.contains("--bin"), "{text}");
    }
}
