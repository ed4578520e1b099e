//! Crates and features that must not get into a job binary (`rules.rs`), each problem with the way by which it came in.

use std::collections::BTreeSet;

use serde_json::Value;

use super::rules::{CRYPTO_PROVIDERS, NOT_IN_A_JOB, OFF, TWICE};
use crate::tree::{Crate, Job, Tree};
use crate::workspace;

/// Everything forbidden that is in a job, and every rule that cannot bite.
pub(crate) fn problems(jobs: &[Job], metadata: &Value) -> Vec<String> {
    let mut problems: Vec<String> = jobs.iter().flat_map(|job| in_job(&job.name, &job.linked)).collect();
    problems.extend(needless(jobs));
    problems.extend(misspelt(metadata));
    problems
}

/// How many crates, and how many features, are ruled out for every job.
pub(crate) fn counts() -> (usize, usize) {
    (NOT_IN_A_JOB.iter().map(|rule| rule.0.len()).sum(), OFF.iter().map(|rule| rule.1.len()).sum())
}

fn in_job(job: &str, tree: &Tree) -> Vec<String> {
    let mut problems = Vec::new();
    for rule in &NOT_IN_A_JOB {
        for one in rule.0.iter().flat_map(|name| tree.named(name)) {
            let what = format!("{job} contains {} {}: {}", one.name, one.version, rule.1);
            problems.push(with_way(&what, job, tree, one));
        }
    }
    for rule in &OFF {
        for one in tree.named(rule.0) {
            for feature in rule.1.iter().filter(|feature| one.features.contains(**feature)) {
                let what =
                    format!("{job} builds {} {} with its feature `{feature}`: {}", one.name, one.version, rule.2);
                problems.push(with_way(&what, job, tree, one));
            }
        }
    }
    problems.extend(crypto(job, tree));
    problems.extend(doubles(job, tree));
    problems
}

fn crypto(job: &str, tree: &Tree) -> Vec<String> {
    let found: Vec<&Crate> = CRYPTO_PROVIDERS.iter().flat_map(|name| tree.named(name)).collect();
    let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
    match found.as_slice() {
        [] => {
            let choices = CRYPTO_PROVIDERS.join(" or ");
            vec![format!("{job} has no crypto provider; turn on one of credjob's features {choices}")]
        }
        [_] => Vec::new(),
        several => {
            let what =
                format!("{job} must contain one crypto provider, not {}: {}", several.len(), names.join(" and "));
            several.iter().map(|one| with_way(&what, job, tree, one)).collect()
        }
    }
}

/// Crates in two versions: twice the bytes, and twice the code to review.
fn doubles(job: &str, tree: &Tree) -> Vec<String> {
    let mut problems = Vec::new();
    for name in names_twice(tree) {
        if TWICE.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let versions: Vec<&Crate> = tree.named(name).collect();
        let list: Vec<&str> = versions.iter().map(|one| one.version.as_str()).collect();
        let what =
            format!("{job} contains {name} in the versions {}: twice the bytes and the review", list.join(" and "));
        problems.extend(versions.last().map(|one| with_way(&what, job, tree, one)));
    }
    problems
}

fn names_twice(tree: &Tree) -> BTreeSet<&str> {
    let names = tree.crates().iter().map(|one| one.name.as_str());
    names.filter(|name| tree.named(name).count() > 1).collect()
}

/// Exceptions of `TWICE` that no job needs.
fn needless(jobs: &[Job]) -> Vec<String> {
    let twice: BTreeSet<&str> = jobs.iter().flat_map(|job| names_twice(&job.linked)).collect();
    let needless = TWICE.iter().filter(|(name, _)| !twice.contains(name));
    needless
        .map(|(name, _)| format!("no job contains {name} twice any more: take it out of TWICE (boundaries/rules.rs)"))
        .collect()
}

/// Features that no version of their crate has: such a rule would never fail.
fn misspelt(metadata: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for rule in &OFF {
        let versions: Vec<&Value> = workspace::packages(metadata).filter(|package| package["name"] == rule.0).collect();
        for feature in rule.1 {
            if !versions.iter().any(|package| !package["features"][feature].is_null()) {
                problems.push(format!(
                    "boundaries/rules.rs rules out `{feature}` of {}, which has no such feature",
                    rule.0
                ));
            }
        }
    }
    problems
}

/// A problem with the way by which the crate came in, and the command that shows all of them.
fn with_way(what: &str, job: &str, tree: &Tree, one: &Crate) -> String {
    let manifest = workspace::manifest(job);
    format!(
        "{what}\n      it came by {}\n      more: cargo tree --manifest-path {manifest} --edges normal,features --invert {}@{}",
        tree.way_to(one),
        one.name,
        one.version
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A job as it should be.
    const CLEAN: &str = "\
0|jfrog v0.1.0 (/w/providers/jfrog)||
1|credjob v0.1.0 (/w/crates/core)|ring|
2|reqwest v0.13.5|rustls-no-provider|
3|tokio v1.54.1|net,rt|
3|rustls v0.23.46|ring,std|
4|ring v0.17.14||
";

    fn found(more: &str) -> Vec<String> {
        in_job("jfrog", &Tree::parse(&format!("{CLEAN}{more}")).expect("a tree"))
    }

    #[track_caller]
    fn only(more: &str) -> String {
        let mut found = found(more);
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    #[test]
    fn a_job_as_it_should_be_has_no_problem() {
        assert_eq!(found(""), Vec::<String>::new());
    }

    #[test]
    fn a_forbidden_crate_is_named_with_its_way_and_the_command_that_shows_more() {
        let text = only("2|tracing-subscriber v0.3.23|fmt|\n3|matchers-like v1.0.0||\n4|regex v1.13.1||\n");
        assert!(text.starts_with("jfrog contains regex 1.13.1: a regex engine costs"), "{text}");
        assert!(
            text.contains("it came by jfrog -> credjob -> tracing-subscriber -> matchers-like -> regex\n"),
            "{text}"
        );
        let command =
            "cargo tree --manifest-path providers/jfrog/Cargo.toml --edges normal,features --invert regex@1.13.1";
        assert!(text.ends_with(command), "{text}");
    }

    #[test]
    fn openssl_and_native_tls_are_forbidden() {
        assert_eq!(found("1|native-tls v0.2.14||\n2|openssl-sys v0.9.110||\n").len(), 2);
    }

    #[test]
    fn a_second_crypto_provider_is_one_too_many() {
        let problems = found("1|aws-lc-rs v1.19.0||\n");
        assert_eq!(problems.len(), 2);
        assert!(problems[0].contains("one crypto provider, not 2: aws-lc-rs and ring"), "{problems:?}");
        assert!(problems[0].contains("it came by jfrog -> aws-lc-rs\n"), "{problems:?}");
        assert!(problems[1].contains("it came by jfrog -> credjob -> reqwest -> rustls -> ring\n"), "{problems:?}");
    }

    #[test]
    fn no_crypto_provider_is_a_problem() {
        let tree = Tree::parse("0|jfrog v0.1.0 (/w)||\n").expect("a tree");
        assert_eq!(in_job("jfrog", &tree).len(), 1);
    }

    #[test]
    fn a_feature_that_must_be_off_is_named() {
        let text = only("1|tokio v1.54.1|net,rt,rt-multi-thread|\n");
        assert!(text.starts_with("jfrog builds tokio 1.54.1 with its feature `rt-multi-thread`: one thread"), "{text}");
        assert!(text.contains("it came by jfrog -> tokio"), "{text}");
    }

    #[test]
    fn a_crate_in_two_versions_is_a_problem() {
        assert!(only("1|tokio v0.2.25|net|\n").contains("tokio in the versions 1.54.1 and 0.2.25"));
    }

    #[test]
    fn a_crate_that_cannot_be_had_once_may_be_there_twice() {
        assert!(found("1|getrandom v0.2.17||\n1|getrandom v0.4.3||\n").is_empty());
    }

    #[test]
    fn an_exception_that_no_job_needs_is_a_problem() {
        let tree = || Tree::parse(CLEAN).expect("a tree");
        let job = Job { name: "jfrog".into(), linked: tree(), built: tree() };
        assert_eq!(needless(&[job]).len(), TWICE.len());
    }

    #[test]
    fn a_rule_about_a_feature_that_does_not_exist_is_a_problem() {
        let problems =
            misspelt(&json!({"packages": [{"name": "hyper", "features": {"ffi": [], "full": [], "http2": []}}]}));
        assert!(problems.iter().any(|problem| problem.contains("`server` of hyper")), "{problems:?}");
        assert!(!problems.iter().any(|problem| problem.contains("`http2` of hyper,")), "{problems:?}");
    }
}
