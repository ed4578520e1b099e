//! Values of flags that stand in a file, as IBM's command line has it: `@FILE`, and `@-` for standard input.

use std::io::Read as _;

use credjob_contract::Secret;
use serde_json::Value;

use crate::problem::Problem;

/// More than any request of the service may hold (PROTOCOL 1.5: a payload of 1 MB).
const MAX_BYTES: usize = 4_000_000;

/// JSON of a flag, inline or from a file.
pub(crate) fn json_of(flag: &str, text: &str) -> Result<Value, Problem> {
    let text = match text.strip_prefix('@') {
        Some(source) => read(flag, source)?,
        None => Secret::from(text),
    };
    parse(flag, &text)
}

/// JSON of a flag that holds secrets: from a file or standard input only.
pub(crate) fn secret_json_of(flag: &str, text: &str) -> Result<Value, Problem> {
    parse(flag, &secret_of(flag, text)?)
}

/// The text of a flag that is secret: from a file or standard input only.
pub(crate) fn secret_of(flag: &str, text: &str) -> Result<Secret<String>, Problem> {
    match text.strip_prefix('@') {
        Some(source) => read(flag, source),
        None => Err(Problem::usage(format!(
            "{flag}: a secret value does not belong on a command line, where other users can read it"
        ))
        .hint(format!("put it in a file: {flag} @FILE, or pipe it in: {flag} @-"))),
    }
}

fn read(flag: &str, source: &str) -> Result<Secret<String>, Problem> {
    let wrong = |why: &str| {
        let from = if source == "-" { "standard input" } else { source };
        Problem::usage(format!("{flag}: {from} {why}")).hint("check the path and its rights")
    };
    let mut text = String::new();
    let limit = MAX_BYTES as u64 + 1;
    let result = match source {
        "" => return Err(Problem::usage(format!("{flag}: no file is named after `@`")).hint(format!("{flag} @FILE"))),
        "-" => std::io::stdin().take(limit).read_to_string(&mut text),
        path => std::fs::File::open(path).and_then(|file| file.take(limit).read_to_string(&mut text)),
    };
    let text = Secret::from(text);
    result.map_err(|error| wrong(&format!("cannot be read as text: {error}")))?;
    if text.expose().len() > MAX_BYTES {
        return Err(wrong("is larger than the service takes (4 MB)"));
    }
    Ok(text)
}

/// The parser's own text is not repeated: it may quote the value.
fn parse(flag: &str, text: &Secret<String>) -> Result<Value, Problem> {
    serde_json::from_str(text.expose()).map_err(|error| {
        Problem::usage(format!("{flag}: not JSON (line {}, column {})", error.line(), error.column()))
            .hint("the help of the command shows the form; quote JSON for your shell: '{...}'")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_taken_from_the_command_line() {
        let problem = secret_json_of("--task-put", r#"{"token":"canary-cli-inline"}"#).expect_err("refused");
        let text = problem.to_string();
        assert!(text.contains("--task-put @FILE") && !text.contains("canary"), "{text}");
    }

    #[test]
    fn what_is_no_json_is_not_repeated() {
        let text = json_of("--locks", "[canary-cli-json").expect_err("refused").to_string();
        assert!(text.contains("line 1") && !text.contains("canary"), "{text}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let text = json_of("--locks", "@/no/such/file").expect_err("refused").to_string();
        assert!(text.contains("/no/such/file"), "{text}");
    }
}
