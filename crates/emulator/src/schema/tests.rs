use serde_json::json;

use super::*;

fn schema() -> Schema {
    let variables = [
        ("SMIN_TENANT", "type:string, required:true"),
        ("SMIN_LIFETIME_HOURS", "type:integer, required:false"),
        ("SMIN_TIER", "type:enum[basic|gold]"),
        ("SMIN_DRY", "type:boolean, required:false"),
        ("SMIN_ADMIN_REF", "type:secret_id, required:false"),
        ("SMOUT_TOKEN", "type:string, required:true"),
        ("SMOUT_NOTE", "type:string, required:false"),
        ("SMOUT_MAX_CALLS", "type:integer, required:false"),
    ];
    let variables: Vec<_> = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Schema::read(&variables).expect("the sample is right")
}

fn object(value: &Value) -> Object {
    value.as_object().expect("an object").clone()
}

fn refused(result: Result<(), ServiceError>) -> String {
    let error = result.expect_err("a refusal");
    assert_eq!(error.status, 400);
    error.message
}

#[test]
fn good_parameters_pass() {
    let parameters = json!({ "tenant": "blue", "lifetime_hours": 48, "tier": "gold", "dry": true,
        "admin_ref": "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607" });
    assert_eq!(schema().check_parameters(&object(&parameters)), Ok(()));
}

#[test]
fn wrong_parameters_name_the_key_and_never_the_value() {
    for (key, value) in
        [("lifetime_hours", json!("4711")), ("tier", json!("4711")), ("dry", json!(4711)), ("admin_ref", json!("4711"))]
    {
        let mut parameters = object(&json!({ "tenant": "blue" }));
        parameters.insert(key.to_owned(), value);
        let message = refused(schema().check_parameters(&parameters));
        assert!(message.contains(key) && !message.contains("4711"), "{message}");
    }
}

#[test]
fn undeclared_and_missing_parameters_are_refused() {
    assert!(refused(schema().check_parameters(&object(&json!({ "tenant": "a", "colour": "red" })))).contains("colour"));
    assert!(refused(schema().check_parameters(&Object::new())).contains("tenant"));
}

#[test]
fn a_payload_needs_its_required_outputs_and_no_others() {
    let schema = schema();
    assert_eq!(schema.check_payload(&object(&json!({ "token": "t", "max_calls": 5 }))), Ok(()));
    assert_eq!(schema.check_payload(&object(&json!({ "token": "t", "note": "" }))), Ok(()));
    assert!(refused(schema.check_payload(&object(&json!({ "max_calls": 5 })))).contains("token"));
    assert!(refused(schema.check_payload(&object(&json!({ "token": "" })))).contains("empty"));
    assert!(refused(schema.check_payload(&object(&json!({ "token": 5 })))).contains("string"));
    assert!(refused(schema.check_payload(&object(&json!({ "token": "t", "max_calls": 1.5 })))).contains("integer"));
    assert!(refused(schema.check_payload(&object(&json!({ "token": "t", "secret": "x" })))).contains("declared"));
}

#[test]
fn strings_of_a_payload_have_a_limit() {
    let schema = schema();
    assert_eq!(schema.check_payload(&object(&json!({ "token": "x".repeat(MAX_STRING) }))), Ok(()));
    assert!(refused(schema.check_payload(&object(&json!({ "token": "x".repeat(MAX_STRING + 1) })))).contains("100000"));
}

#[test]
fn values_are_rendered_as_text_and_absent_ones_left_out() {
    let parameters = object(&json!({ "tenant": "blue", "lifetime_hours": 0, "dry": false }));
    let expected = [("SM_TENANT_VALUE", "blue"), ("SM_LIFETIME_HOURS_VALUE", "0"), ("SM_DRY_VALUE", "false")];
    let expected: Vec<(String, String)> =
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(schema().value_variables(&parameters), expected);
}

#[test]
fn the_schema_repeats_the_declarations_word_by_word() {
    let schema = schema().to_json();
    assert_eq!(
        schema["parameters"][2],
        json!({ "name": "tier", "format": "type:enum[basic|gold]", "env_variable_name": "SM_TIER_VALUE" })
    );
    assert_eq!(schema["credentials"][0], json!({ "name": "token", "format": "type:string, required:true" }));
}
