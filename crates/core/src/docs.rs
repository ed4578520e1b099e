//! `docs`: inputs, outputs and codes of a provider as Markdown tables, from its types.

use std::fmt::Write as _;

use credjob_contract::{CodeInfo, Credentials, Exit, FailureCodes, FieldSpec, Params, TypeSpec, codes};

use crate::CredentialsProvider;

/// The whole page for provider `P`.
pub(crate) fn markdown<P: CredentialsProvider>() -> String {
    let mut page = String::new();
    inputs(&mut page, P::Params::FIELDS);
    outputs(&mut page, P::Credentials::FIELDS);
    failure_codes(&mut page, P::Codes::CODES);
    exit_codes(&mut page);
    page
}

fn inputs(page: &mut String, fields: &[FieldSpec]) {
    page.push_str("### Inputs\n\n| Parameter | Type | Required | Default | Meaning |\n|---|---|---|---|---|\n");
    for field in fields {
        let default = field.default.map_or_else(String::new, |value| format!("`{value}`"));
        row(page, &[&name(field), &kind(field), yes_no(field.required), &default, &meaning(field)]);
    }
}

fn outputs(page: &mut String, fields: &[FieldSpec]) {
    page.push_str("\n### Outputs\n\n| Credential | Type | Always there | Meaning |\n|---|---|---|---|\n");
    for field in fields {
        row(page, &[&name(field), &kind(field), yes_no(field.required), field.description]);
    }
}

fn failure_codes(page: &mut String, own: &[CodeInfo]) {
    page.push_str("\n### Error codes\n\n| Code | Meaning |\n|---|---|\n");
    for code in own.iter().chain(codes::FRAMEWORK_CODES) {
        row(page, &[&format!("`{}`", code.code), code.meaning]);
    }
}

fn exit_codes(page: &mut String) {
    page.push_str("\n### Exit codes\n\n| Code | Meaning | A re-run |\n|---|---|---|\n");
    for exit in Exit::ALL {
        row(page, &[&exit.code().to_string(), exit.meaning(), exit.rerun()]);
    }
}

fn row(page: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn name(field: &FieldSpec) -> String {
    format!("`{}`", field.name.to_lowercase())
}

fn kind(field: &FieldSpec) -> String {
    match field.ty {
        TypeSpec::String => "string".to_owned(),
        TypeSpec::Integer => "integer".to_owned(),
        TypeSpec::Boolean => "boolean".to_owned(),
        TypeSpec::SecretId => "secret id".to_owned(),
        TypeSpec::Enum(options) => options.iter().map(|option| format!("`{option}`")).collect::<Vec<_>>().join(" or "),
    }
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// The description and the limits that are checked.
fn meaning(field: &FieldSpec) -> String {
    let mut text = field.description.to_owned();
    let mut limit = |words: Option<String>| {
        if let Some(words) = words {
            let _ = write!(text, " {words}.");
        }
    };
    limit(field.min.map(|min| format!("At least {min}")));
    limit(field.max.map(|max| format!("At most {max}")));
    limit(field.min_length.map(|min| format!("At least {}", characters(min))));
    limit(field.max_length.map(|max| format!("At most {}", characters(max))));
    limit(field.pattern.map(|pattern| format!("Pattern `{pattern}`")));
    text
}

fn characters(count: usize) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}
