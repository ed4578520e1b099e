//! Every input of the corpus, checked with the stable compiler: all that CI does of fuzzing. It leaves a section for the evidence
//! page of the guide.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use credjob_fuzz::{TARGETS, Target};

const INTRODUCTION: &str = "\
## Hostile input: fuzzed, and replayed by every test run

Whatever meets data from outside has a property that must hold for any input. `cargo xtask fuzz` searches for an input that breaks it with
libFuzzer, by coverage and under the address sanitizer. Every test run checks the properties for the inputs that were kept: examples from the
service's documentation, hand-made nasty ones, those that once broke a property, and those with which fuzzing reached something new.

| Target | What holds for any input | Inputs |
|---|---|---|
";

/// One test for each target.
macro_rules! replay {
    ($($name:ident)+) => {
        $(#[test]
        fn $name() {
            replay(stringify!($name));
        })+

        #[test]
        fn every_target_is_replayed() {
            assert_eq!([$(stringify!($name)),+].as_slice(), TARGETS.iter().map(|target| target.name).collect::<Vec<_>>());
        }
    };
}

replay! {
    declaration environment host_list iam_answer identifiers instance_url job_config json_pointer list_answer parameters
    payload redactor retry_after secret_answer service_error sql_text task_answer
}

fn replay(name: &str) {
    check_all(TARGETS.iter().find(|target| target.name == name).expect("a target of this name"));
}

/// Checks every input of a target, and returns how many there are.
fn check_all(target: &Target) -> usize {
    let inputs = files(&package().join("corpus").join(target.name));
    assert!(!inputs.is_empty(), "the corpus of {} is empty", target.name);
    for input in &inputs {
        let data = fs::read(input).unwrap();
        let held = catch_unwind(|| target.check(&data));
        assert!(held.is_ok(), "{}: {} does not hold: {}", target.name, input.display(), target.property);
    }
    inputs.len()
}

/// The section of the evidence page: what holds, and for how many inputs.
#[test]
fn the_evidence_is_written() {
    let mut section = String::from(INTRODUCTION);
    let mut all = 0;
    for target in TARGETS {
        let inputs = check_all(target);
        writeln!(section, "| `{}` | {} | {inputs} |", target.name, target.property).unwrap();
        all += inputs;
    }
    writeln!(section, "| {} targets | | {all} |", TARGETS.len()).unwrap();
    let target_directory = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a folder of the target directory");
    let folder = target_directory.join("evidence");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("50-fuzz.md"), section).unwrap();
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The names of the files in a folder, without their extension.
fn names(folder: &str) -> BTreeSet<String> {
    let stem = |file: PathBuf| file.file_stem().unwrap().to_string_lossy().into_owned();
    files(&package().join(folder)).into_iter().map(stem).collect()
}

#[test]
fn every_corpus_and_every_fuzz_target_belongs_to_a_target() {
    let known: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names("corpus"), known);
    assert_eq!(names("fuzz/fuzz_targets"), known);
    let manifest = fs::read_to_string(package().join("fuzz/Cargo.toml")).unwrap();
    let unbuilt: Vec<_> = known.iter().filter(|name| !manifest.contains(&format!("name = \"{name}\""))).collect();
    assert!(unbuilt.is_empty(), "fuzz/Cargo.toml does not build {unbuilt:?}");
}
