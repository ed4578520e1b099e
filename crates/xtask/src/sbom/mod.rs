//! `cargo xtask sbom [PROVIDER] [--out DIR]`: a `CycloneDX` bill of materials for the image of each job.
//!
//! Written here and not by `cargo cyclonedx`: that reads `cargo metadata`, which adds up the features of all members of the workspace, so that the bill of every
//! job names both crypto providers and HTTP/2. The crate `cyclonedx-bom` would add some 50 crates to this tool (a regex engine among them) for a document of four
//! kinds of objects; the official schema judges ours (`--validate`).
//!
//! A bill holds what is in the binary: the crates that are linked, the C code and root certificates inside them, the Rust library and the C library. What only runs
//! while the binary is built (proc-macros, build scripts and their crates) is left out; `crates/xtask/reviews` covers it. The crates that the Rust library itself is
//! made of are not listed one by one.

mod bill;
mod bundled;
mod lock;
mod schema;
mod toolchain;

use std::path::{Path, PathBuf};

use crate::failed::{Checked, Failed};
use crate::tree::Tree;
use crate::{dist, workspace};

/// What to write, and where.
struct Wanted {
    providers: Vec<String>,
    folder: PathBuf,
    validate: bool,
}

/// Writes the bills and prints their paths.
pub(crate) fn run(arguments: &[&str]) -> Checked {
    let wanted = wanted(arguments, &workspace::providers()?, &workspace::target_directory()?)?;
    std::fs::create_dir_all(&wanted.folder)
        .map_err(|error| Failed::new(format!("cannot create {}: {error}", wanted.folder.display())))?;
    let metadata = workspace::metadata()?;
    let mut written = Vec::new();
    for provider in &wanted.providers {
        let parts = bill::Parts {
            tree: Tree::linked(&workspace::manifest(provider))?,
            metadata: &metadata,
            checksums: lock::checksums()?,
            toolchain: toolchain::components()?,
            binary: binary(provider)?,
            made_at: made_at()?,
        };
        let path = wanted.folder.join(format!("{provider}.cdx.json"));
        let text = bill::text(&parts)?;
        std::fs::write(&path, text)
            .map_err(|error| Failed::new(format!("cannot write {}: {error}", path.display())))?;
        println!("{}", path.display());
        written.push(path);
    }
    if wanted.validate { schema::validate(&written) } else { Ok(()) }
}

fn wanted(arguments: &[&str], providers: &[String], target: &Path) -> Checked<Wanted> {
    let mut wanted = Wanted { providers: Vec::new(), folder: target.join("sbom"), validate: false };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match *argument {
            "--validate" => wanted.validate = true,
            "--out" => {
                let folder = arguments.next().ok_or_else(|| Failed::new("--out needs a folder"))?;
                wanted.folder = PathBuf::from(folder);
            }
            name if providers.iter().any(|provider| provider == name) => wanted.providers.push(name.to_owned()),
            name => {
                return Err(Failed::new(format!("there is no provider `{name}`"))
                    .hint(format!("cargo xtask sbom [{}] [--out DIR] [--validate]", providers.join("|"))));
            }
        }
    }
    if wanted.providers.is_empty() {
        wanted.providers = providers.to_vec();
    }
    Ok(wanted)
}

/// The SHA-256 of the image's binary, if `cargo xtask dist` has made one.
fn binary(provider: &str) -> Checked<Option<String>> {
    let path = dist::binary(provider)?;
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("{provider}: without the hash of its binary; `cargo xtask dist {provider}` builds it");
        return Ok(None);
    };
    eprintln!("{provider}: with the hash of {}", path.display());
    Ok(Some(bill::sha256(&bytes)))
}

/// The time to write into the bill: `SOURCE_DATE_EPOCH`, or none, so that two runs write the same bytes.
fn made_at() -> Checked<Option<String>> {
    let Ok(seconds) = std::env::var("SOURCE_DATE_EPOCH") else {
        return Ok(None);
    };
    timestamp(&seconds).map(Some).ok_or_else(|| {
        Failed::new(format!("SOURCE_DATE_EPOCH is `{seconds}`"))
            .hint("it is a number of seconds since 1970, as `git log -1 --format=%ct` prints it")
    })
}

fn timestamp(seconds: &str) -> Option<String> {
    let time = time::OffsetDateTime::from_unix_timestamp(seconds.parse().ok()?).ok()?;
    time.format(&time::format_description::well_known::Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Checked<Wanted> {
        wanted(arguments, &["certificate".to_owned(), "jfrog".to_owned()], Path::new("/t"))
    }

    #[test]
    fn without_a_name_every_provider_gets_a_bill() {
        let wanted = asked(&[]).expect("fine");
        assert_eq!((wanted.providers.len(), wanted.folder), (2, PathBuf::from("/t/sbom")));
    }

    #[test]
    fn one_provider_and_a_folder_can_be_named() {
        let wanted = asked(&["jfrog", "--out", "/x"]).expect("fine");
        assert_eq!((wanted.providers, wanted.folder), (vec!["jfrog".to_owned()], PathBuf::from("/x")));
    }

    #[test]
    fn an_unknown_provider_and_a_missing_folder_are_errors() {
        assert!(asked(&["jforg"]).is_err());
        assert!(asked(&["--out"]).is_err());
    }

    #[test]
    fn source_date_epoch_becomes_a_timestamp() {
        assert_eq!(timestamp("1767225600").as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(timestamp("yesterday"), None);
    }
}
