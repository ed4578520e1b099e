//! `--from`: the files that differ from the template's, because its in-memory system does not speak this contract.
//!
//! A skeleton that pretended to create something could be deployed by mistake: this one refuses every task until it is written.

use credjob_contract::{Direction, JobConfig};

use super::name::Name;
use super::template::{self, Files};
use super::types;
use crate::problem::Problem;

/// The template's files about its own system.
pub(crate) const LEFT_OUT: [&str; 2] = ["tests/support/", "examples/"];

const TEXTS: &[(&str, &str)] = &[
    ("README.md", include_str!("skeleton/README.md")),
    ("src/api.rs", include_str!("skeleton/api.rs.txt")),
    ("src/credentials.rs", include_str!("skeleton/credentials.rs.txt")),
    ("src/failure.rs", include_str!("skeleton/failure.rs.txt")),
    ("src/lib.rs", include_str!("skeleton/lib.rs.txt")),
    ("src/params.rs", include_str!("skeleton/params.rs.txt")),
    ("src/provider.rs", include_str!("skeleton/provider.rs.txt")),
    ("tests/conformance.rs", include_str!("skeleton/conformance.rs.txt")),
];

/// The files for this contract.
pub(crate) fn render(name: &Name, config: &JobConfig) -> Result<Files, Problem> {
    let types = types::of(config, &name.types());
    let exports = |names: &[String]| names.iter().fold(String::new(), |list, name| list + ", " + name);
    let values = [
        ("project_name", name.project()),
        ("crate_name", &name.krate()),
        ("type_prefix", &name.types()),
        ("code_prefix", &name.codes()),
        ("input_fields", &types.inputs),
        ("output_fields", &types.outputs),
        ("input_enums", &types.input_enums),
        ("output_enums", &types.output_enums),
        ("input_exports", &exports(&types.input_enum_names)),
        ("output_exports", &exports(&types.output_enum_names)),
        ("input_table", &table(config, Direction::Input)),
        ("output_table", &table(config, Direction::Output)),
        ("sample_inputs", &samples(config)),
    ];
    let mut files = template::fill_all(TEXTS, &values)?;
    // In the order of the types: inputs first.
    let mut ordered = config.clone();
    ordered.variables.sort_by_key(|variable| variable.direction == Direction::Output);
    files.insert("job_config.json".to_owned(), ordered.to_json());
    Ok(files)
}

fn table(config: &JobConfig, direction: Direction) -> String {
    let of_side = config.variables.iter().filter(|variable| variable.direction == direction);
    let rows = of_side.map(|variable| {
        let required = if variable.declaration.required { "yes" } else { "no" };
        let ty = variable.declaration.variable_type.to_string().replace('|', "\\|");
        format!("| `{}` | {ty} | {required} | TODO |\n", variable.schema_name())
    });
    rows.collect()
}

/// A value for every required input, in Rust.
fn samples(config: &JobConfig) -> String {
    use credjob_contract::VariableType;
    let required = config
        .variables
        .iter()
        .filter(|variable| variable.direction == Direction::Input && variable.declaration.required);
    let lines = required.map(|variable| {
        let name = variable.schema_name();
        match &variable.declaration.variable_type {
            VariableType::SecretId => format!("        .secret({name:?}, \"canary-login-of-the-test\")\n"),
            VariableType::String => format!("        .param({name:?}, \"sample\")\n"),
            VariableType::Integer => format!("        .param({name:?}, 1)\n"),
            VariableType::Boolean => format!("        .param({name:?}, true)\n"),
            VariableType::Enum(options) => {
                let first = options.first().map_or("", String::as_str);
                format!("        .param({name:?}, {first:?})\n")
            }
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_come_after_inputs_as_the_binary_prints_them() {
        let file = r#"{"job_env_variables": [
            {"name": "SMOUT_TOKEN", "value": "type:string, required:true"},
            {"name": "SMIN_TIER", "value": "type:enum[basic|gold],required:true"}
        ]}"#;
        let config = JobConfig::parse(file).expect("good");
        let files = render(&Name::parse("acme").expect("good"), &config).expect("rendered");
        let order = JobConfig::parse(&files["job_config.json"]).expect("good");
        assert_eq!(order.variables[0].full_name(), "SMIN_TIER");
        assert!(files["README.md"].contains("| `tier` | enum[basic\\|gold] | yes | TODO |"));
        assert!(files["tests/conformance.rs"].contains(".param(\"tier\", \"basic\")"));
    }
}
