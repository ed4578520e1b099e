//! `cargo xtask template`: what `credjob new` makes, outside of our workspace: put through its own CI file, checked and tried.
//!
//! The projects share our target directory and versions, so that their dependencies are built once.

mod pinned;

use std::path::{Path, PathBuf};

use crate::command::{cargo, output, program_at_root, run as execute};
use crate::failed::{Checked, Failed};
use crate::{generated, workspace};

/// The name of the project that is the template as it is.
const PLAIN: &str = "acme";

/// How the codes of that project begin.
const CODES: &str = "ACME";

/// The template.
const TEMPLATE: &str = "templates/provider";

/// A project from a contract with everything that such a file can hold. It has a login, so that the project works against a stand-in.
const WITH_LOGIN: (&str, &str) = ("crm", "crates/xtask/fixtures/job_config.json");

/// A project from a contract without a login: nothing tells how its system is reached.
const WITHOUT_LOGIN: (&str, &str) = ("keys", "crates/xtask/fixtures/without_login.json");

/// What every task of the latter ends with, until its author writes it.
const NOT_WRITTEN: &str = "KEYS_NOT_WRITTEN";

/// Where a project says what its CI runs.
const CI: &str = ".github/workflows/ci.yml";

/// Makes the projects and runs what their READMEs tell an author to run.
pub(crate) fn run() -> Checked {
    let bench = Bench::new()?;
    plain(&bench)?;
    with_login(&bench)?;
    without_login(&bench)?;
    pinned::resolves(&bench)
}

/// Writes `job_config.json` and the tables of the template's README again.
pub(crate) fn fix() -> Checked {
    let bench = Bench::new()?;
    let folder = bench.make(PLAIN, &[])?;
    let manifest = folder.join("Cargo.toml").display().to_string();
    execute(cargo(&["build", "--manifest-path", &manifest]).env("CARGO_TARGET_DIR", &bench.target))?;
    let job = bench.target.join("debug").join(PLAIN);
    let template = workspace::root().join(TEMPLATE);
    write(&template.join("job_config.json"), &output(program_at_root(&job).arg("schema"))?)?;
    let docs = output(program_at_root(&job).arg("docs"))?.replace(&format!("`{CODES}_"), "`{{code_prefix}}_");
    let path = template.join("README.md");
    let readme = std::fs::read_to_string(&path).map_err(|error| cannot("read", &path, &error))?;
    let readme = generated::replaced(&readme, "{{project_name}}", &docs)
        .ok_or_else(|| Failed::new(format!("{}: no marked place for the tables of `docs`", path.display())))?;
    write(&path, &readme)
}

/// What the projects are made and tried with.
struct Bench {
    credjob: PathBuf,
    /// Where the projects are.
    folder: PathBuf,
    /// The target directory of our workspace.
    target: PathBuf,
}

fn plain(bench: &Bench) -> Checked {
    let folder = bench.make(PLAIN, &[])?;
    bench.run_its_ci(&folder)?;
    let job = bench.target.join("debug").join(PLAIN);
    let same = |file: &str, wanted: Option<String>| {
        let present = std::fs::read_to_string(folder.join(file)).ok();
        if present.is_some() && present == wanted {
            return Ok(());
        }
        Err(Failed::new(format!("templates/provider/{file} is not what the job of the project prints"))
            .hint("`cargo xtask template --fix` writes it"))
    };
    same("job_config.json", Some(output(program_at_root(&job).arg("schema"))?))?;
    let docs = output(program_at_root(&job).arg("docs"))?;
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap_or_default();
    same("README.md", generated::replaced(&readme, PLAIN, &docs))?;
    execute(bench.credjob("check").arg(&folder))?;
    execute(bench.credjob("dry-run").arg(&folder))
}

fn with_login(bench: &Bench) -> Checked {
    let folder = bench.make_from(WITH_LOGIN)?;
    bench.run_its_ci(&folder)?;
    execute(bench.credjob("check").arg(&folder))?;
    execute(bench.credjob("dry-run").arg(&folder))
}

fn without_login(bench: &Bench) -> Checked {
    let folder = bench.make_from(WITHOUT_LOGIN)?;
    bench.run_its_ci(&folder)?;
    execute(bench.credjob("check").arg(&folder))?;
    let mut dry_run = bench.credjob("dry-run");
    let said = dry_run.arg(&folder).args(["--param", "common_name=example.com"]).output();
    let said = said.map_err(|error| Failed::new(format!("cannot run credjob: {error}")))?;
    if String::from_utf8_lossy(&said.stdout).contains(NOT_WRITTEN) {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    Err(Failed::new(format!("a skeleton that nobody has written should refuse its task with {NOT_WRITTEN}:\n{said}")))
}

impl Bench {
    fn new() -> Checked<Self> {
        // Always the same place, or cargo would build the projects each time anew.
        let folder = std::env::temp_dir().join("credjob-template");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(|error| cannot("empty", &folder, &error))?;
        }
        std::fs::create_dir(&folder).map_err(|error| cannot("create", &folder, &error))?;
        let credjob = workspace::build_program("crates/cli/Cargo.toml", "credjob")?;
        Ok(Self { credjob, folder, target: workspace::target_directory()? })
    }

    /// Makes a project with the versions that our workspace was tested with.
    fn make(&self, name: &str, options: &[&str]) -> Checked<PathBuf> {
        let root = workspace::root();
        let mut new = self.credjob("new");
        new.current_dir(&self.folder).args([name, "--yes", "--credjob-path"]).arg(&root).args(options);
        execute(&mut new)?;
        let folder = self.folder.join(name);
        copy_versions(&folder)?;
        // Takes out what the project does not use.
        let manifest = folder.join("Cargo.toml").display().to_string();
        output(&mut cargo(&["metadata", "--format-version", "1", "--offline", "--manifest-path", &manifest]))?;
        Ok(folder)
    }

    fn make_from(&self, (name, contract): (&str, &str)) -> Checked<PathBuf> {
        let contract = workspace::root().join(contract).display().to_string();
        self.make(name, &["--from", &contract])
    }

    /// Runs each step of the project's CI file, as its CI would.
    fn run_its_ci(&self, folder: &Path) -> Checked {
        let path = folder.join(CI);
        let text = std::fs::read_to_string(&path).map_err(|error| cannot("read", &path, &error))?;
        let steps = steps(&text);
        // What is neither formatting, clippy, tests nor the schema was forgotten here or there.
        if steps.len() < 4 {
            return Err(Failed::new(format!("{} has only {} steps to run", path.display(), steps.len())));
        }
        for step in steps {
            let mut shell = program_at_root("bash");
            execute(shell.args(["-e", "-c", step]).current_dir(folder).env("CARGO_TARGET_DIR", &self.target))?;
        }
        Ok(())
    }

    fn credjob(&self, subcommand: &str) -> std::process::Command {
        let mut command = program_at_root(&self.credjob);
        command.arg(subcommand).env("CARGO_TARGET_DIR", &self.target);
        command
    }
}

/// Gives a project our lock file.
fn copy_versions(folder: &Path) -> Checked {
    let lock = workspace::root().join("Cargo.lock");
    std::fs::copy(&lock, folder.join("Cargo.lock")).map(drop).map_err(|error| cannot("copy", &lock, &error))
}

/// The commands of a CI file, but those that install a toolchain: this one is tried.
fn steps(text: &str) -> Vec<&str> {
    let commands = text.lines().filter_map(|line| line.trim_start().strip_prefix("- run: "));
    commands.filter(|command| !command.starts_with("rustup ")).collect()
}

fn write(path: &Path, text: &str) -> Checked {
    std::fs::write(path, text).map_err(|error| cannot("write", path, &error))
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failed {
    Failed::new(format!("cannot {what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_but_the_toolchain_is_run() {
        let text =
            "    steps:\n      - uses: a\n      - run: rustup x\n      # why\n      - run: a | b\n      - run: c\n";
        assert_eq!(steps(text), ["a | b", "c"]);
    }
}
