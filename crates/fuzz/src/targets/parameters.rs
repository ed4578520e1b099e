//! Values of inputs, read into typed fields: `SM_<NAME>_VALUE` (PROTOCOL 1.4).

use std::collections::BTreeSet;
use std::net::IpAddr;

use credjob::contract::{Checks, Inputs, Problem};
use credjob::prelude::*;

use crate::input::{CANARY, environment};
use crate::judge::none_holds;

#[derive(Debug, Clone, PartialEq, ParamEnum)]
enum Tier {
    Basic,
    #[param(name = "gold-2")]
    Gold,
}

/// One field of every kind.
#[derive(Debug, PartialEq, Params)]
struct Sample {
    #[param(min_length = 3, max_length = 8, pattern = "[a-z0-9.]+")]
    name: String,
    #[param(default = 90, min = 1, max = 3650)]
    days: i64,
    tier: Tier,
    #[param(min = 2)]
    count: Option<u32>,
    #[param(default = true)]
    shared: bool,
    login: Option<SecretId>,
    address: Option<IpAddr>,
}

/// What a value is to a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Right,
    /// The type is right, a limit is broken.
    BeyondLimits,
    Wrong,
}

type Rule = fn(&str) -> Verdict;

/// The rules of each field, written down a second time.
const RULES: [(&str, Rule); 7] = [
    ("NAME", |value| limited(true, (3..=8).contains(&value.chars().count()) && value.chars().all(is_name_character))),
    ("DAYS", |value| integer(value, i64::MIN.into(), i64::MAX.into(), 1..=3650)),
    ("TIER", |value| limited(["BASIC", "gold-2"].contains(&value), true)),
    ("COUNT", |value| integer(value, 0, u32::MAX.into(), 2..=i128::MAX)),
    ("SHARED", |value| limited(go_bool(value).is_some(), true)),
    ("LOGIN", |value| limited(value.parse::<SecretId>().is_ok(), true)),
    ("ADDRESS", |value| limited(value.parse::<IpAddr>().is_ok(), true)),
];

const REQUIRED: [&str; 2] = ["NAME", "TIER"];

/// An input holds lines such as `DAYS=30`.
pub(super) fn check(data: &[u8]) {
    let pairs: Vec<(String, String)> = environment(data)
        .into_iter()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let inputs = Inputs::from_pairs(pairs.clone());
    agrees(&inputs, Checks::Full);
    agrees(&inputs, Checks::TypesOnly);
    values_are_shown_nowhere(pairs);
}

fn agrees(inputs: &Inputs, checks: Checks) {
    let wrong: BTreeSet<String> = RULES.iter().filter_map(|(name, rule)| wrong(inputs, name, *rule, checks)).collect();
    match Sample::from_inputs(inputs, checks) {
        Ok(sample) => {
            assert!(wrong.is_empty(), "accepted in spite of {wrong:?}");
            values_are_those_given(&sample, inputs, checks);
        }
        Err(problems) => {
            let named: BTreeSet<String> = problems.iter().map(|problem| problem.variable.clone()).collect();
            assert_eq!(named, wrong);
            assert_eq!(named.len(), problems.len(), "each variable is named once");
        }
    }
}

/// The variable of an input that must be complained about.
fn wrong(inputs: &Inputs, name: &str, rule: Rule, checks: Checks) -> Option<String> {
    let is_wrong = match (inputs.get(name).map(|input| rule(input.value)), checks) {
        (Some(verdict), Checks::Full) => verdict != Verdict::Right,
        (Some(verdict), Checks::TypesOnly) => verdict == Verdict::Wrong,
        (None, _) => checks == Checks::Full && REQUIRED.contains(&name),
    };
    is_wrong.then(|| format!("SM_{name}_VALUE"))
}

fn values_are_those_given(sample: &Sample, inputs: &Inputs, checks: Checks) {
    let given = |name| inputs.get(name).map(|input| input.value);
    assert_eq!(given("NAME").unwrap_or_default(), sample.name);
    assert_eq!(given("DAYS").map_or(Ok(90), str::parse), Ok(sample.days));
    // On a delete, the first option stands in for a missing one.
    assert_eq!(given("TIER").unwrap_or(Tier::OPTIONS[0]), sample.tier.as_option());
    assert_eq!(given("COUNT").and_then(|value| value.parse().ok()), sample.count);
    assert_eq!(given("SHARED").map_or(Some(true), go_bool), Some(sample.shared));
    assert_eq!(given("LOGIN"), sample.login.as_ref().map(SecretId::as_str));
    assert_eq!(given("ADDRESS").and_then(|value| value.parse().ok()), sample.address);
    if checks == Checks::Full {
        assert_eq!(
            Sample::from_inputs(inputs, Checks::TypesOnly).as_ref(),
            Ok(sample),
            "a delete reads what a create read"
        );
    }
}

fn values_are_shown_nowhere(pairs: Vec<(String, String)>) {
    let marked = Inputs::from_pairs(pairs.into_iter().map(|(name, value)| (name, value + CANARY)));
    for checks in [Checks::Full, Checks::TypesOnly] {
        let problems = Sample::from_inputs(&marked, checks).err().unwrap_or_default();
        none_holds(&problems.iter().map(Problem::to_string).collect::<Vec<_>>(), CANARY);
    }
}

fn limited(type_fits: bool, limits_hold: bool) -> Verdict {
    match (type_fits, limits_hold) {
        (true, true) => Verdict::Right,
        (true, false) => Verdict::BeyondLimits,
        (false, _) => Verdict::Wrong,
    }
}

/// A decimal number with an optional sign, as Go's `Atoi` reads it.
fn integer(value: &str, least: i128, most: i128, limits: std::ops::RangeInclusive<i128>) -> Verdict {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    // A type without negative values reads no minus, not even before a zero.
    let is_number = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !(least == 0 && value.starts_with('-'));
    let number = value.parse::<i128>().ok().filter(|number| is_number && (least..=most).contains(number));
    limited(number.is_some(), number.is_some_and(|number| limits.contains(&number)))
}

fn go_bool(value: &str) -> Option<bool> {
    match value {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

fn is_name_character(character: char) -> bool {
    matches!(character, 'a'..='z' | '0'..='9' | '.')
}
