//! What can be counted in the source of a crate: `unsafe`, and what it reaches for outside of its own memory.
//!
//! By tokens, so that comments, texts and `unsafe_code` do not count. All platforms and the tests within the source files do: a scan cannot know what
//! a `cfg` leaves out, and too much is the safe side.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde_json::Value;

use crate::failed::{Checked, Failed};

/// The modules of `std` and `tokio` by which a program reaches beyond itself.
const OUTSIDE: [&str; 4] = ["env", "fs", "net", "process"];

/// Folders beside a `lib.rs` that stands at the root of its package.
const NOT_THE_LIBRARY: [&str; 5] = ["benches", "examples", "fuzz", "target", "tests"];

/// What the scan found in one package.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    /// How often `unsafe` stands in the library.
    pub(crate) unsafes: usize,
    /// `env`, `fs`, `net`, `process` of `std` or `tokio`; `libc`, `ffi` (a block of foreign functions), `asm`.
    pub(crate) reaches: BTreeSet<String>,
    /// What the build script reaches for; `None` without a build script.
    pub(crate) build_script: Option<BTreeSet<String>>,
}

/// Scans a package as `cargo metadata` describes it.
pub(crate) fn package(package: &Value) -> Checked<Facts> {
    let root =
        package["manifest_path"].as_str().and_then(|manifest| Path::new(manifest).parent()).unwrap_or(Path::new(""));
    let mut facts = Facts::default();
    for target in package["targets"].as_array().into_iter().flatten() {
        let path = Path::new(target["src_path"].as_str().unwrap_or_default());
        let has_kind = |kinds: &[&str]| {
            target["kind"].as_array().into_iter().flatten().filter_map(Value::as_str).any(|kind| kinds.contains(&kind))
        };
        if has_kind(&["custom-build"]) {
            facts.build_script = Some(files(&sources(root, path)?)?.reaches);
        } else if has_kind(&["lib", "rlib", "proc-macro", "cdylib", "staticlib"]) {
            let library = files(&sources(root, path)?)?;
            facts.unsafes = library.unsafes;
            facts.reaches = library.reaches;
        }
    }
    Ok(facts)
}

/// The files of a target: the folder of its main file, or the file alone if that is a build script at the root of the package.
fn sources(root: &Path, main: &Path) -> Checked<Vec<PathBuf>> {
    let folder = main.parent().unwrap_or(root);
    if folder == root && main.file_name().is_some_and(|name| name != "lib.rs") {
        return Ok(vec![main.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|error| Failed::new(format!("cannot read {}: {error}", folder.display())))?;
        for entry in entries.flatten() {
            let path = entry.path();
            let beside = folder == root && NOT_THE_LIBRARY.iter().any(|name| entry.file_name() == *name);
            if path.is_dir() && !beside {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && path != root.join("build.rs") {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn files(paths: &[PathBuf]) -> Checked<Facts> {
    let mut facts = Facts::default();
    for path in paths {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failed::new(format!("cannot read {}: {error}", path.display())))?;
        facts.add(&text).map_err(|error| Failed::new(format!("{} is no Rust: {error}", path.display())))?;
    }
    Ok(facts)
}

impl Facts {
    /// Counts one file.
    fn add(&mut self, text: &str) -> Result<(), proc_macro2::LexError> {
        self.walk(TokenStream::from_str(text)?);
        Ok(())
    }

    fn walk(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        for (place, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.walk(group.stream()),
                TokenTree::Ident(word) => self.word(&word.to_string(), &tokens[place + 1..]),
                _ => {}
            }
        }
    }

    fn word(&mut self, word: &str, rest: &[TokenTree]) {
        let reached = match word {
            "unsafe" => {
                self.unsafes += 1;
                return;
            }
            "std" | "tokio" => {
                self.reaches.extend(path_heads(rest).into_iter().filter(|head| OUTSIDE.contains(&head.as_str())));
                return;
            }
            "libc" if is_path(rest) => "libc",
            "asm" | "global_asm" | "naked_asm" if is_punct(rest.first(), '!') => "asm",
            "extern" if is_foreign_block(rest) => "ffi",
            _ => return,
        };
        self.reaches.insert(reached.to_owned());
    }
}

/// What follows a path's first word: one name, or all names of `{env, fs::File}`.
fn path_heads(rest: &[TokenTree]) -> Vec<String> {
    if !is_path(rest) {
        return Vec::new();
    }
    match rest.get(2) {
        Some(TokenTree::Ident(head)) => vec![head.to_string()],
        Some(TokenTree::Group(group)) => {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            let heads =
                tokens.iter().enumerate().filter(|(place, _)| *place == 0 || is_punct(tokens.get(place - 1), ','));
            heads.map(|(_, head)| head.to_string()).collect()
        }
        _ => Vec::new(),
    }
}

fn is_path(rest: &[TokenTree]) -> bool {
    is_punct(rest.first(), ':') && is_punct(rest.get(1), ':')
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

/// `extern "C" { ... }`: functions of another language. `extern "C" fn` is one of ours that it may call.
fn is_foreign_block(rest: &[TokenTree]) -> bool {
    let is_block = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace);
    is_block(rest.first()) || (matches!(rest.first(), Some(TokenTree::Literal(_))) && is_block(rest.get(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Facts {
        let mut facts = Facts::default();
        facts.add(text).expect("Rust");
        facts
    }

    fn reaches(text: &str) -> Vec<String> {
        facts(text).reaches.into_iter().collect()
    }

    #[test]
    fn unsafe_counts_in_blocks_functions_and_macros() {
        assert_eq!(facts("unsafe fn f() {} fn g() { unsafe { f() } } m! { unsafe impl Send for T {} }").unsafes, 3);
    }

    #[test]
    fn unsafe_in_comments_texts_and_lints_does_not_count() {
        assert_eq!(
            facts("#![forbid(unsafe_code)] // unsafe\n/// unsafe\nfn f() { \"unsafe\"; r#\"unsafe\"#; }").unsafes,
            0
        );
    }

    #[test]
    fn a_module_that_reaches_outside_is_found_by_its_path() {
        assert_eq!(reaches("fn f() { std::fs::read(x); ::std::process::exit(1) }"), ["fs", "process"]);
        assert_eq!(reaches("use tokio::net::TcpStream;"), ["net"]);
    }

    #[test]
    fn a_module_that_reaches_outside_is_found_in_a_list() {
        assert_eq!(reaches("use std::{collections::{BTreeMap, env}, fs::File, net};"), ["fs", "net"]);
    }

    #[test]
    fn what_is_compiled_in_reaches_nothing() {
        assert_eq!(reaches("const A: &str = env!(\"A\"); use core::net::IpAddr; fn net() {}"), Vec::<String>::new());
    }

    #[test]
    fn foreign_functions_and_assembly_are_found() {
        assert_eq!(reaches("extern \"C\" { fn f(); }"), ["ffi"]);
        assert_eq!(reaches("extern \"C\" fn f() { libc::getpid(); core::arch::asm!(\"nop\") }"), ["asm", "libc"]);
        assert_eq!(reaches("extern crate alloc; extern \"C\" fn f() {}"), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_rust_is_an_error() {
        assert!(Facts::default().add("fn f() { \"").is_err());
    }
}
