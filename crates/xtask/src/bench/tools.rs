//! The programs that the bench starts, besides the jobs.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::measure::Measure;
use super::servers::{Servers, Wishes};
use super::wire::Wire;
use crate::command::{cargo, output, program_at_root, run};
use crate::failed::{Checked, Failed};
use crate::workspace;

/// How the examples of this package are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// Where their speed plays no part.
    Dev,
    /// Where they share the cores with what is measured.
    Release,
}

/// Builds one of the examples and returns where it is.
pub(crate) fn example(name: &str, build: Build) -> Checked<PathBuf> {
    let mut cargo = cargo(&["build", "--locked", "--package", "xtask", "--example", name]);
    let folder = match build {
        Build::Dev => "debug",
        Build::Release => "release",
    };
    if build == Build::Release {
        cargo.arg("--release");
    }
    run(&mut cargo)?;
    Ok(workspace::target_directory()?.join(folder).join("examples").join(name))
}

/// All of them but the jobs.
#[derive(Debug)]
pub(crate) struct Tools {
    pub(crate) curl: Curl,
    pub(crate) measure: Measure,
    servers: PathBuf,
}

impl Tools {
    /// Finds and builds them.
    pub(crate) fn ready() -> Checked<Self> {
        Ok(Self { curl: Curl::find()?, measure: Measure::build()?, servers: example("bench_server", Build::Release)? })
    }

    /// Starts the servers.
    pub(crate) fn servers(&self, wire: Wire, wishes: &Wishes<'_>) -> Checked<Servers> {
        Servers::start(&self.servers, wire, wishes)
    }
}

/// The curl of this machine.
#[derive(Debug)]
pub(crate) struct Curl {
    pub(crate) path: String,
    /// Its first two words: name and version.
    pub(crate) version: String,
}

impl Curl {
    pub(crate) fn find() -> Checked<Self> {
        let path = output(program_at_root("sh").args(["-c", "command -v curl"]))?.trim().to_owned();
        let version = output(Command::new(&path).arg("--version"))?;
        let version = version.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        Ok(Self { path, version })
    }

    /// The authorities to give it, in one file of the folder of `ca_file`.
    pub(crate) fn authorities(wire: Wire, ca_file: &Path) -> Checked<Option<PathBuf>> {
        match wire {
            Wire::Plain => Ok(None),
            Wire::PrivateAuthority => Ok(Some(ca_file.to_owned())),
            Wire::FullDirectory => {
                let all = ca_file.with_file_name("all.pem");
                let cannot = |error| Failed::new(format!("cannot add {} to {DIRECTORY}: {error}", ca_file.display()));
                let mut bundle = std::fs::read(DIRECTORY).map_err(cannot)?;
                bundle.extend(std::fs::read(ca_file).map_err(cannot)?);
                std::fs::write(&all, bundle).map_err(cannot)?;
                Ok(Some(all))
            }
        }
    }
}

/// Debian's public authorities in one file.
const DIRECTORY: &str = "/etc/ssl/certs/ca-certificates.crt";
