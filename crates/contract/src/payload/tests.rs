use super::*;

const NAME: FieldSpec = FieldSpec::new("NAME", TypeSpec::String, true);
const NOTE: FieldSpec = FieldSpec::new("NOTE", TypeSpec::String, false);
const PORT: FieldSpec = FieldSpec::new("PORT", TypeSpec::Integer, false);
const SHARED: FieldSpec = FieldSpec::new("SHARED", TypeSpec::Boolean, false);
const TIER: FieldSpec = FieldSpec::new("TIER", TypeSpec::Enum(&["basic", "gold"]), false);
const FIELDS: &[FieldSpec] = &[NAME, NOTE, PORT, SHARED, TIER];

use PayloadValue::{Boolean, Integer, Text};

/// The broken rules of a payload with a proper name and these entries.
fn broken(entries: &[(&'static str, PayloadValue<'_>)]) -> Vec<String> {
    let mut all = vec![("name", Text("n"))];
    all.extend_from_slice(entries);
    Payload(all).check(FIELDS).err().unwrap_or_default()
}

#[test]
fn a_proper_payload_is_accepted() {
    let entries = [("note", Text("")), ("port", Integer(0)), ("shared", Boolean(false)), ("tier", Text("gold"))];
    assert_eq!(broken(&entries), [""; 0]);
}

#[test]
fn a_required_output_must_be_there_and_not_be_empty() {
    assert_eq!(Payload(vec![]).check(FIELDS), Err(vec!["name: is required, but missing".to_owned()]));
    let empty = Payload(vec![("name", Text(""))]);
    assert_eq!(empty.check(FIELDS), Err(vec!["name: is required, but empty".to_owned()]));
}

#[test]
fn only_declared_names_in_lower_case_are_accepted() {
    let what = "is not a declared output; names are lower case";
    assert_eq!(
        broken(&[("PORT", Integer(1)), ("other", Integer(1))]),
        [format!("PORT: {what}"), format!("other: {what}")]
    );
}

#[test]
fn a_name_occurs_once() {
    assert_eq!(broken(&[("port", Integer(1)), ("port", Integer(1))]), ["port: is there twice"]);
}

#[test]
fn values_have_the_declared_type() {
    assert_eq!(
        broken(&[("note", Integer(1)), ("port", Text("1")), ("shared", Integer(1)), ("tier", Text("Gold"))]),
        [
            "note: must be a string",
            "port: must be an integer",
            "shared: must be a boolean",
            "tier: must be one of basic, gold"
        ]
    );
}

#[test]
fn strings_have_a_largest_number_of_characters_not_bytes() {
    let most = "ä".repeat(MAX_STRING_CHARS);
    assert_eq!(broken(&[("note", Text(&most))]), [""; 0]);
    let more = format!("{most}a");
    assert_eq!(broken(&[("note", Text(&more))]), ["note: is longer than 100000 characters"]);
}

#[test]
fn the_whole_payload_has_a_largest_size() {
    // A control character takes six bytes in JSON.
    let long = "\u{1}".repeat(MAX_STRING_CHARS);
    let fields = [NAME, NOTE];
    let most = Payload(vec![("name", Text(&long)), ("note", Text("n"))]);
    assert_eq!(most.check(&fields), Ok(()));
    let more = Payload(vec![("name", Text(&long)), ("note", Text(&long))]);
    assert_eq!(more.check(&fields), Err(vec!["the payload is larger than 1000000 bytes".to_owned()]));
}

#[test]
fn no_broken_rule_repeats_a_value() {
    let canary = "payload-canary";
    let texts = broken(&[("tier", Text(canary)), ("port", Text(canary)), ("x", Text(canary))]).join(" ");
    assert!(!texts.contains(canary), "{texts}");
}

#[test]
fn debug_hides_values() {
    let payload = Payload(vec![("name", Text("payload-canary")), ("port", Integer(5432))]);
    let text = format!("{payload:?}");
    assert!(text.contains("name") && !text.contains("payload-canary") && !text.contains("5432"), "{text}");
}

#[test]
fn json_is_what_a_parser_reads_back() {
    let text = "quote \" backslash \\ lines \n\r\t bell \u{7} delete \u{7f} é 😀";
    let payload = Payload(vec![("name", Text(text)), ("port", Integer(i64::MIN)), ("shared", Boolean(true))]);
    let json: serde_json::Value = serde_json::from_str(&payload.to_json_object()).unwrap();
    assert_eq!(json, serde_json::json!({ "name": text, "port": i64::MIN, "shared": true }));
}

#[test]
fn json_is_written_into_one_allocation() {
    let payload = Payload(vec![("name", Text("\u{1}\"ä")), ("port", Integer(-1)), ("shared", Boolean(false))]);
    assert_eq!(payload.to_json_object().len(), payload.json_len());
    assert_eq!(Payload(vec![]).to_json_object().as_str(), "{}");
}
