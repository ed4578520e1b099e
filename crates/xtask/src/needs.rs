//! What the tests need beyond a Rust toolchain: installed where that is possible, asked for where it is not.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{program_at_root, run, succeeds};
use crate::failed::{Checked, Failed};
use crate::workspace;

/// A program of the system, how to see that it is there, and the Debian package that has it.
struct Need {
    probe: &'static [&'static str],
    package: &'static str,
}

/// The system programs that tests call.
const NEEDS: [Need; 4] = [
    Need { probe: &["openssl", "version"], package: "openssl" },
    // A client that shares no code with ours asks `credjob emulator`.
    Need { probe: &["curl", "--version"], package: "curl" },
    // The script of `credjob deploy --output shell` asks with it.
    Need { probe: &["jq", "--version"], package: "jq" },
    PYTHON,
];

/// Debian's python3 has no `ensurepip`, and so no working `venv`, before this package is there.
const PYTHON: Need = Need { probe: &["python3", "-c", "import venv, ensurepip"], package: "python3-venv" };

/// What counts instructions.
const VALGRIND: Need = Need { probe: &["valgrind", "--version"], package: "valgrind" };

/// What the bench measures against, and with.
const BENCH: [Need; 3] = [
    Need { probe: &["curl", "--version"], package: "curl" },
    Need { probe: &["test", "-s", "/etc/ssl/certs/ca-certificates.crt"], package: "ca-certificates" },
    VALGRIND,
];

/// IBM's SDK, the judge of the emulator's wire format. The version is the one that PROTOCOL was written from.
const SDK: &str = "ibm-secrets-manager-sdk==2.1.19";

/// The server that the tests of the provider `postgres` start themselves, in whatever version is there.
const POSTGRESQL: &str = "postgresql";

/// Where Debian keeps the server's programs; they are not on the PATH.
const POSTGRESQL_PROGRAMS: &str = "/usr/lib/postgresql";

/// Debian's package starts a server of its own on installation unless this file says otherwise.
const CREATE_CLUSTER: (&str, &str) = ("/etc/postgresql-common/createcluster.conf", "\ncreate_main_cluster = false\n");

/// Installs the missing system programs of the tests.
pub(crate) fn system_programs() -> Checked {
    postgresql()?;
    all(&NEEDS)
}

/// Installs what `cargo xtask instructions` needs.
pub(crate) fn valgrind() -> Checked {
    all(&[VALGRIND])
}

/// Installs what `cargo xtask bench` needs.
pub(crate) fn bench() -> Checked {
    all(&BENCH)
}

fn all(needs: &[Need]) -> Checked {
    let missing: Vec<&str> = needs.iter().filter(|need| !is_there(need)).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing)?;
    match needs.iter().find(|need| !is_there(need)) {
        None => Ok(()),
        Some(need) => {
            Err(Failed::new(format!("`{}` still fails after {} was installed", need.probe.join(" "), need.package)))
        }
    }
}

/// The programs of a `PostgreSQL` server, without a server that runs.
fn postgresql() -> Checked {
    let is_there = || Path::new(POSTGRESQL_PROGRAMS).read_dir().is_ok_and(|mut versions| versions.next().is_some());
    if is_there() || succeeds(Command::new("initdb").arg("--version")) {
        return Ok(());
    }
    if is_root() {
        // First the package that owns the file, so that the change is an administrator's and no conflict.
        install(&["postgresql-common"])?;
        let (file, setting) = CREATE_CLUSTER;
        let add = |mut file: File| file.write_all(setting.as_bytes());
        let opened = OpenOptions::new().append(true).create(true).open(file);
        opened.and_then(add).map_err(|error| Failed::new(format!("cannot write {file}: {error}")))?;
    }
    install(&[POSTGRESQL])?;
    if is_there() { Ok(()) } else { Err(Failed::new(format!("{POSTGRESQL_PROGRAMS} is still empty"))) }
}

/// Installs Debian packages as root; says what to install anywhere else.
pub(crate) fn install(packages: &[&str]) -> Checked {
    let list = packages.join(" ");
    if !is_root() || !succeeds(Command::new("apt-get").arg("--version")) {
        return Err(Failed::new(format!("programs are missing: {list} (Debian's names)"))
            .hint(format!("on Debian or Ubuntu: sudo apt-get install --no-install-recommends {list}")));
    }
    let mut update = Command::new("apt-get");
    update.args(["update", "-q"]);
    run(&mut update)?;
    let mut install = Command::new("apt-get");
    install
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(packages);
    run(&mut install)
}

/// A Python with IBM's SDK.
pub(crate) fn python() -> Checked<PathBuf> {
    python_with(SDK, "ibm_secrets_manager_sdk")
}

/// A Python with one package of `PyPI`, in a virtual environment under the target directory. Made once per version of the package.
pub(crate) fn python_with(package: &str, module: &str) -> Checked<PathBuf> {
    let folder = workspace::scratch("venv")?.join(package);
    let python = folder.join("bin").join("python");
    if succeeds(Command::new(&python).args(["-c", &format!("import {module}")])) {
        return Ok(python);
    }
    all(&[PYTHON])?;
    run(program_at_root("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(program_at_root(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]))
        .map_err(|failed| {
            Failed::new(failed.message())
                .hint(format!("PyPI is needed once, for {package}; check the network or pip's settings"))
        })?;
    Ok(python)
}

fn is_there(need: &Need) -> bool {
    need.probe.split_first().is_some_and(|(program, arguments)| succeeds(Command::new(program).args(arguments)))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
