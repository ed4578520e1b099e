//! A project below another workspace that does not list it: cargo takes it for a member that was forgotten, and refuses.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What cargo says about such a package.
const FORGOTTEN: &str = "believes it's in a workspace when it's not";

/// What makes it a workspace of its own.
const OWN: &str = "\n# Not a member of the workspace around it.\n[workspace]\n";

/// Makes the project a workspace of its own if it must be. A member of the workspace around it stays one.
pub(crate) fn stand_alone(project: &Path) {
    let manifest = project.join("Cargo.toml");
    if !below_another(project) || !is_forgotten(&manifest) {
        return;
    }
    let appended =
        std::fs::OpenOptions::new().append(true).open(&manifest).and_then(|mut file| file.write_all(OWN.as_bytes()));
    if let Err(error) = appended {
        eprintln!("note: cannot add `[workspace]` to {}, which cargo will ask for: {error}", manifest.display());
    }
}

fn below_another(project: &Path) -> bool {
    let manifests = project.ancestors().skip(1).map(|folder| folder.join("Cargo.toml"));
    manifests
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .any(|text| text.lines().any(|line| line.trim() == "[workspace]"))
}

/// Asks cargo, which alone knows what the members' patterns match.
fn is_forgotten(manifest: &Path) -> bool {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"]).arg(manifest);
    let answer = cargo.stdin(Stdio::null()).output();
    answer.is_ok_and(|answer| String::from_utf8_lossy(&answer.stderr).contains(FORGOTTEN))
}
