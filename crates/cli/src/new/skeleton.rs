//! `--from`: the files that differ from the template's, because its in-memory system does not speak this contract.
//!
//! If the contract says how a job may reach its system ([`Connection`]), the project works against a stand-in that hands out its outputs. If not, a skeleton
//! that pretended to create something could be deployed by mistake: it refuses every task until it is written.

use credjob_contract::{Direction, JobConfig};

use super::connection::Connection;
use super::name::Name;
use super::template::{self, Files};
use super::types::{self, Typed, Types};
use super::{samples, snippets, wire};
use crate::problem::Problem;

/// Files that both kinds have.
const COMMON: &[(&str, &str)] = &[
    ("src/credentials.rs", include_str!("skeleton/credentials.rs.txt")),
    ("src/lib.rs", include_str!("skeleton/lib.rs.txt")),
    ("src/params.rs", include_str!("skeleton/params.rs.txt")),
    ("src/provider.rs", include_str!("skeleton/provider.rs.txt")),
];

/// Against a stand-in.
const SYSTEM: &[(&str, &str)] = &[
    ("README.md", include_str!("skeleton/system/README.md")),
    ("examples/target.rs", include_str!("skeleton/system/target.rs.txt")),
    ("src/api.rs", include_str!("skeleton/system/api.rs.txt")),
    ("src/failure.rs", include_str!("skeleton/system/failure.rs.txt")),
    ("tests/conformance.rs", include_str!("skeleton/system/conformance.rs.txt")),
    ("tests/support/stand_in.rs", include_str!("skeleton/system/stand_in.rs.txt")),
];

/// Until it is written.
const REFUSING: &[(&str, &str)] = &[
    ("README.md", include_str!("skeleton/refusing/README.md")),
    ("src/api.rs", include_str!("skeleton/refusing/api.rs.txt")),
    ("src/failure.rs", include_str!("skeleton/refusing/failure.rs.txt")),
    ("tests/conformance.rs", include_str!("skeleton/refusing/conformance.rs.txt")),
];

/// The template's files about its own system, which a refusing skeleton does not have.
const OF_A_SYSTEM: [&str; 2] = ["tests/support/", "examples/"];

/// What `--from` makes of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It works against a stand-in.
    System,
    /// It refuses every task until it is written.
    Refusing,
}

/// Replaces the template's files by those for this contract.
pub(crate) fn replace(files: &mut Files, name: &Name, config: &JobConfig) -> Result<Kind, Problem> {
    let types = types::of(config, &name.types());
    let connection = Connection::of(&types.fields);
    let mut values = of_types(name, config, &types);
    let (kind, texts) = if let Some(connection) = connection {
        values.extend(of_system(name, &types, connection)?);
        (Kind::System, SYSTEM)
    } else {
        values.push(("sample_inputs", samples::in_rust(types.fields.iter())));
        files.retain(|path, _| !OF_A_SYSTEM.iter().any(|left_out| path.starts_with(left_out)));
        (Kind::Refusing, REFUSING)
    };
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    files.extend(template::fill_all(COMMON, &values)?);
    files.extend(template::fill_all(texts, &values)?);
    // In the order of the types: inputs first.
    let mut ordered = config.clone();
    ordered.variables.sort_by_key(|variable| variable.direction == Direction::Output);
    files.insert("job_config.json".to_owned(), ordered.to_json());
    Ok(kind)
}

type Values = Vec<(&'static str, String)>;

fn of_types(name: &Name, config: &JobConfig, types: &Types) -> Values {
    let exports = |names: &[String]| names.iter().fold(String::new(), |list, name| list + ", " + name);
    vec![
        ("project_name", name.project().to_owned()),
        ("crate_name", name.krate()),
        ("type_prefix", name.types()),
        ("code_prefix", name.codes()),
        ("input_fields", types.inputs.clone()),
        ("output_fields", types.outputs.clone()),
        ("input_enums", types.input_enums.clone()),
        ("output_enums", types.output_enums.clone()),
        ("input_exports", exports(&types.input_enum_names)),
        ("output_exports", exports(&types.output_enum_names)),
        ("input_table", table(config, Direction::Input)),
        ("output_table", table(config, Direction::Output)),
    ]
}

/// What the files that work against a stand-in need besides.
fn of_system(name: &Name, types: &Types, connection: Connection<'_>) -> Result<Values, Problem> {
    let outputs: Vec<&Typed> =
        types.fields.iter().filter(|field| field.variable.direction == Direction::Output).collect();
    let rest = || types.fields.iter().filter(|field| !connection.takes(field));
    let (lines, url) = match connection.url {
        Some(url) => (snippets::URL_IN_AN_INPUT, url),
        None => (snippets::URL_IN_THE_LOGIN, connection.login),
    };
    let names = [
        ("login_name", connection.login.variable.schema_name()),
        ("url_name", url.variable.schema_name()),
        ("url_variable", url.variable.name.clone()),
        ("url_field", url.field.ident.clone()),
    ];
    let names: Vec<(&str, &str)> = names.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut values = Vec::new();
    for (name, text) in lines {
        values.push((*name, template::fill(name, text, &names)?));
    }
    values.extend([
        ("login_field", connection.login.field.ident.clone()),
        ("wire_fields", wire::fields(&outputs)),
        ("wire_values", wire::values(&outputs, &name.types())),
        ("sample_outputs", wire::samples(&outputs)),
        ("sample_inputs", samples::in_rust(rest())),
        ("sample_lines", samples::in_lines(rest())),
    ]);
    Ok(values)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn made(file: &str) -> (Kind, Files) {
        let config = JobConfig::parse(file).expect("good");
        let mut files = Files::from([("examples/target.rs".to_owned(), "the template's".to_owned())]);
        let kind = replace(&mut files, &Name::parse("acme").expect("good"), &config).expect("rendered");
        (kind, files)
    }

    #[test]
    fn outputs_come_after_inputs_as_the_binary_prints_them() {
        let (kind, files) = made(
            r#"{"job_env_variables": [
                {"name": "SMOUT_TOKEN", "value": "type:string, required:true"},
                {"name": "SMIN_TIER", "value": "type:enum[basic|gold],required:true"}
            ]}"#,
        );
        let order = JobConfig::parse(&files["job_config.json"]).expect("good");
        assert_eq!(order.variables[0].full_name(), "SMIN_TIER");
        assert!(files["README.md"].contains("| `tier` | enum[basic\\|gold] | yes | TODO |"));
        assert!(files["tests/conformance.rs"].contains(".param(\"tier\", \"basic\")"));
        assert_eq!((kind, files.contains_key("examples/target.rs")), (Kind::Refusing, false));
    }

    #[test]
    fn a_contract_with_a_login_has_a_stand_in_and_the_kit() {
        let (kind, files) = made(
            r#"{"job_env_variables": [
                {"name": "SMIN_LOGIN_SECRET_ID", "value": "type:secret_id, required:true"},
                {"name": "SMIN_TIER", "value": "type:enum[basic|gold],required:true"},
                {"name": "SMOUT_TOKEN", "value": "type:string, required:true"},
                {"name": "SMOUT_KIND", "value": "type:enum[a b|c]"}
            ]}"#,
        );
        assert_eq!(kind, Kind::System);
        assert!(files["tests/conformance.rs"].contains("conformance!(acme_provider::AcmeProvider, Running)"));
        assert!(files["examples/target.rs"].contains(r#"println!("--param tier=basic");"#));
        assert!(files["src/api.rs"].contains("Kind::from_option(&text)"));
    }
}
