//! `cargo xtask reviews`: every crate that ends up in a job, or runs while one is built, has a note in `crates/xtask/reviews/`.
//!
//! In the manner of `cargo vet`, with notes of our own: theirs say nothing about features, and a feature that somebody turns on is new code, too. A note
//! holds for one version, one set of features and one count of `unsafe`, and says what was read of the crate and what was not. The crates are those of a
//! build for this machine's own target; the images are built for x86-64 Linux, and so is CI.

mod check;
mod evidence;
mod needed;
mod notes;
mod scan;

use std::path::Path;

use crate::failed::{Checked, Failed};
use crate::{tree, workspace};

/// Compares the notes with what the jobs are made of, and writes the section for the evidence page.
pub(crate) fn run() -> Checked {
    let (jobs, metadata) = (tree::jobs()?, workspace::metadata()?);
    let needed = needed::of(&jobs, &metadata)?;
    let notes = notes::load()?;
    Failed::of("the review notes in crates/xtask/reviews do not fit", &check::problems(&needed, &notes))?;
    evidence::write(&jobs, &needed, &notes)
}

/// Prints what the scan found of some crates, as notes to be completed.
pub(crate) fn describe(names: &[&str]) -> Checked {
    let needed = needed::of(&tree::jobs()?, &workspace::metadata()?)?;
    for name in names {
        let mut found = needed.iter().filter(|one| one.name == *name).peekable();
        if found.peek().is_none() {
            return Err(Failed::new(format!("no job contains or is built with {name}"))
                .hint("`cargo tree --manifest-path providers/NAME/Cargo.toml` lists what is there"));
        }
        for one in found {
            print!("{}", notes::draft(one));
        }
    }
    Ok(())
}

/// Compares the advisories that the notes name with an unpacked advisory database.
pub(crate) fn check_advisories(database: &Path) -> Checked {
    Failed::of(
        "the advisories in crates/xtask/reviews are not those of the database",
        &check::advisories(&notes::load()?, database),
    )
}
