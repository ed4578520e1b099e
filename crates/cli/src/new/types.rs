//! The Rust types of a contract: `Params`, `Credentials` and an enum for every list of options.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use credjob_contract::{Direction, JobConfig, Variable, VariableType};

use super::idents::{self, Field, NameAttribute};

/// Names that a file of the project uses already: of Rust's prelude and of credjob's.
const TAKEN: [&str; 50] = [
    "Action",
    "Api",
    "Box",
    "Clone",
    "Copy",
    "Created",
    "Credentials",
    "CredentialsId",
    "CredentialsProvider",
    "Debug",
    "Default",
    "Deletion",
    "Deserialize",
    "Drop",
    "Eq",
    "Err",
    "Failure",
    "FailureCode",
    "FailureCodes",
    "From",
    "HttpClient",
    "HttpError",
    "Into",
    "Iterator",
    "Job",
    "Leftover",
    "Leftovers",
    "List",
    "Listed",
    "Made",
    "Marker",
    "None",
    "Ok",
    "Option",
    "Outputs",
    "ParamEnum",
    "Params",
    "PartialEq",
    "Request",
    "Response",
    "Result",
    "Secret",
    "SecretId",
    "SecretType",
    "SecretValue",
    "Some",
    "String",
    "System",
    "TaskMarker",
    "Trigger",
];

/// The types of one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Types {
    /// Fields of the `Params` struct.
    pub(crate) inputs: String,
    /// Fields of the `Credentials` struct.
    pub(crate) outputs: String,
    /// The fields of both, in that order.
    pub(crate) fields: Vec<Typed>,
    /// Enums of inputs, and of outputs.
    pub(crate) input_enums: String,
    pub(crate) output_enums: String,
    /// Names of the enums, for `pub use`.
    pub(crate) input_enum_names: Vec<String>,
    pub(crate) output_enum_names: Vec<String>,
}

/// A variable, its field, and the type of that without its `Option`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) variable: Variable,
    pub(crate) field: Field,
    pub(crate) ty: String,
}

/// The types of `config` in a project whose types begin with `prefix`.
pub(crate) fn of(config: &JobConfig, prefix: &str) -> Types {
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|&name| name.to_owned()).collect();
    taken.extend(["Params", "Credentials", "Failure", "Provider"].map(|suffix| format!("{prefix}{suffix}")));
    let mut all_fields = Vec::new();
    let mut side = |direction| {
        let mut fields = String::new();
        let mut enums = String::new();
        let mut names = Vec::new();
        let mut field_names = BTreeSet::new();
        for variable in config.variables.iter().filter(|variable| variable.direction == direction) {
            let ty = match &variable.declaration.variable_type {
                VariableType::String if direction == Direction::Output => "Secret<String>".to_owned(),
                VariableType::String => "String".to_owned(),
                VariableType::Integer => "i64".to_owned(),
                VariableType::Boolean => "bool".to_owned(),
                VariableType::SecretId => "SecretId".to_owned(),
                VariableType::Enum(options) => {
                    let name = free_name(&variable.name, prefix, &mut taken);
                    enums.push_str(&enumeration(&name, variable, options));
                    names.push(name.clone());
                    name
                }
            };
            let field = idents::field(&variable.name, |name| field_names.contains(name));
            fields.push_str(&written(variable, &field, &ty));
            field_names.insert(field.plain.clone());
            all_fields.push(Typed { variable: variable.clone(), field, ty });
        }
        (fields, enums, names)
    };
    let (inputs, input_enums, input_enum_names) = side(Direction::Input);
    let (outputs, output_enums, output_enum_names) = side(Direction::Output);
    Types { inputs, outputs, fields: all_fields, input_enums, output_enums, input_enum_names, output_enum_names }
}

fn written(variable: &Variable, field: &Field, ty: &str) -> String {
    let ident = &field.ident;
    let ty = if variable.declaration.required { ty.to_owned() } else { format!("Option<{ty}>") };
    let (key, what) = match variable.direction {
        Direction::Input => ("param", "what this input is for"),
        Direction::Output => ("credential", "what this output holds"),
    };
    let attribute = match field.attribute {
        NameAttribute::Needed => format!("    #[{key}(name = {:?})]\n", variable.name),
        NameAttribute::Implied => String::new(),
    };
    format!("    /// TODO: {what}.\n{attribute}    pub {ident}: {ty},\n")
}

fn enumeration(name: &str, variable: &Variable, options: &[String]) -> String {
    let mut text = format!("\n/// TODO: what the options of `{}` mean.\n", variable.schema_name());
    text.push_str("#[derive(Debug, Clone, Copy, PartialEq, Eq, ParamEnum)]\n");
    let _ = writeln!(text, "pub enum {name} {{");
    let mut taken = BTreeSet::new();
    for (index, option) in options.iter().enumerate() {
        let number = index + 1;
        let variant = idents::variant(option).unwrap_or_else(|| format!("Option{number}"));
        let variant = if taken.contains(&variant) { format!("{variant}Option{number}") } else { variant };
        text.push_str("    /// TODO: what it means.\n");
        if idents::screaming(&variant) != *option {
            let _ = writeln!(text, "    #[param(name = {option:?})]");
        }
        let _ = writeln!(text, "    {variant},");
        taken.insert(variant);
    }
    text.push_str("}\n");
    text
}

/// A name for an enum that nothing else has.
fn free_name(variable: &str, prefix: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = idents::variant(variable).unwrap_or_else(|| "Options".to_owned());
    let mut name = plain.clone();
    let mut number = 1;
    while taken.contains(&name) {
        name = if number == 1 { format!("{prefix}{plain}") } else { format!("{prefix}{plain}{number}") };
        number += 1;
    }
    taken.insert(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(variables: &[(&str, &str)]) -> Types {
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value})).collect();
        let file = serde_json::json!({ "job_env_variables": variables }).to_string();
        of(&JobConfig::parse(&file).expect("a good file"), "Acme")
    }

    #[test]
    fn every_kind_of_variable_has_its_type() {
        let types = types(&[
            ("SMIN_TENANT", "type:string, required:true"),
            ("SMIN_LIFETIME_HOURS", "type:integer, required:false"),
            ("SMIN_RENEWABLE", "type:boolean"),
            ("SMIN_TIER", "type:enum[basic|gold], required:false"),
            ("SMIN_ADMIN_REF", "type:secret_id, required:true"),
            ("SMIN_TYPE", "type:string"),
            ("SMIN_2FA", "type:boolean"),
            ("SMOUT_TOKEN", "type:string, required:true"),
            ("SMOUT_MAX_CALLS", "type:integer"),
        ]);
        insta::assert_snapshot!(format!("{}---\n{}---\n{}", types.inputs, types.outputs, types.input_enums));
    }

    #[test]
    fn options_that_share_a_variant_are_told_apart() {
        let types = types(&[("SMIN_A", "type:enum[a-b|A_B|AB|+|2048]"), ("SMOUT_T", "type:string, required:true")]);
        insta::assert_snapshot!(types.input_enums);
    }

    #[test]
    fn an_enum_never_takes_the_name_of_something_else() {
        let types = types(&[
            ("SMIN_SECRET", "type:enum[a|b]"),
            ("SMIN_PARAMS", "type:enum[a|b]"),
            ("SMIN_TIER", "type:enum[a|b]"),
            ("SMOUT_TIER", "type:enum[c|d], required:true"),
        ]);
        assert_eq!(types.input_enum_names, ["AcmeSecret", "AcmeParams2", "Tier"]);
        assert_eq!(types.output_enum_names, ["AcmeTier"]);
    }
}
