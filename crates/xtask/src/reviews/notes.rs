//! The notes: TOML files in `crates/xtask/reviews/`, one for each theme.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::needed::Needed;
use crate::failed::{Checked, Failed};
use crate::workspace;

/// Where the notes are.
const FOLDER: &str = "crates/xtask/reviews";

/// What one person found out about one crate in one version.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    #[serde(rename = "crate")]
    pub(crate) name: String,
    pub(crate) version: String,
    /// What jobs use it for.
    pub(crate) used_for: String,
    /// Every feature that a job turns on.
    pub(crate) features: BTreeSet<String>,
    /// How often `unsafe` stands in its source.
    #[serde(rename = "unsafe")]
    pub(crate) unsafes: usize,
    /// What its source reaches for: `env`, `fs`, `net`, `process`, `libc`, `ffi`, `asm`.
    pub(crate) reaches: BTreeSet<String>,
    /// What the build script does, and what it reaches for.
    pub(crate) build_script: Option<BuildScript>,
    /// Who keeps it, and when this version came out.
    pub(crate) maintenance: String,
    /// Every advisory that it ever had; `cargo deny` knows that none is open.
    #[serde(default)]
    pub(crate) rustsec: BTreeSet<String>,
    pub(crate) depth: Depth,
    /// What was read of it, file by file if not all.
    pub(crate) read: String,
    pub(crate) verdict: String,
}

/// A build script of a crate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BuildScript {
    pub(crate) does: String,
    pub(crate) reaches: BTreeSet<String>,
}

/// How much of a crate was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Depth {
    /// Every line of the library, and the build script.
    Whole,
    /// The parts that `read` names.
    Parts,
    /// Nothing: only what the scan counts is known.
    Scan,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    review: Vec<Note>,
}

/// Reads every note.
pub(crate) fn load() -> Checked<Vec<Note>> {
    let folder = workspace::root().join(FOLDER);
    let cannot = |error: std::io::Error| Failed::new(format!("cannot read {}: {error}", folder.display()));
    let mut notes = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(cannot)?.flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(entry.path()).map_err(cannot)?;
            notes.extend(parse(&entry.path(), &text)?);
        }
    }
    notes.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    Ok(notes)
}

fn parse(path: &Path, text: &str) -> Checked<Vec<Note>> {
    let file: File = toml::from_str(text).map_err(|error| Failed::new(format!("{}: {error}", path.display())))?;
    Ok(file.review)
}

/// A note with what the scan found, for a person to complete.
pub(crate) fn draft(needed: &Needed) -> String {
    let Needed { name, version, features, facts, .. } = needed;
    let mut draft =
        format!("[[review]]\ncrate = {name:?}\nversion = {version:?}\nused_for = \"\" # {}\n", needed.place());
    let list = |set: &BTreeSet<String>| format!("{:?}", set.iter().collect::<Vec<_>>());
    // Writing to a `String` cannot fail.
    let _ = writeln!(draft, "features = {}", list(features));
    let _ = writeln!(draft, "unsafe = {}\nreaches = {}", facts.unsafes, list(&facts.reaches));
    if let Some(reaches) = &facts.build_script {
        let _ = writeln!(draft, "build_script = {{ does = \"\", reaches = {} }}", list(reaches));
    }
    draft + "maintenance = \"\"\nrustsec = []\ndepth = \"\"\nread = \"\"\nverdict = \"\"\n"
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::reviews::scan::Facts;

    /// A note as it should be.
    pub(crate) const NOTE: &str = r#"
[[review]]
crate = "rustls"
version = "0.23.46"
used_for = "TLS"
features = ["std"]
unsafe = 1
reaches = ["fs"]
build_script = { does = "asks for the compiler's version", reaches = ["env"] }
maintenance = "the rustls project"
rustsec = ["RUSTSEC-2024-0336"]
depth = "parts"
read = "src/key_log_file.rs"
verdict = "fine"
"#;

    pub(crate) fn note() -> Note {
        parse(Path::new("x.toml"), NOTE).expect("a note").remove(0)
    }

    /// What the note is about.
    pub(crate) fn needed() -> Needed {
        Needed {
            name: "rustls".into(),
            version: "0.23.46".into(),
            features: BTreeSet::from(["std".into()]),
            is_proc_macro: false,
            linked_into: BTreeSet::from(["jfrog".into()]),
            licence: "ISC".into(),
            facts: Facts {
                unsafes: 1,
                reaches: BTreeSet::from(["fs".into()]),
                build_script: Some(BTreeSet::from(["env".into()])),
            },
        }
    }

    #[test]
    fn a_field_that_no_note_has_is_an_error() {
        let failed = parse(Path::new("x.toml"), &format!("{NOTE}deepness = 1\n")).expect_err("unknown");
        assert!(failed.message().contains("deepness"), "{failed}");
    }

    #[test]
    fn a_draft_holds_what_the_scan_found_and_is_no_note_yet() {
        let draft = draft(&needed());
        assert!(
            draft.contains("unsafe = 1\nreaches = [\"fs\"]\nbuild_script = { does = \"\", reaches = [\"env\"] }\n"),
            "{draft}"
        );
        assert!(parse(Path::new("x.toml"), &draft).is_err());
    }
}
