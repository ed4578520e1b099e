//! Compares notes with what the jobs are made of.

use std::collections::BTreeSet;
use std::path::Path;

use super::needed::Needed;
use super::notes::{Depth, Note};

/// Crates without a note, and notes that do not fit their crate.
pub(crate) fn problems(needed: &[Needed], notes: &[Note]) -> Vec<String> {
    let mut problems: Vec<String> = needed.iter().flat_map(|one| of_crate(one, notes)).collect();
    for note in notes {
        if note.verdict.is_empty() || note.read.is_empty() || note.used_for.is_empty() || note.maintenance.is_empty() {
            problems.push(format!("{} {}: the note is not complete", note.name, note.version));
        }
        if notes.iter().filter(|other| is_same(note, &other.name, &other.version)).count() > 1 {
            problems.push(format!("{} {} has two notes", note.name, note.version));
        }
        if is_outdated(note, needed, notes) {
            problems.push(format!("{} {} is in no job any more: delete its note", note.name, note.version));
        }
    }
    problems
}

fn of_crate(one: &Needed, notes: &[Note]) -> Vec<String> {
    let title = format!("{} {}", one.name, one.version);
    if let Some(note) = notes.iter().find(|note| is_same(note, &one.name, &one.version)) {
        return misfits(one, note).into_iter().map(|misfit| format!("{title}: {misfit}")).collect();
    }
    let reviewed: Vec<&str> =
        notes.iter().filter(|note| note.name == one.name).map(|note| note.version.as_str()).collect();
    if reviewed.is_empty() {
        return vec![format!(
            "{title} ({}) has no note: read it, then add one; `cargo xtask reviews {}` prints what the scan found",
            one.place(),
            one.name
        )];
    }
    vec![format!(
        "{}: reviewed {}, locked {}: read the changes, then add a note",
        one.name,
        reviewed.join(" and "),
        one.version
    )]
}

/// A note that no job needs. One of an older version stays until there is one of the newer: it is where the next review begins.
fn is_outdated(note: &Note, needed: &[Needed], notes: &[Note]) -> bool {
    let has_note = |one: &Needed| notes.iter().any(|note| is_same(note, &one.name, &one.version));
    !needed
        .iter()
        .filter(|one| one.name == note.name)
        .any(|one| is_same(note, &one.name, &one.version) || !has_note(one))
}

/// What a note says otherwise than the source.
fn misfits(one: &Needed, note: &Note) -> Vec<String> {
    let mut misfits = Vec::new();
    let mut compare = |what: &str, noted: &BTreeSet<String>, found: &BTreeSet<String>| {
        if noted != found {
            let (noted, found): (Vec<&String>, Vec<&String>) = (noted.iter().collect(), found.iter().collect());
            misfits.push(format!(
                "reviewed with the {what} {noted:?}, now {found:?}: read what is new, then correct the note"
            ));
        }
    };
    compare("features", &note.features, &one.features);
    compare("reaches", &note.reaches, &one.facts.reaches);
    if let (Some(noted), Some(found)) = (&note.build_script, &one.facts.build_script) {
        compare("build script's reaches", &noted.reaches, found);
    }
    if note.unsafes != one.facts.unsafes {
        misfits.push(format!("the note counts {} `unsafe`, the scan {}", note.unsafes, one.facts.unsafes));
    }
    match (&note.build_script, &one.facts.build_script) {
        (None, Some(_)) => misfits.push("has a build script that the note does not tell of".to_owned()),
        (Some(_), None) => misfits.push("has no build script, but the note tells of one".to_owned()),
        (Some(noted), Some(_)) if noted.does.is_empty() => misfits.push("what does its build script do?".to_owned()),
        _ => {}
    }
    if note.depth == Depth::Scan && one.must_be_read() {
        misfits.push("must be read, not only scanned: it runs while a job is built, or works on secrets, TLS or what strangers send".to_owned());
    }
    misfits
}

fn is_same(note: &Note, name: &str, version: &str) -> bool {
    (note.name.as_str(), note.version.as_str()) == (name, version)
}

/// Advisories that a note does not name, or names wrongly. The database has a folder for each crate with one.
pub(crate) fn advisories(notes: &[Note], database: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for note in notes {
        let entries = std::fs::read_dir(database.join("crates").join(&note.name)).into_iter().flatten().flatten();
        let known: BTreeSet<String> =
            entries.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".md")?.to_owned())).collect();
        for id in known.symmetric_difference(&note.rustsec) {
            let what =
                if known.contains(id) { "is not in the note" } else { "is in the note, but not in the database" };
            problems.push(format!("{} {}: {id} {what}", note.name, note.version));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::notes::tests::{needed, note};
    use super::*;

    #[track_caller]
    fn only(needed: &[Needed], notes: &[Note]) -> String {
        let mut problems = problems(needed, notes);
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems.remove(0)
    }

    #[test]
    fn a_note_that_fits_is_no_problem() {
        assert_eq!(problems(&[needed()], &[note()]), Vec::<String>::new());
    }

    #[test]
    fn another_version_than_the_reviewed_one_is_a_problem() {
        let newer = Needed { version: "0.23.47".into(), ..needed() };
        assert_eq!(
            only(&[newer], &[note()]),
            "rustls: reviewed 0.23.46, locked 0.23.47: read the changes, then add a note"
        );
    }

    #[test]
    fn a_crate_without_a_note_is_a_problem_that_says_where_it_is() {
        let text = only(&[needed()], &[]);
        assert!(text.starts_with("rustls 0.23.46 (linked into jfrog) has no note"), "{text}");
    }

    #[test]
    fn a_feature_that_was_turned_on_since_is_a_problem() {
        let mut more = needed();
        more.features.insert("logging".into());
        let text = only(&[more], &[note()]);
        assert!(text.contains(r#"reviewed with the features ["std"], now ["logging", "std"]"#), "{text}");
    }

    #[test]
    fn a_wrong_count_of_unsafe_is_a_problem() {
        let text = only(&[needed()], &[Note { unsafes: 0, ..note() }]);
        assert_eq!(text, "rustls 0.23.46: the note counts 0 `unsafe`, the scan 1");
    }

    #[test]
    fn a_build_script_that_the_note_does_not_tell_of_is_a_problem() {
        assert!(
            only(&[needed()], &[Note { build_script: None, ..note() }])
                .ends_with("has a build script that the note does not tell of")
        );
    }

    #[test]
    fn what_runs_in_the_build_must_be_read() {
        let text = only(&[needed()], &[Note { depth: Depth::Scan, ..note() }]);
        assert!(text.contains("must be read, not only scanned"), "{text}");
    }

    #[test]
    fn a_harmless_crate_may_be_scanned_only() {
        let mut harmless = Needed { name: "slab".into(), ..needed() };
        harmless.facts.build_script = None;
        let scanned = Note { name: "slab".into(), depth: Depth::Scan, build_script: None, ..note() };
        assert_eq!(problems(&[harmless], &[scanned]), Vec::<String>::new());
    }

    #[test]
    fn a_note_without_a_crate_is_a_problem() {
        assert_eq!(only(&[], &[note()]), "rustls 0.23.46 is in no job any more: delete its note");
    }

    #[test]
    fn a_note_of_an_older_version_goes_when_the_newer_one_is_there() {
        let newer = || Needed { version: "0.23.47".into(), ..needed() };
        let notes = [note(), Note { version: "0.23.47".into(), ..note() }];
        assert_eq!(only(&[newer()], &notes), "rustls 0.23.46 is in no job any more: delete its note");
    }

    #[test]
    fn an_advisory_that_the_note_does_not_name_is_a_problem() {
        let database = std::env::temp_dir().join(format!("credjob-xtask-advisories-{}", std::process::id()));
        std::fs::create_dir_all(database.join("crates/rustls")).expect("a folder");
        std::fs::write(database.join("crates/rustls/RUSTSEC-2024-0399.md"), "").expect("a file");
        let problems = advisories(&[note()], &database);
        std::fs::remove_dir_all(&database).expect("removed");
        assert_eq!(
            problems,
            [
                "rustls 0.23.46: RUSTSEC-2024-0336 is in the note, but not in the database",
                "rustls 0.23.46: RUSTSEC-2024-0399 is not in the note"
            ]
        );
    }
}
