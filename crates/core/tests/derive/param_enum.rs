//! `#[derive(ParamEnum)]`

use credjob::contract::ParamValue;
use credjob::prelude::*;

#[derive(Debug, Clone, PartialEq, ParamEnum)]
enum Access {
    ReadOnly,
    ReadWrite,
    #[param(name = "all of it: everything")]
    Admin,
}

#[test]
fn variants_become_options_in_capitals_unless_they_are_named() {
    assert_eq!(Access::OPTIONS, ["READ_ONLY", "READ_WRITE", "all of it: everything"]);
}

#[test]
fn options_and_variants_are_the_same_in_both_directions() {
    for option in Access::OPTIONS {
        assert_eq!(Access::from_option(option).unwrap().as_option(), *option);
    }
}

#[test]
fn upper_and_lower_case_differ() {
    assert_eq!(Access::from_option("read_only"), None);
}

#[test]
fn the_first_option_stands_in_for_a_missing_one() {
    assert_eq!(Access::absent(), Some(Access::ReadOnly));
}
