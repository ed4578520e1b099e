//! The name of a project, and the names that follow from it.

use crate::problem::Problem;

/// Longer names do not fit where the service and Code Engine put them.
const MAX_LENGTH: usize = 50;

/// Names that cargo refuses for a program, crates that the project itself uses, words of Rust, and `CredentialsProvider` without its end.
const TAKEN: [&str; 26] = [
    "as",
    "async",
    "await",
    "build",
    "core",
    "crate",
    "credentials",
    "deps",
    "enum",
    "examples",
    "fn",
    "impl",
    "incremental",
    "mod",
    "proc-macro",
    "self",
    "serde",
    "serde-json",
    "static",
    "std",
    "struct",
    "tempfile",
    "test",
    "thiserror",
    "tokio",
    "type",
];

/// A name that is good for a package, a program, a Code Engine job and a prefix of types and codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    /// Checks a name.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        match problem(text) {
            None => Ok(Self(text.to_owned())),
            Some(what) => {
                Err(Problem::usage(format!("`{}` is no name for a provider: {what}", text.escape_debug()))
                    .hint(hint(text)))
            }
        }
    }

    /// The package, the program and the folder: `token-vault`.
    pub(crate) fn project(&self) -> &str {
        &self.0
    }

    /// The library's first part: `token_vault`.
    pub(crate) fn krate(&self) -> String {
        self.0.replace('-', "_")
    }

    /// The first part of types: `TokenVault`.
    pub(crate) fn types(&self) -> String {
        super::idents::camel(&self.0)
    }

    /// The first part of error codes: `TOKEN_VAULT`.
    pub(crate) fn codes(&self) -> String {
        self.krate().to_ascii_uppercase()
    }
}

fn problem(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("it is empty".to_owned());
    }
    if !text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        return Some("only a-z, 0-9 and `-` are allowed".to_owned());
    }
    if !text.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Some("it must begin with a letter".to_owned());
    }
    if text.ends_with('-') || text.contains("--") {
        return Some("a `-` stands between two words".to_owned());
    }
    if text.len() > MAX_LENGTH {
        return Some(format!("it has more than {MAX_LENGTH} characters"));
    }
    if text == "credjob" || text.starts_with("credjob-") {
        return Some("credjob is the framework's own name".to_owned());
    }
    TAKEN.contains(&text).then(|| "the word is taken by Rust, cargo or a crate that the project uses".to_owned())
}

fn hint(text: &str) -> String {
    let words: Vec<String> = super::idents::words(text).iter().map(|word| word.to_ascii_lowercase()).collect();
    let likely = words.join("-");
    if likely != text && problem(&likely).is_none() {
        return format!("did you mean `{likely}`?");
    }
    "name the system that the credentials are for, such as `jfrog` or `token-vault`".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_follows_from_the_projects() {
        let name = Name::parse("token-vault2").expect("good");
        assert_eq!(
            (name.project(), name.krate().as_str(), name.types().as_str(), name.codes().as_str()),
            ("token-vault2", "token_vault2", "TokenVault2", "TOKEN_VAULT2")
        );
    }

    #[test]
    fn a_name_with_capitals_gets_a_suggestion() {
        for (given, meant) in
            [("TokenVault", "token-vault"), ("token_vault", "token-vault"), ("Token vault", "token-vault")]
        {
            let text = Name::parse(given).expect_err("no name").to_string();
            assert!(text.contains(&format!("did you mean `{meant}`?")), "{text}");
        }
    }

    #[test]
    fn names_that_would_not_build_are_refused() {
        let long = "a".repeat(51);
        for name in [
            "",
            "2fa",
            "-a",
            "a-",
            "a--b",
            "test",
            "credjob",
            "credjob-x",
            "serde-json",
            "../a",
            "a/b",
            "größe",
            long.as_str(),
        ] {
            assert!(Name::parse(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_name_with_control_characters_is_shown_escaped() {
        assert!(!Name::parse("a\u{1b}[31m").expect_err("no name").to_string().contains('\u{1b}'));
    }
}
