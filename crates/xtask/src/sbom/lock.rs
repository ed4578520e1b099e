//! The checksums of `Cargo.lock`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::failed::{Checked, Failed};
use crate::workspace;

/// SHA-256 of the package file of a crate, by name and version. Packages of the workspace have none.
pub(crate) type Checksums = BTreeMap<(String, String), String>;

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// Reads the lock file of the workspace.
pub(crate) fn checksums() -> Checked<Checksums> {
    let path = workspace::root().join("Cargo.lock");
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failed::new(format!("cannot read {}: {error}", path.display())))?;
    parse(&text)
}

fn parse(text: &str) -> Checked<Checksums> {
    let lock: Lock = toml::from_str(text).map_err(|error| Failed::new(format!("Cargo.lock: {error}")))?;
    let entry = |package: Package| Some(((package.name, package.version), package.checksum?));
    Ok(lock.package.into_iter().filter_map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_of_a_registry_has_a_checksum_and_ours_has_none() {
        let text = "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"00ff\"\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n";
        let expected = Checksums::from([(("a".into(), "1.0.0".into()), "00ff".into())]);
        assert_eq!(parse(text).expect("a lock file"), expected);
    }
}
