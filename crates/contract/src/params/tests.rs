//! Patterns, values of known types, and what derived code calls. The derives themselves are tested in `crates/core/tests/derive`.

use proptest::prelude::*;

use super::pattern::Pattern;
use crate::__private::{IntegerText, has_option, in_range, variant_text};
use crate::{ParamValue, SecretId, TypeSpec};

fn matches(pattern: &str, text: &str) -> bool {
    Pattern::parse(pattern).unwrap().matches(text)
}

fn mistake(pattern: &str) -> String {
    Pattern::parse(pattern).err().unwrap_or_else(|| panic!("{pattern} was accepted"))
}

#[test]
fn a_pattern_matches_the_whole_text() {
    assert!(matches("abc", "abc"));
    assert!(!matches("abc", "abcd"));
    assert!(!matches("abc", "xabc"));
    assert!(!matches("abc", ""));
}

#[test]
fn a_class_matches_one_of_its_characters() {
    for (pattern, right, wrong) in [
        ("[a-z0-9]", "am09z", "A-_ é"),
        ("[a-]", "a-", "b"),
        ("[-a]", "a-", "b"),
        (r"[\]\\\-^]", r"]\-^", "a["),
        ("[^a-c]", "dé ^", "abc"),
        (".", "aé .", ""),
        ("[à-ü]", "éö", "az"),
    ] {
        assert!(right.chars().all(|character| matches(pattern, &character.to_string())), "{pattern} {right}");
        assert!(!wrong.chars().any(|character| matches(pattern, &character.to_string())), "{pattern} {wrong}");
    }
}

#[test]
fn a_count_says_how_often() {
    for (pattern, right, wrong) in [
        ("a?", vec![0, 1], vec![2]),
        ("a*", vec![0, 1, 70], vec![]),
        ("a+", vec![1, 2, 70], vec![0]),
        ("a{3}", vec![3], vec![0, 2, 4]),
        ("a{2,}", vec![2, 70], vec![0, 1]),
        ("a{2,4}", vec![2, 3, 4], vec![1, 5]),
        ("a{0,2}", vec![0, 1, 2], vec![3]),
    ] {
        assert!(right.iter().all(|&count| matches(pattern, &"a".repeat(count))), "{pattern}");
        assert!(!wrong.iter().any(|&count| matches(pattern, &"a".repeat(count))), "{pattern}");
    }
}

#[test]
fn an_item_gives_back_what_a_later_one_needs() {
    assert!(matches("[a-z]*a[a-z]{2}", "aaabc"));
    assert!(!matches("[a-z]*a[a-z]{2}", "aabbb"));
    assert!(matches(r"[^/]+/.*\.pem", "a/b.pem.pem"));
}

#[test]
fn a_backslash_takes_away_a_special_meaning() {
    assert!(matches(r"\[a\]\.\*\{\}\(\|\)\^\$\\\-", r"[a].*{}(|)^$\-"));
}

#[test]
fn a_host_name_is_the_kind_of_pattern_this_is_for() {
    let host = "[a-z0-9][a-z0-9.-]{0,252}";
    assert!(matches(host, "a-1.example.com"));
    assert!(!matches(host, "-a.example.com") && !matches(host, "a_b") && !matches(host, &"a".repeat(254)));
}

#[test]
fn the_time_to_match_does_not_explode() {
    assert!(!matches(&"[a-z]*".repeat(60), &format!("{}!", "a".repeat(10_000))));
}

#[test]
fn mistakes_are_named() {
    for (pattern, what) in [
        ("", "empty"),
        ("[", "not closed"),
        ("[a", "not closed"),
        ("[a-", "not closed"),
        ("[]", "`[]` is empty"),
        ("[^]", "`[]` is empty"),
        ("[[a]]", "`[` inside"),
        ("[b-a]", "`b-a` runs backwards"),
        ("a{", "`{` is not closed"),
        ("a{}", "no count"),
        ("a{x}", "no count"),
        ("a{0}", "no count"),
        ("a{3,2}", "no count"),
        ("a{10001}", "no count"),
        ("*", "`*` follows no character"),
        ("a+?", "`?` follows no character"),
        ("a]", "`]` closes nothing"),
        ("(a)", "groups"),
        ("a|b", "alternatives"),
        ("^a", "whole text"),
        ("\\", "escapes nothing"),
        ("\\w", "`\\w` does not exist"),
    ] {
        let mistake = mistake(pattern);
        assert!(mistake.contains(what), "{pattern}: {mistake}");
    }
    assert!(mistake(&"a".repeat(65)).contains("more than 64 items"));
}

/// What is obviously right: tries every number of characters for every item.
fn matches_slowly(items: &[(char, usize, usize)], text: &str) -> bool {
    let Some(((character, min, max), rest)) = items.split_first() else { return text.is_empty() };
    let run = text.chars().take_while(|next| character == next).count().min(*max);
    (*min..=run).any(|count| matches_slowly(rest, &text[count..]))
}

proptest! {
    #[test]
    fn matching_agrees_with_trying_everything(
        items in prop::collection::vec(("[ab]", 0_usize..3, 1_usize..4), 1..5),
        text in "[ab]{0,8}",
    ) {
        let items: Vec<_> = items.into_iter().map(|(text, min, more)| (text.chars().next().unwrap(), min, min + more)).collect();
        let written: Vec<_> = items.iter().map(|(character, min, max)| format!("{character}{{{min},{max}}}")).collect();
        let pattern = written.concat();
        prop_assert_eq!(matches(&pattern, &text), matches_slowly(&items, &text));
    }

    #[test]
    fn parsing_never_panics(pattern in r"[\[\]{}a0,?*+^.\\-]{0,12}", text in ".{0,8}") {
        let _ = Pattern::parse(&pattern).map(|parsed| parsed.matches(&text));
    }
}

#[test]
fn booleans_are_the_words_of_go() {
    for (words, value) in
        [(["1", "t", "T", "TRUE", "true", "True"], true), (["0", "f", "F", "FALSE", "false", "False"], false)]
    {
        assert!(words.iter().all(|word| bool::parse_value(word) == Ok(value)));
    }
    assert!(["yes", "tRUE", " true", "2"].iter().all(|word| bool::parse_value(word).is_err()));
}

#[test]
fn integers_are_decimal_with_a_sign() {
    assert_eq!((i64::parse_value("+7"), i64::parse_value("-07")), (Ok(7), Ok(-7)));
    assert!(["0x10", "1_000", "1e3", "", "+", "７"].iter().all(|text| i64::parse_value(text).is_err()));
}

#[test]
fn every_known_type_has_a_stand_in() {
    assert_eq!(String::absent(), Some(String::new()));
    assert_eq!((i32::absent(), bool::absent()), (Some(0), Some(false)));
    assert_eq!(SecretId::absent(), Some(SecretId::nil()));
}

#[test]
fn constants_are_written_as_digits() {
    for number in [0, 7, -7, 90, 3650, i64::MAX, i64::MIN] {
        assert_eq!(IntegerText::new(number).as_str(), number.to_string());
    }
}

#[test]
fn a_variant_is_shown_as_its_option() {
    let ty = TypeSpec::Enum(&["RSA", "EC"]);
    assert_eq!(variant_text(ty, &["Rsa", "Ecdsa"], "Ecdsa", "KeyAlgo::Ecdsa"), "EC");
    assert_eq!(variant_text(ty, &["Rsa", "Ecdsa"], "DEFAULT", "KeyAlgo::DEFAULT"), "KeyAlgo::DEFAULT");
    assert_eq!(variant_text(TypeSpec::String, &[], "NONE", "Pause::NONE"), "Pause::NONE");
}

#[test]
fn only_enums_have_options_to_be_one_of() {
    assert!(has_option(TypeSpec::String, "anything"));
    assert!(has_option(TypeSpec::Enum(&["A", "B"]), "B"));
    assert!(!has_option(TypeSpec::Enum(&["A", "B"]), "C"));
}

#[test]
fn both_ends_of_a_range_are_in_it() {
    assert!(in_range(1, Some(1), Some(1)) && in_range(i64::MIN, None, None));
    assert!(!in_range(0, Some(1), None) && !in_range(2, None, Some(1)));
}
