//! One declared variable, such as `type:string, required:true` (PROTOCOL 1.2).

use credjob::contract::{Declaration, VariableType};

use crate::input::text;

pub(super) fn check(data: &[u8]) {
    let text = text(data);
    let strict = text.parse::<Declaration>();
    let lenient = Declaration::parse_lenient(&text);
    match (&strict, &lenient) {
        (Ok(declaration), _) => {
            assert!(lenient == strict, "a schema's dialect reads {declaration} as something else");
            assert!(declaration.to_string().parse().as_ref() == Ok(declaration), "{declaration} is not read as itself");
            assert!(declaration.variable_type.problems().is_empty(), "{declaration} was accepted with problems");
            assert!(generator_accepts(&text), "IBM's generator refuses what was read as {declaration}");
            assert!(deployer_accepts(&text), "IBM's deployer refuses what was read as {declaration}");
        }
        (Err(_), Ok(declaration)) => {
            assert!(declaration.variable_type == VariableType::Integer, "only `int` is a word of the schema alone");
        }
        (Err(error), Err(_)) => {
            assert!(!error.problems.is_empty(), "a refusal has a reason");
            assert!(error.problems.iter().all(|problem| !problem.to_string().is_empty()), "a reason has a text");
        }
    }
}

/// The rules of IBM's generator, written down a second time (PROTOCOL 1.2, column "Generator").
fn generator_accepts(text: &str) -> bool {
    let mut has_type = false;
    text.split(',').all(|attribute| match attribute.trim().split_once(':') {
        None => false,
        Some((key, value)) => match (key.trim(), value.trim()) {
            ("type", "string" | "integer" | "boolean" | "secret_id") => {
                has_type = true;
                true
            }
            ("type", value) => {
                has_type = true;
                value.starts_with("enum[") && value.ends_with(']') && value.len() > 6 && value.contains('|')
            }
            ("required", "true" | "false") => true,
            _ => false,
        },
    }) && has_type
}

/// The rules of IBM's deployer (PROTOCOL 1.2, column "Deployer"): each attribute matches `^([^:]+):(.+)$`, an enum `^enum\[[^]]+\]$`.
fn deployer_accepts(text: &str) -> bool {
    text.split(',').all(|attribute| {
        let Some((key, value)) = attribute.split_once(':') else { return false };
        let options = value.trim().strip_prefix("enum[").and_then(|rest| rest.strip_suffix(']'));
        !key.is_empty()
            && !value.is_empty()
            && options.is_none_or(|options| !options.is_empty() && !options.contains(']'))
    })
}
