use proptest::prelude::*;

use super::*;
use crate::declaration::tests::any_declaration;
use crate::spec::TypeSpec;

/// The example of PROTOCOL 1.2.
const EXAMPLE: &str = r#"{ "job_env_variables": [
  { "name": "SMIN_TENANT",         "value": "type:string, required:true" },
  { "name": "SMIN_LIFETIME_HOURS", "value": "type:integer, required:false" },
  { "name": "SMIN_TIER",           "value": "type:enum[basic|gold], required:false" },
  { "name": "SMIN_ADMIN_REF",      "value": "type:secret_id, required:true" },
  { "name": "SMOUT_TOKEN",         "value": "type:string, required:true" } ] }"#;

/// A file with a valid output and these further entries.
fn file(entries: &[(&str, &str)]) -> String {
    let entries: Vec<_> = [("SMOUT_TOKEN", "type:string, required:true")]
        .iter()
        .chain(entries)
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    json!({ "job_env_variables": entries }).to_string()
}

fn problems(json: &str) -> Vec<String> {
    JobConfig::parse(json).unwrap_err().iter().map(ToString::to_string).collect()
}

fn problem_of(name: &str) -> String {
    let mut problems = problems(&file(&[(name, "type:string")]));
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

fn output(name: &str) -> Variable {
    let declaration = Declaration { variable_type: VariableType::String, required: true };
    Variable { direction: Direction::Output, name: name.to_owned(), declaration }
}

#[test]
fn the_example_of_the_protocol_is_read() {
    let config = JobConfig::parse(EXAMPLE).unwrap();
    let names: Vec<_> = config.variables.iter().map(Variable::full_name).collect();
    assert_eq!(names, ["SMIN_TENANT", "SMIN_LIFETIME_HOURS", "SMIN_TIER", "SMIN_ADMIN_REF", "SMOUT_TOKEN"]);
    assert_eq!(config.variables[2].declaration.to_string(), "type:enum[basic|gold], required:false");
    assert_eq!(config.variables[4].direction, Direction::Output);
}

#[test]
fn a_variable_has_three_more_names() {
    let config = JobConfig::parse(EXAMPLE).unwrap();
    let variable = &config.variables[1];
    assert_eq!(variable.name, "LIFETIME_HOURS");
    assert_eq!(variable.schema_name(), "lifetime_hours");
    assert_eq!(variable.value_variable(), "SM_LIFETIME_HOURS_VALUE");
}

#[test]
fn the_printed_file_is_pretty_and_ends_in_a_newline() {
    let config = JobConfig::new(vec![output("TOKEN")]).unwrap();
    let expected = r#"{
  "job_env_variables": [
    {
      "name": "SMOUT_TOKEN",
      "value": "type:string, required:true"
    }
  ]
}
"#;
    assert_eq!(config.to_json(), expected);
}

#[test]
fn specs_become_variables_inputs_first() {
    let inputs = [FieldSpec::new("TIER", TypeSpec::Enum(&["basic", "gold"]), false)];
    let outputs = [FieldSpec::new("TOKEN", TypeSpec::String, true)];
    let config = JobConfig::from_specs(&inputs, &outputs).unwrap();
    assert_eq!(config.variables[0].full_name(), "SMIN_TIER");
    assert_eq!(config.variables[0].declaration.to_string(), "type:enum[basic|gold], required:false");
    assert_eq!(config.variables[1], output("TOKEN"));
}

#[test]
fn every_type_of_a_spec_has_its_declaration() {
    for (spec, text) in [
        (TypeSpec::String, "string"),
        (TypeSpec::Integer, "integer"),
        (TypeSpec::Boolean, "boolean"),
        (TypeSpec::SecretId, "secret_id"),
    ] {
        assert_eq!(VariableType::from(&spec).to_string(), text);
    }
}

#[test]
fn specs_obey_the_same_rules() {
    let inputs = [FieldSpec::new("ACTION", TypeSpec::Enum(&["one"]), false)];
    let problems = JobConfig::from_specs(&inputs, &[]).unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn what_is_no_json_object_is_refused() {
    assert!(problems("{").first().unwrap().starts_with("the file is not valid JSON"));
    assert_eq!(problems("[]"), ["the file is not a JSON object"]);
    assert_eq!(problems("null"), ["the file is not a JSON object"]);
}

#[test]
fn the_array_must_be_there_and_not_be_empty() {
    let missing = "`job_env_variables` is missing or not an array";
    assert_eq!(problems("{}"), [missing]);
    assert_eq!(problems(r#"{"job_env_variables": {}}"#), [missing]);
    assert_eq!(
        problems(r#"{"job_env_variables": []}"#),
        ["`job_env_variables` is empty", "at least one `SMOUT_` variable must be `required:true`"]
    );
}

#[test]
fn name_and_value_must_be_texts() {
    let json = r#"{"job_env_variables": [ 7, {"name": "SMOUT_A"}, {"value": "type:string"},
        {"name": 1.5, "value": null}, {"name": "", "value": true},
        {"name": "SMOUT_B", "value": "type:string, required:true"} ]}"#;
    assert_eq!(
        problems(json),
        [
            "job_env_variables[0]: is not an object with `name` and `value`",
            "SMOUT_A: `value` is missing or not a string",
            "job_env_variables[2]: `name` is missing, empty or not a string",
            "job_env_variables[3]: `name` is missing, empty or not a string",
            "job_env_variables[3]: `value` is missing or not a string",
            "job_env_variables[4]: `name` is missing, empty or not a string",
            "job_env_variables[4]: `value` is missing or not a string",
        ]
    );
}

#[test]
fn a_key_given_twice_is_refused_at_every_level() {
    let json = r#"{"job_env_variables": [{"name": "SMOUT_A", "name": "SMOUT_B", "value": "type:string, required:true"}],
        "job_env_variables": []}"#;
    assert_eq!(problems(json), ["key `job_env_variables` is given twice", "SMOUT_A: key `name` is given twice"]);
}

#[test]
fn other_keys_of_the_file_do_not_matter() {
    let json = EXAMPLE.replacen('{', r#"{ "comment": [1, -2, 2.5, true, null, "x", {}],"#, 1);
    assert!(JobConfig::parse(&json).is_ok());
}

#[test]
fn a_name_has_one_of_two_prefixes() {
    for name in ["TENANT", "SM_TENANT", "smin_TENANT", "SMINTENANT", " SMIN_TENANT"] {
        assert_eq!(problem_of(name), format!("{name}: begins with neither `SMIN_` nor `SMOUT_`"));
    }
}

#[test]
fn a_name_is_more_than_its_prefix() {
    assert_eq!(problem_of("SMIN_"), "SMIN_: has no name after its prefix");
}

#[test]
fn a_name_is_upper_case_letters_digits_and_underscores() {
    for name in ["SMIN_tenant", "SMIN_TEN-ANT", "SMIN_TEN ANT", "SMIN_TENÄNT", "SMIN_X\n"] {
        assert_eq!(problem_of(name), format!("{name}: holds something other than A to Z, 0 to 9 and `_`"));
    }
    assert!(JobConfig::parse(&file(&[("SMIN_1", "type:string"), ("SMIN__", "type:string")])).is_ok());
}

#[test]
fn an_input_has_no_name_of_the_service() {
    for name in crate::environment::SERVICE_NAMES {
        let expected = format!("SMIN_{name}: is reserved: Secrets Manager itself sets `SM_{name}`");
        assert_eq!(problem_of(&format!("SMIN_{name}")), expected);
    }
}

#[test]
fn an_output_may_have_a_name_of_the_service() {
    assert!(JobConfig::parse(&file(&[("SMOUT_SECRET_ID", "type:string")])).is_ok());
}

#[test]
fn a_key_given_three_times_is_one_problem() {
    let problems = JobConfig::parse(r#"{"b":1,"a":1,"a":2,"b":3,"a":3}"#).unwrap_err();
    let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        ["key `a` is given twice", "key `b` is given twice", "`job_env_variables` is missing or not an array"]
    );
}

#[test]
fn a_name_given_twice_is_refused() {
    let json = file(&[("SMOUT_TOKEN", "type:integer")]);
    assert_eq!(problems(&json), ["SMOUT_TOKEN: is declared twice"]);
}

#[test]
fn an_input_and_an_output_may_share_a_name() {
    assert!(JobConfig::parse(&file(&[("SMIN_TOKEN", "type:string")])).is_ok());
}

#[test]
fn an_input_whose_declaration_could_be_read_as_a_value_is_refused() {
    let json = file(&[("SMIN_X_VALUE", "type:string"), ("SMIN_X", "type:string")]);
    assert_eq!(problems(&json), ["SMIN_X_VALUE: clashes with `SMIN_X`, whose value may arrive under this name"]);
    assert!(JobConfig::parse(&file(&[("SMIN_X_VALUE", "type:string")])).is_ok());
}

#[test]
fn one_output_must_be_required() {
    let json = r#"{"job_env_variables": [{"name": "SMOUT_A", "value": "type:string"},
        {"name": "SMIN_B", "value": "type:string, required:true"}]}"#;
    assert_eq!(problems(json), ["at least one `SMOUT_` variable must be `required:true`"]);
}

#[test]
fn a_refused_output_is_not_missed_as_well() {
    let json = r#"{"job_env_variables": [{"name": "SMOUT_A", "value": "type:text, required:true"}]}"#;
    assert_eq!(problems(json).len(), 1);
}

#[test]
fn every_problem_of_a_declaration_is_listed_with_its_variable() {
    let json = file(&[("SMIN_X", "type:enum[a||a], required:no")]);
    assert_eq!(
        problems(&json),
        [
            "SMIN_X: an enum option is empty",
            "SMIN_X: enum option `a` is given twice",
            "SMIN_X: `required` is `true` or `false`, not `no`",
        ]
    );
}

#[test]
fn the_size_counts_names_values_and_their_frame() {
    let config = JobConfig::new(vec![output("A")]).unwrap();
    assert_eq!(config.size(), r#"{"name":"SMOUT_A","value":"type:string, required:true"},"#.len());
}

#[test]
fn the_job_limit_is_the_last_size_that_fits() {
    let longest = JOB_SIZE_LIMIT - JobConfig::new(vec![output("A")]).unwrap().size() + 1;
    assert_eq!(JobConfig::new(vec![output(&"A".repeat(longest))]).unwrap().size(), JOB_SIZE_LIMIT);
    let problems = JobConfig::new(vec![output(&"A".repeat(longest + 1))]).unwrap_err();
    assert!(problems[0].to_string().contains("10241 bytes, but a Code Engine job has at most 10240"));
}

fn any_config() -> impl Strategy<Value = JobConfig> {
    let names = prop::collection::btree_set("[A-Z0-9_]{1,12}", 0..8);
    (names, prop::collection::vec((any::<bool>(), any_declaration()), 8)).prop_filter_map(
        "names that the rules refuse",
        |(names, shapes)| {
            let variables = names.into_iter().zip(shapes).map(|(name, (input, declaration))| {
                let direction = if input { Direction::Input } else { Direction::Output };
                Variable { direction, name, declaration }
            });
            JobConfig::new(variables.chain([output("LAST_ONE_OF_ALL")]).collect()).ok()
        },
    )
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_the_same(config in any_config()) {
        prop_assert_eq!(JobConfig::parse(&config.to_json()), Ok(config));
    }

    #[test]
    fn the_layout_of_the_json_does_not_matter(config in any_config()) {
        let tree: serde_json::Value = serde_json::from_str(&config.to_json()).unwrap();
        prop_assert_eq!(JobConfig::parse(&tree.to_string()), Ok(config));
    }

    #[test]
    fn variables_that_make_a_configuration_are_read_from_its_file(config in any_config()) {
        prop_assert_eq!(JobConfig::new(config.variables.clone()), Ok(config.clone()));
        prop_assert!(config.size() <= JOB_SIZE_LIMIT && config.size() < config.to_json().len());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[\\[\\]{}\":,a-c0-9 ]{0,60}") {
        let _ = JobConfig::parse(&text);
    }
}
