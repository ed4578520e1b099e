//! What the linker adds to a static binary beside the crates: the Rust library, the C library and the unwinder.

use std::process::Command;

use serde_json::{Value, json};

use crate::command::output;
use crate::failed::{Checked, Failed};

/// The three components, in the versions of this machine: the one that builds the binary.
pub(crate) fn components() -> Checked<Vec<Value>> {
    let rustc = output(Command::new("rustc").arg("-vV"))?;
    let libc = output(Command::new("getconf").arg("GNU_LIBC_VERSION"))?;
    let gcc = output(Command::new("cc").arg("-dumpfullversion"))?;
    Ok(vec![rust_library(&rustc)?, c_library(&libc)?, unwinder(gcc.trim())])
}

fn rust_library(rustc: &str) -> Checked<Value> {
    let field = |name: &str| rustc.lines().find_map(|line| line.strip_prefix(name));
    let (Some(release), Some(commit)) = (field("release: "), field("commit-hash: ")) else {
        return Err(Failed::new("`rustc -vV` names no release or commit"));
    };
    let purl = format!("pkg:github/rust-lang/rust@{release}?vcs_commit={commit}#library/std");
    Ok(component("std", release, "MIT OR Apache-2.0", &purl, "The Rust standard library, linked statically"))
}

fn c_library(libc: &str) -> Checked<Value> {
    let version = libc
        .trim()
        .strip_prefix("glibc ")
        .ok_or_else(|| Failed::new(format!("`getconf GNU_LIBC_VERSION` says `{libc}`")))?;
    let purl = format!("pkg:generic/glibc@{version}");
    Ok(component("glibc", version, "LGPL-2.1-or-later", &purl, "The GNU C library, linked statically"))
}

fn unwinder(gcc: &str) -> Value {
    let purl = format!("pkg:generic/libgcc_eh@{gcc}");
    component(
        "libgcc_eh",
        gcc,
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        &purl,
        "The stack unwinder of GCC, linked statically",
    )
}

fn component(name: &str, version: &str, licence: &str, purl: &str, description: &str) -> Value {
    json!({
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "description": description,
        "scope": "required",
        "licenses": [{"expression": licence}],
        "purl": purl,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rust_library_has_the_compilers_release_and_commit() {
        let library = rust_library("rustc 1.95.0\nrelease: 1.95.0\ncommit-hash: abc\n").expect("fine");
        assert_eq!(library["purl"], "pkg:github/rust-lang/rust@1.95.0?vcs_commit=abc#library/std");
    }

    #[test]
    fn another_c_library_than_gnus_is_an_error() {
        assert_eq!(c_library("glibc 2.36\n").expect("fine")["version"], "2.36");
        assert!(c_library("musl").is_err());
    }
}
