//! Reading inputs for a creation: every rule counts.

use super::*;

#[test]
fn unset_inputs_take_their_defaults() {
    let expected = Sample {
        common_name: "a.test".to_owned(),
        days: 90,
        algo: KeyAlgo::Ecdsa,
        issuer: None,
        count: None,
        shared: true,
        address: None,
        word: Word("none".to_owned()),
        second: None,
        login: LOGIN.parse().unwrap(),
    };
    assert_eq!(read(&[]), expected);
}

#[test]
fn set_inputs_are_parsed() {
    let sample = read(&[
        ("DAYS", "+30"),
        ("ALGO", "RSA"),
        ("ISSUER", LOGIN),
        ("COUNT", "2"),
        ("ADDRESS", "::1"),
        ("WORD", "w"),
        ("TYPE_2", "x"),
    ]);
    assert_eq!((sample.days, sample.algo, sample.issuer), (30, KeyAlgo::Rsa, Some(LOGIN.parse().unwrap())));
    assert_eq!((sample.count, sample.address), (Some(2), Some("::1".parse().unwrap())));
    assert_eq!((sample.word, sample.second.as_deref()), (Word("w".to_owned()), Some("x")));
}

#[test]
fn false_and_zero_are_values() {
    #[derive(Params)]
    struct Zero {
        #[param(default = 5)]
        number: u8,
        #[param(default = true)]
        flag: bool,
    }
    let zero = Zero::from_inputs(&Inputs::from_pairs([("NUMBER", "0"), ("FLAG", "false")]), Checks::Full).unwrap();
    assert_eq!((zero.number, zero.flag), (0, false));
}

#[test]
fn an_empty_value_is_unset() {
    let sample = Sample::from_inputs(
        &Inputs::from_pairs([("COMMON_NAME", "a.test"), ("LOGIN", LOGIN), ("DAYS", "")]),
        Checks::Full,
    );
    assert_eq!(sample.unwrap().days, 90);
}

#[test]
fn a_missing_input_is_named_by_the_variable_that_the_service_sets() {
    let inputs = Inputs::from_pairs([("COMMON_NAME", "a.test")]);
    assert_eq!(problem::<Sample>(&inputs, Checks::Full), "SM_LOGIN_VALUE: is required and not set");
}

#[test]
fn integers_say_what_they_must_be() {
    for wrong in ["0", "3651", "x-canary", "1.5", " 7", "99999999999999999999"] {
        assert_eq!(sample_problem(&[("DAYS", wrong)]), "SM_DAYS_VALUE: must be an integer from 1 to 3650");
    }
}

#[test]
fn integers_fit_into_their_type() {
    for wrong in ["-1", "4294967296", "99999999999999999999999999999999999999999"] {
        assert_eq!(sample_problem(&[("COUNT", wrong)]), "SM_COUNT_VALUE: must be an integer from 0 to 4294967295");
    }
    assert_eq!(sample_problem(&[("COUNT", "1")]), "SM_COUNT_VALUE: must be an integer of at least 2");
}

#[test]
fn booleans_enums_and_secret_ids_say_what_they_must_be() {
    assert_eq!(sample_problem(&[("SHARED", "yes")]), "SM_SHARED_VALUE: must be true or false");
    assert_eq!(sample_problem(&[("ALGO", "rsa")]), "SM_ALGO_VALUE: must be one of RSA, EC-P256");
    assert_eq!(sample_problem(&[("ISSUER", "canary")]), "SM_ISSUER_VALUE: must be the id of a secret (a UUID)");
}

#[test]
fn lengths_count_characters() {
    #[derive(Debug, Params)]
    struct Short {
        #[param(min_length = 2, max_length = 3)]
        _text: Option<String>,
    }
    let read = |text| Short::from_inputs(&Inputs::from_pairs([("_TEXT", text)]), Checks::Full);
    assert!(read("äöü").is_ok());
    for wrong in ["ä", "äöüß"] {
        assert_eq!(read(wrong).unwrap_err()[0].what, "must have 2 to 3 characters");
    }
}

#[test]
fn a_pattern_matches_the_whole_text() {
    assert_eq!(sample_problem(&[("COMMON_NAME", "a.test!")]), "SM_COMMON_NAME_VALUE: must match [a-z0-9.]+");
}

#[test]
fn limits_hold_for_optional_fields_too() {
    assert_eq!(sample_problem(&[("TYPE_2", "canary")]), "SM_TYPE_2_VALUE: must have at most 4 characters");
}

#[test]
fn the_text_of_a_parser_is_kept() {
    assert_eq!(sample_problem(&[("ADDRESS", "canary")]), "SM_ADDRESS_VALUE: is not valid: invalid IP address syntax");
}

#[test]
fn the_text_of_a_parser_that_repeats_the_value_is_dropped() {
    assert_eq!(sample_problem(&[("WORD", "two canaries")]), "SM_WORD_VALUE: is not a valid Word");
}

#[test]
fn every_problem_is_reported_in_the_order_of_the_fields() {
    let inputs = Inputs::from_pairs([("DAYS", "0"), ("ALGO", "DSA"), ("SHARED", "maybe"), ("WORD", "a b")]);
    let variables: Vec<_> =
        Sample::from_inputs(&inputs, Checks::Full).unwrap_err().into_iter().map(|problem| problem.variable).collect();
    let expected = [
        "SM_COMMON_NAME_VALUE",
        "SM_DAYS_VALUE",
        "SM_ALGO_VALUE",
        "SM_SHARED_VALUE",
        "SM_WORD_VALUE",
        "SM_LOGIN_VALUE",
    ];
    assert_eq!(variables, expected);
}

#[test]
fn a_default_that_its_own_type_refuses_is_a_problem() {
    #[derive(Debug, Params)]
    struct Wrong {
        #[param(default = "a b")]
        _word: Word,
    }
    assert_eq!(
        problem::<Wrong>(&Inputs::default(), Checks::Full),
        "SM__WORD_VALUE: is not set, and its default is not a valid Word"
    );
}

#[test]
fn generated_code_does_not_depend_on_what_the_author_imports() {
    mod alone {
        #![allow(dead_code, reason = "the shadows only need to be in the way")]
        struct Option;
        struct Result;
        struct Problem;
        #[derive(credjob::prelude::Params)]
        pub(super) struct Alone {
            #[param(default = 1)]
            pub(super) inputs: i64,
            #[param(default = false)]
            pub(super) checks: bool,
        }
    }
    let alone = <alone::Alone as Params>::from_inputs(&Inputs::default(), Checks::Full)
        .unwrap_or_else(|_: Vec<Problem>| unreachable!());
    assert_eq!((alone.inputs, alone.checks), (1, false));
}
