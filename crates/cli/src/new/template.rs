//! The template in this binary, with its placeholders filled.

use std::collections::BTreeMap;

use super::name::Name;
use super::source::Source;
use crate::problem::Problem;

/// `templates/provider`: path and text of every file (build.rs).
const TEMPLATE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/template.rs"));

/// The files of a project by their paths in it.
pub(crate) type Files = BTreeMap<String, String>;

/// Every file of the template.
pub(crate) fn render(name: &Name, source: &Source) -> Result<Files, Problem> {
    let values = [
        ("project_name", name.project()),
        ("crate_name", &name.krate()),
        ("type_prefix", &name.types()),
        ("code_prefix", &name.codes()),
        ("credjob_source", &source.credjob),
        ("credjob_testkit_source", &source.testkit),
    ];
    fill_all(TEMPLATE, &values)
}

/// Fills the placeholders of every text.
pub(crate) fn fill_all(texts: &[(&str, &str)], values: &[(&str, &str)]) -> Result<Files, Problem> {
    texts.iter().map(|(path, text)| Ok(((*path).to_owned(), fill(path, text, values)?))).collect()
}

/// Fills `{{name}}` in one pass, so that a value cannot hold a placeholder itself.
pub(crate) fn fill(path: &str, text: &str, values: &[(&str, &str)]) -> Result<String, Problem> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let placeholder = after.split_once("}}").and_then(|(word, after)| {
            let value = values.iter().find(|(name, _)| *name == word)?.1;
            Some((value, after))
        });
        let Some((value, after)) = placeholder else {
            return Err(Problem::cannot_start(format!("{path}: a placeholder of the template is unknown"))
                .hint("this is a bug of credjob: please report it"));
        };
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::new::answers::Ask;

    fn files() -> Files {
        let checkout = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let source = Source::find(Some(checkout), checkout, Ask::Nobody).expect("this checkout");
        render(&Name::parse("token-vault").expect("good"), &source).expect("a template without mistakes")
    }

    #[test]
    fn the_project_has_the_files_that_every_provider_has() {
        let files = files();
        for path in [
            ".gitignore",
            "Cargo.toml",
            "Containerfile",
            "README.md",
            "job_config.json",
            "src/api.rs",
            "src/credentials.rs",
            "src/failure.rs",
            "src/lib.rs",
            "src/main.rs",
            "src/params.rs",
            "src/provider.rs",
            "tests/conformance.rs",
        ] {
            assert!(files.contains_key(path), "{path}");
        }
        assert!(!files.keys().any(|path| path.contains("rhai") || path.contains("cargo-generate")));
    }

    #[test]
    fn the_projects_names_are_everywhere() {
        let files = files();
        assert!(files["Cargo.toml"].contains("name = \"token_vault_provider\""));
        assert!(files["src/main.rs"].contains("token_vault_provider::TokenVaultProvider"));
        assert!(files["src/failure.rs"].contains("prefix = \"TOKEN_VAULT\""));
    }

    #[test]
    fn a_value_is_not_searched_for_placeholders() {
        let filled = fill("f", "{{a}} {{b}}", &[("a", "{{b}}"), ("b", "x")]).expect("known");
        assert_eq!(filled, "{{b}} x");
    }

    #[test]
    fn an_unknown_placeholder_is_an_error() {
        assert!(fill("f", "{{nobody}}", &[]).is_err());
    }
}
