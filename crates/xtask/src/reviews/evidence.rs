//! The section on the supply chain for the evidence page.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::needed::Needed;
use super::notes::{Depth, Note};
use crate::failed::Checked;
use crate::tree::Job;
use crate::{boundaries, dist, evidence};

/// Its place on the page.
const NAME: &str = "60-supply-chain";

/// Leaves the section for the evidence page.
pub(crate) fn write(jobs: &[Job], needed: &[Needed], notes: &[Note]) -> Checked {
    evidence::write(NAME, &section(jobs, needed, notes, &dist::target()?))
}

fn section(jobs: &[Job], needed: &[Needed], notes: &[Note], target: &str) -> String {
    let (crates, features) = boundaries::forbidden_counts();
    let mut text = format!(
        "## Supply chain\n\n\
        What is linked into each job binary for `{target}`, and what else runs while it is built. Each crate from a registry has a note for its version and its \
        features, which says what was read of it (`crates/xtask/reviews/`); the counts of `unsafe` are those of a scan. {crates} crates and {features} features \
        are ruled out for every job (`crates/xtask/src/boundaries/rules.rs`), and none of them is there.\n\n\
        | job | crates linked | with `unsafe` | with a build script | run by the build only | read whole | read in parts | scanned only | without a note |\n\
        |---|---|---|---|---|---|---|---|---|\n"
    );
    for job in jobs {
        let counts: Vec<String> = counts(job, needed, notes).iter().map(usize::to_string).collect();
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "| {} | {} |", job.name, counts.join(" | "));
    }
    text + "\n" + &licences(jobs, needed)
}

/// The columns of one job, after its name.
fn counts(job: &Job, needed: &[Needed], notes: &[Note]) -> [usize; 8] {
    let all: Vec<&Needed> = needed.iter().filter(|one| job.built.holds(&one.name, &one.version)).collect();
    let linked: Vec<&Needed> = all.iter().copied().filter(|one| is_in(one, job)).collect();
    let with_depth = |depth: Option<Depth>| {
        let depth_of = |one: &Needed| {
            notes.iter().find(|note| (&note.name, &note.version) == (&one.name, &one.version)).map(|note| note.depth)
        };
        all.iter().filter(|one| depth_of(one) == depth).count()
    };
    [
        linked.len(),
        linked.iter().filter(|one| one.facts.unsafes > 0).count(),
        all.iter().filter(|one| one.facts.build_script.is_some()).count(),
        all.len() - linked.len(),
        with_depth(Some(Depth::Whole)),
        with_depth(Some(Depth::Parts)),
        with_depth(Some(Depth::Scan)),
        with_depth(None),
    ]
}

/// How many linked crates stand under which licence.
fn licences(jobs: &[Job], needed: &[Needed]) -> String {
    let names: Vec<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
    let mut text =
        format!("| licence of linked crates | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(jobs.len()));
    let linked = needed.iter().filter(|one| !one.linked_into.is_empty());
    for licence in linked.map(|one| one.licence.as_str()).collect::<BTreeSet<_>>() {
        let count =
            |job: &Job| needed.iter().filter(|one| one.licence == licence && is_in(one, job)).count().to_string();
        let counts: Vec<String> = jobs.iter().map(count).collect();
        let _ = writeln!(text, "| {licence} | {} |", counts.join(" | "));
    }
    text
}

fn is_in(one: &Needed, job: &Job) -> bool {
    one.linked_into.contains(&job.name)
}

#[cfg(test)]
mod tests {
    use super::super::notes::tests::{needed, note};
    use super::*;
    use crate::tree::Tree;

    fn job() -> Job {
        let linked = "0|jfrog v0.1.0 (/w)||\n1|rustls v0.23.46|std|\n";
        let built = format!("{linked}1|syn v3.0.9||\n");
        let tree = |text: &str| Tree::parse(text).expect("a tree");
        Job { name: "jfrog".into(), linked: tree(linked), built: tree(&built) }
    }

    fn all() -> [Needed; 2] {
        [needed(), Needed { name: "syn".into(), version: "3.0.9".into(), linked_into: BTreeSet::new(), ..needed() }]
    }

    #[test]
    fn a_crate_that_only_the_build_runs_is_not_linked() {
        assert_eq!(counts(&job(), &all(), &[note()]), [1, 1, 2, 1, 0, 1, 0, 1]);
    }

    #[test]
    fn licences_count_what_is_linked() {
        assert_eq!(licences(&[job()], &all()), "| licence of linked crates | jfrog |\n|---|---|\n| ISC | 1 |\n");
    }
}
