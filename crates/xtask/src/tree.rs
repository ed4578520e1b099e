//! The crates of one package, as cargo builds it alone.
//!
//! From `cargo tree` and not from `cargo metadata`: metadata adds up the features that all members of the workspace ask for, tests included. By it every
//! job would have both crypto providers, HTTP/2 and a thread pool.

use std::collections::{BTreeSet, VecDeque};

use crate::command::{cargo, output};
use crate::failed::{Checked, Failed};
use crate::{dist, workspace};

/// What ends up in the binary: no proc-macros, no build dependencies, no tests.
const LINKED: &str = "normal,no-proc-macro";

/// The same, and everything that runs on the machine that builds it.
const LINKED_OR_RUN_BY_THE_BUILD: &str = "normal,build";

/// A package and the crates below it. The package itself is the first.
pub(crate) struct Tree {
    crates: Vec<Crate>,
}

/// One crate of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) features: BTreeSet<String>,
    /// Runs in the compiler.
    pub(crate) is_proc_macro: bool,
    /// A package of this workspace.
    pub(crate) is_ours: bool,
    /// What it uses, as places in the tree.
    pub(crate) uses: BTreeSet<usize>,
}

impl Tree {
    /// The crates that are linked into the binary of the package at `manifest`, for this machine's target.
    pub(crate) fn linked(manifest: &str) -> Checked<Self> {
        Self::of(manifest, LINKED)
    }

    /// Those, and the crates that run while it is built: proc-macros, build scripts and what these use.
    pub(crate) fn built(manifest: &str) -> Checked<Self> {
        Self::of(manifest, LINKED_OR_RUN_BY_THE_BUILD)
    }

    fn of(manifest: &str, edges: &str) -> Checked<Self> {
        let target = dist::target()?;
        let mut tree = cargo(&["tree", "--locked", "--manifest-path", manifest, "--edges", edges, "--target", &target]);
        Self::parse(&output(tree.args(["--prefix", "depth", "--format", "|{p}|{f}|"]))?)
    }

    /// Reads lines like `2|ring v0.17.14|alloc,default|`: depth, package, features. A crate that was listed before ends with `(*)` instead of its subtree.
    pub(crate) fn parse(text: &str) -> Checked<Self> {
        let mut tree = Self { crates: Vec::new() };
        let mut above: Vec<usize> = Vec::new();
        for line in text.lines() {
            let unreadable = || Failed::new(format!("`cargo tree` printed a line that is none of a tree: {line}"));
            let mut parts = line.split('|');
            let (Some(depth), Some(package), Some(features)) = (parts.next(), parts.next(), parts.next()) else {
                return Err(unreadable());
            };
            above.truncate(depth.parse().map_err(|_| unreadable())?);
            let place = tree.place(Crate::parse(package, features).ok_or_else(unreadable)?);
            if let Some(parent) = above.last() {
                tree.crates[*parent].uses.insert(place);
            }
            above.push(place);
        }
        if tree.crates.is_empty() {
            return Err(Failed::new("`cargo tree` lists nothing"));
        }
        Ok(tree)
    }

    /// Where a crate stands; a new one is added.
    fn place(&mut self, new: Crate) -> usize {
        let known =
            self.crates.iter_mut().enumerate().find(|(_, old)| (&old.name, &old.version) == (&new.name, &new.version));
        if let Some((place, old)) = known {
            // A crate that is linked and also runs in the build has features for each.
            old.features.extend(new.features);
            return place;
        }
        self.crates.push(new);
        self.crates.len() - 1
    }

    /// Every crate, the package itself first.
    pub(crate) fn crates(&self) -> &[Crate] {
        &self.crates
    }

    /// Every crate that comes from a registry.
    pub(crate) fn foreign(&self) -> impl Iterator<Item = &Crate> {
        self.crates.iter().filter(|one| !one.is_ours)
    }

    /// Every version of the crate `name`.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Crate> {
        self.crates.iter().filter(move |one| one.name == name)
    }

    /// Whether this very version is there.
    pub(crate) fn holds(&self, name: &str, version: &str) -> bool {
        self.named(name).any(|one| one.version == version)
    }

    /// The shortest way by which a crate came in: `jfrog -> credjob -> reqwest`.
    pub(crate) fn way_to(&self, wanted: &Crate) -> String {
        let mut parent = vec![None; self.crates.len()];
        let mut next = VecDeque::from([0]);
        while let Some(place) = next.pop_front() {
            for &used in &self.crates[place].uses {
                if used != 0 && parent[used].is_none() {
                    parent[used] = Some(place);
                    next.push_back(used);
                }
            }
        }
        let mut place = self.crates.iter().position(|one| one == wanted);
        let mut names = Vec::new();
        while let Some(here) = place {
            names.push(self.crates[here].name.as_str());
            place = parent[here];
        }
        names.reverse();
        names.join(" -> ")
    }
}

impl Crate {
    /// Reads cargo's `name v1.2.3 (proc-macro) (/folder)`; a folder means that it is ours.
    fn parse(package: &str, features: &str) -> Option<Self> {
        let mut words = package.split_whitespace();
        let name = words.next()?.to_owned();
        let version = words.next()?.strip_prefix('v')?.to_owned();
        let marks: Vec<&str> = words.collect();
        let features = features.split(',').filter(|feature| !feature.is_empty()).map(str::to_owned).collect();
        Some(Self {
            name,
            version,
            features,
            is_proc_macro: marks.contains(&"(proc-macro)"),
            is_ours: marks.iter().any(|mark| mark.starts_with("(/")),
            uses: BTreeSet::new(),
        })
    }
}

/// The trees of one job.
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) linked: Tree,
    pub(crate) built: Tree,
}

/// Every job of `providers/`.
pub(crate) fn jobs() -> Checked<Vec<Job>> {
    let job = |name: String| {
        let manifest = workspace::manifest(&name);
        Ok(Job { linked: Tree::linked(&manifest)?, built: Tree::built(&manifest)?, name })
    };
    workspace::providers()?.into_iter().map(job).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What cargo prints, with a diamond, a crate of two versions and a proc-macro of ours.
    const TREE: &str = "\
0|jfrog v0.1.0 (/w/providers/jfrog)||
1|credjob v0.1.0 (/w/crates/core)|ring|
2|credjob-derive v0.1.0 (proc-macro) (/w/crates/derive)||
2|tokio v1.54.1|default,rt|
3|libc v0.2.191|std|
1|ring v0.17.14|alloc,default|
2|getrandom v0.2.17||
3|libc v0.2.191|std| (*)
1|getrandom v0.4.3|std|
";

    fn tree() -> Tree {
        Tree::parse(TREE).expect("a tree")
    }

    #[test]
    fn a_crate_that_two_others_use_is_there_once() {
        assert_eq!(tree().named("libc").count(), 1);
        assert_eq!(tree().named("getrandom").count(), 2);
    }

    #[test]
    fn the_way_to_a_crate_is_the_shortest() {
        let tree = tree();
        let libc = tree.named("libc").next().expect("there");
        assert_eq!(tree.way_to(libc), "jfrog -> credjob -> tokio -> libc");
        assert_eq!(tree.way_to(&tree.crates()[0]), "jfrog");
    }

    #[test]
    fn packages_of_the_workspace_are_ours() {
        let tree = tree();
        let foreign: Vec<&str> = tree.foreign().map(|one| one.name.as_str()).collect();
        assert_eq!(foreign, ["tokio", "libc", "ring", "getrandom", "getrandom"]);
        assert!(tree.named("credjob-derive").all(|one| one.is_proc_macro && one.is_ours));
    }

    #[test]
    fn features_are_a_set() {
        let tree = tree();
        let tokio = tree.named("tokio").next().expect("there");
        assert_eq!(tokio.features, BTreeSet::from(["default".into(), "rt".into()]));
    }

    #[test]
    fn a_line_that_is_none_of_a_tree_is_an_error() {
        assert!(Tree::parse("warning: something").is_err());
        assert!(Tree::parse("").is_err());
    }
}
