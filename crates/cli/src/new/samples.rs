//! A value for every required input: for the tests, and for `credjob dry-run`.

use std::fmt::Write as _;

use credjob_contract::{Direction, VariableType};

use super::types::Typed;

/// What `.param(...)` or `--param` gives to an input.
enum Sample<'a> {
    Value(String),
    Text(&'a str),
    Secret,
}

/// Calls of `TargetSettings`.
pub(crate) fn in_rust<'a>(fields: impl Iterator<Item = &'a Typed>) -> String {
    each(fields, |lines, name, sample| match sample {
        Sample::Secret => writeln!(lines, "            .secret({name:?}, \"canary-secret-of-the-test\")"),
        Sample::Value(value) => writeln!(lines, "            .param({name:?}, {value})"),
        Sample::Text(text) => writeln!(lines, "            .param({name:?}, {text:?})"),
    })
}

/// Lines of `examples/target.rs`. A secret is the login's file once more: nothing reads it yet.
pub(crate) fn in_lines<'a>(fields: impl Iterator<Item = &'a Typed>) -> String {
    each(fields, |lines, name, sample| match sample {
        Sample::Secret => writeln!(lines, "    println!(\"--secret {name}=@{{}}\", login.path().display());"),
        Sample::Value(value) => writeln!(lines, "    println!(\"--param {name}={value}\");"),
        Sample::Text(text) => {
            let line = format!("--param {name}={text}").replace('{', "{{").replace('}', "}}");
            writeln!(lines, "    println!({line:?});")
        }
    })
}

fn each<'a>(
    fields: impl Iterator<Item = &'a Typed>,
    write: impl Fn(&mut String, &str, Sample<'_>) -> std::fmt::Result,
) -> String {
    let required =
        fields.filter(|field| field.variable.direction == Direction::Input && field.variable.declaration.required);
    required.fold(String::new(), |mut lines, field| {
        let sample = match &field.variable.declaration.variable_type {
            VariableType::SecretId => Sample::Secret,
            VariableType::String => Sample::Text("sample"),
            VariableType::Integer => Sample::Value("1".to_owned()),
            VariableType::Boolean => Sample::Value("true".to_owned()),
            VariableType::Enum(options) => Sample::Text(options.first().map_or("", String::as_str)),
        };
        // Writing to a String cannot fail.
        let _ = write(&mut lines, &field.variable.schema_name(), sample);
        lines
    })
}
