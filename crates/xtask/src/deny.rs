//! `cargo xtask deny`: licences, advisories, bans and sources.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{cargo, run as execute, succeeds};
use crate::failed::{Checked, Failed};
use crate::{reviews, workspace};

/// A copy of the advisory database that lies beside the repository where the network does not reach GitHub.
const LOCAL_DATABASE: &str = "../shared/advisory-db.tar.gz";

/// The folder of the database within cargo-deny's `db-path`: the last part of its URL and a hash of the whole (tame-index's naming).
const DATABASE_FOLDER: &str = "advisory-db-3157b0e258782691";

/// Runs cargo-deny, with the local copy of the advisory database where there is one.
pub(crate) fn run() -> Checked {
    if !succeeds(&mut cargo(&["deny", "--version"])) {
        return Err(Failed::new("cargo-deny is missing").hint("cargo install cargo-deny --locked"));
    }
    let archive = workspace::root().join(LOCAL_DATABASE);
    if !archive.is_file() {
        return execute(&mut cargo(&["deny", "--locked", "check"]));
    }
    let databases = unpack(&archive)?;
    reviews::check_advisories(&databases.join(DATABASE_FOLDER))?;
    let config = config_with(&databases)?;
    // `--offline` keeps cargo-deny from fetching the database, and cargo from fetching crates: those must be there before.
    execute(&mut cargo(&["fetch", "--locked"]))?;
    execute(cargo(&["deny", "--locked", "--offline", "--config"]).arg(config).arg("check"))
}

/// Unpacks the archive as the git repository that cargo-deny expects, and returns the `db-path`.
fn unpack(archive: &Path) -> Checked<PathBuf> {
    let databases = workspace::scratch("advisory-dbs")?;
    let folder = databases.join(DATABASE_FOLDER);
    let error = |error: std::io::Error| Failed::new(format!("{}: {error}", folder.display()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(error)?;
    }
    std::fs::create_dir_all(&folder).map_err(error)?;
    execute(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(&folder))?;
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&folder).args(["-c", "user.name=xtask", "-c", "user.email=xtask@localhost"]).args(arguments);
        execute(&mut git)
    };
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--message", "advisories"])?;
    // cargo-deny reads the database's age from here.
    std::fs::write(folder.join(".git").join("FETCH_HEAD"), "").map_err(error)?;
    Ok(databases)
}

/// A copy of `deny.toml` that names the `db-path`.
fn config_with(databases: &Path) -> Checked<PathBuf> {
    let original = workspace::root().join("deny.toml");
    let error = |error: std::io::Error| Failed::new(format!("{}: {error}", original.display()));
    let text = std::fs::read_to_string(&original).map_err(error)?;
    let path = toml_text(&databases.display().to_string());
    let text = text.replacen("[advisories]\n", &format!("[advisories]\ndb-path = {path}\n"), 1);
    let config = workspace::scratch("deny")?.join("deny.toml");
    std::fs::write(&config, text).map_err(error)?;
    Ok(config)
}

/// A literal TOML string; a path with a quote in it is not supported.
fn toml_text(text: &str) -> String {
    format!("'{text}'")
}
