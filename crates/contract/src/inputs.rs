//! The inputs of a run as Secrets Manager hands them over: still text (PROTOCOL 1.4).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Something wrong with one variable. Its text never repeats a value, since a value may be sensitive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The variable's full name, for example `SM_COMMON_NAME_VALUE`.
    pub variable: String,
    /// What is wrong and what to do, a fragment such as "is not set".
    pub what: String,
}

impl Problem {
    /// A problem with a variable.
    pub fn new(variable: impl Into<String>, what: impl Into<String>) -> Self {
        Self { variable: variable.into(), what: what.into() }
    }

    /// Keeps the first problem of each variable: who reads the list fixes a variable once.
    pub fn first_of_each(problems: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut seen = BTreeSet::new();
        problems.into_iter().filter(|problem| seen.insert(problem.variable.clone())).collect()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.what)
    }
}

/// The value of one input and the variable it came from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Input<'a> {
    /// The variable that holds the value, for example `SM_COMMON_NAME_VALUE`.
    pub variable: &'a str,
    /// The value as text; never empty.
    pub value: &'a str,
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("variable", &self.variable).finish_non_exhaustive()
    }
}

/// Every input that has a value, by its bare name (`COMMON_NAME`). An empty text counts as unset; an explicit `0` or
/// `false` is a value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    values: BTreeMap<String, Value>,
}

#[derive(Clone, PartialEq, Eq)]
struct Value {
    variable: String,
    text: String,
}

impl Inputs {
    /// Builds inputs from bare names and values, for tests of parameters.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut inputs = Self::default();
        for (name, value) in pairs {
            let name = name.into();
            let variable = format!("SM_{name}_VALUE");
            inputs.insert(name, variable, value.into());
        }
        inputs
    }

    /// The value of an input, by its bare name in upper case (`COMMON_NAME`). `None` if it is unset or empty.
    pub fn get(&self, name: &str) -> Option<Input<'_>> {
        self.values.get(name).map(|value| Input { variable: &value.variable, value: &value.text })
    }

    /// The bare names of all inputs that have a value, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Adds a value unless it is empty or the input has one already.
    pub(crate) fn insert(&mut self, name: String, variable: String, text: String) {
        if !text.is_empty() {
            self.values.entry(name).or_insert(Value { variable, text });
        }
    }
}

impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_bare_name_and_knows_its_variable() {
        let inputs = Inputs::from_pairs([("COMMON_NAME", "example.com")]);
        assert_eq!(inputs.get("COMMON_NAME"), Some(Input { variable: "SM_COMMON_NAME_VALUE", value: "example.com" }));
        assert_eq!(inputs.get("common_name"), None);
    }

    #[test]
    fn an_empty_value_is_unset() {
        assert_eq!(Inputs::from_pairs([("ORG", "")]).get("ORG"), None);
    }

    #[test]
    fn zero_false_and_blank_are_values() {
        let inputs = Inputs::from_pairs([("A", "0"), ("B", "false"), ("C", " ")]);
        assert_eq!(inputs.names().collect::<Vec<_>>(), ["A", "B", "C"]);
    }

    #[test]
    fn debug_shows_names_but_no_values() {
        let inputs = Inputs::from_pairs([("PIN", "inputs-canary")]);
        let text = format!("{inputs:?} {:?}", inputs.get("PIN").unwrap());
        assert!(text.contains("PIN"));
        assert!(!text.contains("inputs-canary"));
    }

    #[test]
    fn a_problem_names_its_variable_first() {
        assert_eq!(Problem::new("SM_X_VALUE", "is not an integer").to_string(), "SM_X_VALUE: is not an integer");
    }

    #[test]
    fn only_the_first_problem_of_a_variable_is_kept() {
        let problems = [Problem::new("A", "one"), Problem::new("B", "two"), Problem::new("A", "three")];
        assert_eq!(Problem::first_of_each(problems), [Problem::new("A", "one"), Problem::new("B", "two")]);
    }
}
