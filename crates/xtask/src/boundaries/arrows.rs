//! Which package of the workspace may depend on which.

use serde_json::Value;

/// The arrows of DESIGN 4: a package, what it may depend on, and what only its tests and examples may use besides.
const ARROWS: [Arrow; 12] = [
    Arrow("credjob-contract", &[], &[]),
    Arrow("credjob-http", &["credjob-contract"], &[]),
    Arrow("credjob-client", &["credjob-contract", "credjob-http"], &[]),
    Arrow("credjob-derive", &[], &[]),
    Arrow("credjob", &["credjob-client", "credjob-contract", "credjob-derive", "credjob-http"], &[]),
    Arrow("credjob-emulator", &["credjob-contract"], &[]),
    // Not in DESIGN 4: what SQL providers share, without I/O (issue 5, part 6).
    Arrow("credjob-sql", &["credjob-contract"], &[]),
    Arrow("credjob-testkit", &["credjob", "credjob-emulator"], &[]),
    Arrow("credjob-cli", &["credjob-client", "credjob-contract", "credjob-emulator"], &[]),
    // Not in DESIGN 4: properties of what meets data from outside (issue 3, part 4).
    Arrow("credjob-fuzz", &["credjob", "credjob-sql"], &[]),
    Arrow("xtask", &[], &[]),
    // Whole-program tests may use everything but the providers' code: they run the real binaries.
    Arrow(
        "credjob-tests",
        &["credjob", "credjob-client", "credjob-contract", "credjob-emulator", "credjob-testkit"],
        &[],
    ),
];

/// The arrow of every provider.
const PROVIDER: Arrow = Arrow("", &["credjob", "credjob-sql"], &["credjob-testkit"]);

struct Arrow(&'static str, &'static [&'static str], &'static [&'static str]);

/// Every dependency within the workspace that has no arrow.
pub(crate) fn problems(metadata: &Value, providers: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        if !package["source"].is_null() {
            continue;
        }
        let name = package["name"].as_str().unwrap_or_default();
        let arrow = if providers.iter().any(|provider| provider == name) {
            &PROVIDER
        } else if let Some(arrow) = ARROWS.iter().find(|arrow| arrow.0 == name) {
            arrow
        } else {
            problems.push(format!("{name}: DESIGN 4 knows no such package"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            problems.extend(problem(name, arrow, dependency));
        }
    }
    problems
}

fn problem(name: &str, Arrow(_, normal, dev): &Arrow, dependency: &Value) -> Option<String> {
    // Only dependencies within the workspace have a path.
    dependency["path"].as_str()?;
    let other = dependency["name"].as_str()?;
    let only_for_tests = dependency["kind"] == "dev";
    let allowed = normal.contains(&other) || (only_for_tests && dev.contains(&other));
    (!allowed).then(|| format!("{name} must not depend on {other}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn workspace(name: &str, other: &str, kind: Option<&str>) -> Value {
        json!({"packages": [{"name": name, "source": null, "dependencies": [
            {"name": other, "path": "/w/x", "kind": kind},
            {"name": "serde", "kind": null},
        ]}]})
    }

    fn found(name: &str, other: &str, kind: Option<&str>) -> Vec<String> {
        problems(&workspace(name, other, kind), &["jfrog".to_owned()])
    }

    #[test]
    fn an_arrow_of_the_design_is_fine() {
        assert!(found("credjob-http", "credjob-contract", None).is_empty());
    }

    #[test]
    fn the_emulator_must_not_see_the_client() {
        assert_eq!(
            found("credjob-emulator", "credjob-client", None),
            ["credjob-emulator must not depend on credjob-client"]
        );
    }

    #[test]
    fn a_provider_may_use_the_testkit_in_tests_only() {
        assert!(found("jfrog", "credjob-testkit", Some("dev")).is_empty());
        assert_eq!(found("jfrog", "credjob-testkit", None).len(), 1);
    }

    #[test]
    fn a_package_that_the_design_does_not_know_is_a_problem() {
        assert_eq!(found("credjob-extra", "credjob", None).len(), 1);
    }
}
