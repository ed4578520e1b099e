//! Where PostgreSQL's programs are, and how to start them as an unprivileged user.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A folder that holds `initdb` and `postgres`, to be used instead of the newest that is installed.
const BIN: &str = "CREDJOB_POSTGRES_BIN";
/// What to do when there is none. Debian's package `postgresql` would start a server of its own.
const INSTALL: &str = "PostgreSQL is not installed. Install it without starting a server: \
    `apt-get install -y --no-install-recommends postgresql-common && \
    echo create_main_cluster = false >> /etc/postgresql-common/createcluster.conf && \
    apt-get install -y --no-install-recommends postgresql`, or set CREDJOB_POSTGRES_BIN to the folder of `initdb` and `postgres`";

/// The user `nobody` and its group, as everywhere on Linux.
const NOBODY: u32 = 65534;

/// The folder of PostgreSQL's programs, or how to install them.
pub(crate) fn installed() -> Result<&'static Path, &'static str> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND.get_or_init(find).as_deref().ok_or(INSTALL)
}

fn find() -> Option<PathBuf> {
    let has_programs = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    if let Some(folder) = std::env::var_os(BIN) {
        return Some(PathBuf::from(folder)).filter(has_programs);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let newest_first = folders.into_iter().rev().map(|(_, folder)| folder);
    newest_first.chain(std::env::split_paths(&path)).find(has_programs)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A program of PostgreSQL's, run as nobody if we are root: the server refuses to run as root. It ends with this thread.
pub(crate) fn program(name: &str, home: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT"]);
    if is_root() {
        command.args([format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"), "--clear-groups".to_owned()]);
    }
    command
        .arg(installed().unwrap_or_else(|how| panic!("{how}")).join(name))
        .env_clear()
        .env("LC_ALL", "C")
        .env("HOME", home);
    command.env("PATH", std::env::var_os("PATH").as_deref().unwrap_or(OsStr::new("/usr/bin:/bin")));
    command.current_dir(home);
    command
}

/// Gives a file or folder to the user that the programs run as.
pub(crate) fn hand_over(path: &Path) {
    if is_root() {
        std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).expect("root may give files away");
    }
}
