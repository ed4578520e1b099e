//! `cargo xtask template`: what `credjob new` makes, outside of our workspace: built, linted, tested and tried.
//!
//! Both projects share our target directory and versions, so that their dependencies are built once.

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

/// The name of the project that is made from an existing contract.
const FROM: &str = "crm";

/// A contract with everything that such a file can hold.
const CONTRACT: &str = "crates/xtask/fixtures/job_config.json";

/// What every task of the second project ends with, until its author writes it.
const NOT_WRITTEN: &str = "CRM_NOT_WRITTEN";

/// Makes both projects and runs what their READMEs tell an author to run.
pub(crate) fn run() -> Checked {
    let bench = Bench::new()?;
    plain(&bench)?;
    from_contract(&bench)
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
    bench.build_and_test(&folder)?;
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

fn from_contract(bench: &Bench) -> Checked {
    let contract = workspace::root().join(CONTRACT).display().to_string();
    let folder = bench.make(FROM, &["--from", &contract])?;
    bench.build_and_test(&folder)?;
    execute(bench.credjob("check").arg(&folder))?;
    let login = folder.join("login.txt");
    write(&login, "any login")?;
    let mut dry_run = bench.credjob("dry-run");
    dry_run.arg(&folder).args(["--param", "tenant=blue", "--param", "type=true", "--param", "secret=basic"]);
    dry_run.arg("--secret").arg(format!("admin_ref=@{}", login.display()));
    let said = dry_run.output().map_err(|error| Failed::new(format!("cannot run credjob: {error}")))?;
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
        let (lock, folder) = (root.join("Cargo.lock"), self.folder.join(name));
        std::fs::copy(&lock, folder.join("Cargo.lock")).map_err(|error| cannot("copy", &lock, &error))?;
        Ok(folder)
    }

    fn build_and_test(&self, folder: &Path) -> Checked {
        let manifest = folder.join("Cargo.toml").display().to_string();
        let steps: [&[&str]; 3] = [
            &["fmt", "--manifest-path", &manifest, "--check"],
            &["test", "--manifest-path", &manifest],
            &["clippy", "--manifest-path", &manifest, "--all-targets", "--", "-D", "warnings"],
        ];
        for step in steps {
            execute(cargo(step).env("CARGO_TARGET_DIR", &self.target))?;
        }
        Ok(())
    }

    fn credjob(&self, subcommand: &str) -> std::process::Command {
        let mut command = program_at_root(&self.credjob);
        command.arg(subcommand).env("CARGO_TARGET_DIR", &self.target);
        command
    }
}

fn write(path: &Path, text: &str) -> Checked {
    std::fs::write(path, text).map_err(|error| cannot("write", path, &error))
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failed {
    Failed::new(format!("cannot {what} {}: {error}", path.display()))
}
