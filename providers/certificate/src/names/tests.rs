use std::net::{Ipv4Addr, Ipv6Addr};

use super::*;

fn dns(name: &str) -> AlternativeName {
    AlternativeName::Dns(name.to_owned())
}

fn names(san: &str) -> Vec<AlternativeName> {
    alternative_names(Some(san), "fallback.example.com").unwrap()
}

fn bad_position(san: &str) -> usize {
    match alternative_names(Some(san), "fallback.example.com") {
        Err(CertificateFailure::BadSan { position }) => position,
        other => panic!("{san:?} gave {other:?}"),
    }
}

#[test]
fn dns_names_and_addresses_are_told_apart() {
    assert_eq!(
        names("a.example.com,10.0.0.1,2001:db8::1"),
        [
            dns("a.example.com"),
            AlternativeName::Ip(Ipv4Addr::new(10, 0, 0, 1).into()),
            AlternativeName::Ip(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into()),
        ]
    );
}

#[test]
fn entries_are_trimmed_and_empty_ones_skipped() {
    assert_eq!(names(" a.example.com ,, b.example.com, "), [dns("a.example.com"), dns("b.example.com")]);
}

#[test]
fn repeated_names_are_dropped_whatever_their_case_or_spelling() {
    assert_eq!(names("A.example.com,a.EXAMPLE.com"), [dns("a.example.com")]);
    assert_eq!(names("2001:db8::1,2001:0db8:0:0:0:0:0:1").len(), 1);
}

#[test]
fn a_wildcard_stands_only_for_the_first_label() {
    assert_eq!(names("*.example.com"), [dns("*.example.com")]);
    for san in ["a.*.example.com", "*", "*.", "x*.example.com", "**.example.com"] {
        assert_eq!(bad_position(san), 1, "{san}");
    }
}

#[test]
fn what_is_no_name_is_refused_with_its_position() {
    for san in [
        "a b.example.com",
        "exa..mple.com",
        "-a.example.com",
        "a.example.com.",
        "müller.example.com",
        "10.0.0.256",
        "[::1]",
        "fe80::1%eth0",
        "https://a.example.com",
        "a@example.com",
    ] {
        assert_eq!(bad_position(&format!("ok.example.com,{san}")), 2, "{san}");
    }
}

#[test]
fn a_label_of_more_than_63_characters_is_refused() {
    assert_eq!(names(&format!("{}.example.com", "a".repeat(63))).len(), 1);
    assert_eq!(bad_position(&format!("{}.example.com", "a".repeat(64))), 1);
}

#[test]
fn the_failure_names_the_variable_and_not_the_value() {
    let text = alternative_names(Some("s3cret value"), "x").unwrap_err().to_string();
    assert!(text.contains("SM_SAN_VALUE") && !text.contains("s3cret"), "{text}");
}

#[test]
fn without_names_the_common_name_is_used() {
    for san in [None, Some(""), Some(" , ")] {
        assert_eq!(alternative_names(san, "Www.example.com").unwrap(), [dns("www.example.com")]);
    }
    assert_eq!(
        alternative_names(None, "192.0.2.1").unwrap(),
        [AlternativeName::Ip(Ipv4Addr::new(192, 0, 2, 1).into())]
    );
}

#[test]
fn a_common_name_that_is_no_host_name_becomes_no_alternative_name() {
    assert_eq!(alternative_names(None, "My internal CA").unwrap(), []);
}

#[test]
fn given_names_are_taken_as_they_are_without_the_common_name() {
    assert_eq!(names("a.example.com"), [dns("a.example.com")]);
}
