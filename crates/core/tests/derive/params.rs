//! `#[derive(Params)]`

mod create;
mod declared;
mod delete;

use std::net::IpAddr;

use credjob::contract::{Checks, FieldSpec, Inputs, Problem, TypeSpec};
use credjob::prelude::*;

const MOST_DAYS: i64 = 10 * 365;

#[derive(Debug, Clone, PartialEq, ParamEnum)]
enum KeyAlgo {
    Rsa,
    #[param(name = "EC-P256")]
    Ecdsa,
}

/// Text that may hold no space; its error repeats the text.
#[derive(Debug, PartialEq)]
struct Word(String);

impl std::str::FromStr for Word {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "" => Err("is empty".to_owned()),
            _ if text.contains(' ') => Err(format!("{text} has a space")),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

/// One field of every kind.
#[derive(Debug, PartialEq, Params)]
struct Sample {
    /// The common name
    /// of the certificate.
    ///
    /// Not shown in a table.
    #[param(min_length = 3, max_length = 8, pattern = "[a-z0-9.]+")]
    common_name: String,
    #[param(default = 90, min = 1, max = MOST_DAYS)]
    days: i64,
    #[param(default = KeyAlgo::Ecdsa)]
    algo: KeyAlgo,
    issuer: Option<SecretId>,
    #[param(min = 2)]
    count: Option<u32>,
    #[param(default = true)]
    shared: bool,
    address: Option<IpAddr>,
    #[param(default = "none")]
    word: Word,
    #[param(name = "TYPE_2", max_length = 4)]
    second: Option<String>,
    login: SecretId,
}

const LOGIN: &str = "0b5571f7-21e6-42b7-91c5-3f5ac9793a46";

/// The required inputs, and these.
fn inputs(pairs: &[(&str, &str)]) -> Inputs {
    // The first of two values wins.
    Inputs::from_pairs(pairs.iter().copied().chain([("COMMON_NAME", "a.test"), ("LOGIN", LOGIN)]))
}

fn read(pairs: &[(&str, &str)]) -> Sample {
    Sample::from_inputs(&inputs(pairs), Checks::Full).unwrap()
}

/// The only problem of these inputs.
fn problem<P: Params + std::fmt::Debug>(inputs: &Inputs, checks: Checks) -> String {
    let problems = P::from_inputs(inputs, checks).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].to_string()
}

fn sample_problem(pairs: &[(&str, &str)]) -> String {
    problem::<Sample>(&inputs(pairs), Checks::Full)
}

fn field(name: &str) -> FieldSpec {
    *Sample::FIELDS.iter().find(|field| field.name == name).unwrap()
}

/// Seconds; an empty text is none.
#[derive(Debug, PartialEq)]
struct Pause(u64);

impl Pause {
    const NONE: Self = Self(0);
}

impl std::str::FromStr for Pause {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() { Ok(Self(0)) } else { text.parse().map(Self) }
    }
}
