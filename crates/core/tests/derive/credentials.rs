//! `#[derive(Credentials)]`

use credjob::contract::{PayloadValue, TypeSpec};
use credjob::prelude::*;

#[derive(Clone, ParamEnum)]
enum Tier {
    Basic,
    Gold,
}

#[derive(Credentials)]
struct Everything {
    /// The key, as PEM.
    private_key: Secret<String>,
    user: String,
    port: u16,
    serial: i64,
    shared: bool,
    tier: Tier,
    owner: SecretId,
    #[credential(name = "TYPE_2")]
    second: Option<Secret<String>>,
    third: Option<i64>,
}

fn everything() -> Everything {
    Everything {
        private_key: Secret::new("key-canary".to_owned()),
        user: "u\"1".to_owned(),
        port: 5432,
        serial: i64::MIN,
        shared: true,
        tier: Tier::Gold,
        owner: SecretId::nil(),
        second: None,
        third: None,
    }
}

#[test]
fn fields_are_declared_in_their_order_with_types_and_required_flags() {
    let declared: Vec<_> = Everything::FIELDS.iter().map(|field| (field.name, field.ty, field.required)).collect();
    assert_eq!(
        declared,
        [
            ("PRIVATE_KEY", TypeSpec::String, true),
            ("USER", TypeSpec::String, true),
            ("PORT", TypeSpec::Integer, true),
            ("SERIAL", TypeSpec::Integer, true),
            ("SHARED", TypeSpec::Boolean, true),
            ("TIER", TypeSpec::Enum(&["BASIC", "GOLD"]), true),
            ("OWNER", TypeSpec::SecretId, true),
            ("TYPE_2", TypeSpec::String, false),
            ("THIRD", TypeSpec::Integer, false),
        ]
    );
}

#[test]
fn a_doc_comment_is_the_description() {
    assert_eq!(Everything::FIELDS[0].description, "The key, as PEM.");
}

#[test]
fn the_payload_has_every_value_by_its_lower_case_name() {
    let credentials = Everything { second: Some(Secret::new("second".to_owned())), third: Some(0), ..everything() };
    let payload = credentials.payload();
    assert_eq!(payload.check(Everything::FIELDS), Ok(()));
    let values: Vec<_> = payload.0;
    assert!(
        values
            == [
                ("private_key", PayloadValue::Text("key-canary")),
                ("user", PayloadValue::Text("u\"1")),
                ("port", PayloadValue::Integer(5432)),
                ("serial", PayloadValue::Integer(i64::MIN)),
                ("shared", PayloadValue::Boolean(true)),
                ("tier", PayloadValue::Text("GOLD")),
                ("owner", PayloadValue::Text(SecretId::nil().as_str())),
                ("type_2", PayloadValue::Text("second")),
                ("third", PayloadValue::Integer(0)),
            ]
    );
}

#[test]
fn an_optional_output_without_value_is_left_out() {
    let credentials = everything();
    let payload = credentials.payload();
    assert_eq!(payload.check(Everything::FIELDS), Ok(()));
    assert!(!payload.0.iter().any(|(key, _)| matches!(*key, "type_2" | "third")));
}

#[test]
fn an_empty_required_output_is_refused() {
    let credentials = Everything { user: String::new(), ..everything() };
    assert_eq!(credentials.payload().check(Everything::FIELDS), Err(vec!["user: is required, but empty".to_owned()]));
}
