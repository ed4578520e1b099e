//! Reading inputs for a deletion: only types count.

use super::*;

#[test]
fn limits_and_required_do_not_count_on_delete() {
    let inputs = Inputs::from_pairs([("COMMON_NAME", "!"), ("DAYS", "0"), ("COUNT", "1"), ("TYPE_2", "too long")]);
    let sample = Sample::from_inputs(&inputs, Checks::TypesOnly).unwrap();
    assert_eq!((sample.common_name.as_str(), sample.days, sample.count), ("!", 0, Some(1)));
    assert_eq!(sample.login, SecretId::nil());
}

#[test]
fn a_missing_value_has_a_stand_in_on_delete() {
    #[derive(Debug, PartialEq, Params)]
    struct Required {
        text: String,
        number: i64,
        flag: bool,
        algo: KeyAlgo,
        id: SecretId,
        free: Pause,
    }
    let nothing = Required::from_inputs(&Inputs::default(), Checks::TypesOnly).unwrap();
    let expected = Required {
        text: String::new(),
        number: 0,
        flag: false,
        algo: KeyAlgo::Rsa,
        id: SecretId::nil(),
        free: Pause::NONE,
    };
    assert_eq!(nothing, expected);
}

#[test]
fn a_missing_value_without_a_stand_in_is_a_problem_on_delete() {
    #[derive(Debug, Params)]
    struct Required {
        _word: Word,
    }
    assert_eq!(problem::<Required>(&Inputs::default(), Checks::TypesOnly), "SM__WORD_VALUE: is required and not set");
}

#[test]
fn wrong_types_are_problems_on_delete_too() {
    let inputs = inputs(&[("DAYS", "ten")]);
    assert_eq!(problem::<Sample>(&inputs, Checks::TypesOnly), "SM_DAYS_VALUE: must be an integer from 1 to 3650");
}
