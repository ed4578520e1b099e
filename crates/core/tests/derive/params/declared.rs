//! What a struct declares.

use credjob::contract::JobConfig;

use super::*;

#[test]
fn fields_are_declared_in_their_order_with_types_and_required_flags() {
    let declared: Vec<_> = Sample::FIELDS.iter().map(|field| (field.name, field.ty, field.required)).collect();
    assert_eq!(
        declared,
        [
            ("COMMON_NAME", TypeSpec::String, true),
            ("DAYS", TypeSpec::Integer, false),
            ("ALGO", TypeSpec::Enum(&["RSA", "EC-P256"]), false),
            ("ISSUER", TypeSpec::SecretId, false),
            ("COUNT", TypeSpec::Integer, false),
            ("SHARED", TypeSpec::Boolean, false),
            ("ADDRESS", TypeSpec::String, false),
            ("WORD", TypeSpec::String, false),
            ("TYPE_2", TypeSpec::String, false),
            ("LOGIN", TypeSpec::SecretId, true),
        ]
    );
}

#[test]
fn the_first_paragraph_of_a_doc_comment_is_the_description() {
    assert_eq!(field("COMMON_NAME").description, "The common name of the certificate.");
    assert_eq!(field("DAYS").description, "");
}

#[test]
fn limits_are_declared() {
    let name = field("COMMON_NAME");
    assert_eq!((name.min_length, name.max_length, name.pattern), (Some(3), Some(8), Some("[a-z0-9.]+")));
    assert_eq!((field("DAYS").min, field("DAYS").max), (Some(1), Some(MOST_DAYS)));
    assert_eq!((field("COUNT").min, field("COUNT").max), (Some(2), None));
}

#[test]
fn defaults_are_shown_as_the_service_would_take_them() {
    #[derive(Params)]
    struct Defaults {
        #[param(default = -7)]
        _literal: i32,
        #[param(default = -MOST_DAYS)]
        _constant: i64,
        #[param(default = MOST_DAYS > 1)]
        _flag: bool,
        #[param(default = LOGIN)]
        _text: String,
        #[param(default = KeyAlgo::Ecdsa)]
        _variant: KeyAlgo,
        #[param(default = "RSA")]
        _option: KeyAlgo,
        #[param(default = Pause::NONE)]
        _path: Pause,
        _none: Option<i64>,
    }
    let shown: Vec<_> = Defaults::FIELDS.iter().map(|field| field.default.unwrap_or("-")).collect();
    assert_eq!(shown, ["-7", "-3650", "true", LOGIN, "EC-P256", "RSA", "Pause::NONE", "-"]);
}

#[test]
fn limits_and_defaults_can_be_constants_of_the_fields_own_type() {
    const LEAST: u8 = 2;
    const MOST: usize = 70_000;
    #[derive(Params)]
    struct Constants {
        #[param(default = LEAST * 2, min = LEAST)]
        _small: u8,
        #[param(default = MOST - 1, max = MOST)]
        _large: usize,
        #[param(max_length = MOST)]
        _text: String,
    }
    let [small, large, text] = Constants::FIELDS else { panic!("three fields") };
    assert_eq!((small.default, small.min), (Some("4"), Some(2)));
    assert_eq!((large.default, large.max), (Some("69999"), Some(70_000)));
    assert_eq!(text.max_length, Some(MOST));
}

#[test]
fn a_struct_without_fields_and_the_unit_type_have_no_inputs() {
    #[derive(Debug, PartialEq, Params)]
    struct Nothing {}
    assert_eq!(Nothing::from_inputs(&inputs(&[]), Checks::Full), Ok(Nothing {}));
    assert_eq!(<()>::from_inputs(&inputs(&[]), Checks::Full), Ok(()));
    assert!(Nothing::FIELDS.is_empty() && <() as Params>::FIELDS.is_empty());
}

#[test]
fn a_raw_identifier_is_its_word() {
    #[derive(Debug, Params)]
    struct Raw {
        r#type: Option<String>,
    }
    let raw = Raw::from_inputs(&Inputs::from_pairs([("TYPE", "x")]), Checks::Full).unwrap();
    assert_eq!(raw.r#type.as_deref(), Some("x"));
}

#[test]
fn what_is_declared_makes_a_job_config() {
    #[derive(Credentials)]
    struct Token {
        _token: String,
    }
    let config = JobConfig::from_specs(Sample::FIELDS, Token::FIELDS).unwrap();
    assert_eq!(config.variables.len(), Sample::FIELDS.len() + 1);
}
