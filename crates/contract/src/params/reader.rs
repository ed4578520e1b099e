//! Reads the fields of a `Params` struct and collects every problem. Only derived code calls it.

use std::any::type_name;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use super::pattern::Pattern;
use super::value::is_integer;
use crate::{Checks, FieldSpec, Inputs, ParamValue, Problem, TypeSpec};

/// One run over the fields of a struct.
#[derive(Debug)]
pub struct Reader<'a> {
    inputs: &'a Inputs,
    checks: Checks,
    problems: Vec<Problem>,
}

/// What the type of a field does with text: see [`Probe`].
#[derive(Debug)]
pub struct InputType<T> {
    parse: fn(&str) -> Result<T, String>,
    absent: fn() -> Option<T>,
}

impl<'a> Reader<'a> {
    /// Starts without a problem.
    pub fn new(inputs: &'a Inputs, checks: Checks) -> Self {
        Self { inputs, checks, problems: Vec::new() }
    }

    /// A field that must be set; `None` if there is a problem.
    pub fn required<T>(&mut self, field: &FieldSpec, ty: &InputType<T>) -> Option<T> {
        if let Some(value) = self.read(field, ty).ok()? {
            return Some(value);
        }
        let stand_in = match self.checks {
            Checks::Full => None,
            Checks::TypesOnly => (ty.absent)(),
        };
        stand_in.or_else(|| self.report(field.value_variable(), "is required and not set".to_owned()).ok())
    }

    /// An `Option` field; `None` if there is a problem.
    pub fn optional<T>(&mut self, field: &FieldSpec, ty: &InputType<T>) -> Option<Option<T>> {
        self.read(field, ty).ok()
    }

    /// A field with a default; `None` if there is a problem.
    pub fn or_default<T>(&mut self, field: &FieldSpec, ty: &InputType<T>, default: impl FnOnce() -> T) -> Option<T> {
        self.read(field, ty).ok().map(|value| value.unwrap_or_else(default))
    }

    /// A field with a default in quotes that its type parses; `None` if there is a problem.
    pub fn or_text<T>(&mut self, field: &FieldSpec, ty: &InputType<T>, default: &str) -> Option<T> {
        if let Some(value) = self.read(field, ty).ok()? {
            return Some(value);
        }
        let wrong = |what| self.report(field.value_variable(), format!("is not set, and its default {what}"));
        (ty.parse)(default).or_else(wrong).ok()
    }

    /// Every problem so far.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// The value of a field, `None` if it is not set.
    fn read<T>(&mut self, field: &FieldSpec, ty: &InputType<T>) -> Result<Option<T>, Reported> {
        let Some(input) = self.inputs.get(field.name) else { return Ok(None) };
        let parsed = (ty.parse)(input.value).map_err(|what| better_expectation(field, input.value, what));
        let checked = match self.checks {
            Checks::Full => parsed.and_then(|value| check(field, input.value).map(|()| value)),
            Checks::TypesOnly => parsed,
        };
        checked.map(Some).or_else(|what| self.report(input.variable.to_owned(), what))
    }

    fn report<T>(&mut self, variable: String, what: String) -> Result<T, Reported> {
        self.problems.push(Problem { variable, what });
        Err(Reported)
    }
}

/// The problem is in the list.
struct Reported;

/// The declared range says more than the type does, unless the value is an integer beyond the type and the range is open.
fn better_expectation(field: &FieldSpec, raw: &str, what: String) -> String {
    let closed = field.min.is_some() && field.max.is_some();
    if field.ty == TypeSpec::Integer && (closed || !is_integer(raw)) { range(field) } else { what }
}

/// The rules beyond the type. They need only the text: an integer that was parsed is one.
fn check(field: &FieldSpec, raw: &str) -> Result<(), String> {
    let in_range = |value: i128| {
        field.min.is_none_or(|min| value >= i128::from(min)) && field.max.is_none_or(|max| value <= i128::from(max))
    };
    if field.ty == TypeSpec::Integer && !raw.parse().is_ok_and(in_range) {
        return Err(range(field));
    }
    let characters = raw.chars().count();
    if field.min_length.is_some_and(|min| characters < min) || field.max_length.is_some_and(|max| characters > max) {
        return Err(lengths(field));
    }
    match field.pattern {
        Some(pattern) if !Pattern::parse(pattern).is_ok_and(|parsed| parsed.matches(raw)) => {
            Err(format!("must match {pattern}"))
        }
        _ => Ok(()),
    }
}

fn range(field: &FieldSpec) -> String {
    match (field.min, field.max) {
        (Some(min), Some(max)) => format!("must be an integer from {min} to {max}"),
        (Some(min), None) => format!("must be an integer of at least {min}"),
        (None, Some(max)) => format!("must be an integer of at most {max}"),
        (None, None) => "must be an integer".to_owned(),
    }
}

fn lengths(field: &FieldSpec) -> String {
    match (field.min_length, field.max_length) {
        (Some(min), Some(max)) => format!("must have {min} to {max} characters"),
        (Some(min), None) => format!("must have at least {min} characters"),
        (None, Some(max)) => format!("must have at most {max} characters"),
        (None, None) => String::new(),
    }
}

/// Finds out what a field type is without an attribute: its own associated items exist for [`ParamValue`] types only and win over
/// those of [`TextProbe`], which exist for every type. That works for concrete types, so the derive refuses generic structs.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T: ParamValue> Probe<T> {
    /// The declared type.
    pub const TYPE: TypeSpec = T::TYPE;
    /// See [`ParamValue::VARIANTS`].
    pub const VARIANTS: &'static [&'static str] = T::VARIANTS;

    /// How to read a value.
    pub const fn input() -> InputType<T> {
        InputType { parse: T::parse_value, absent: T::absent }
    }
}

/// Any other type: a string.
pub trait TextProbe<T> {
    /// Declared as a string.
    const TYPE: TypeSpec = TypeSpec::String;
    /// No options.
    const VARIANTS: &'static [&'static str] = &[];

    /// How to read a value. The bound stands here and not on the impl, so that a type that cannot be parsed gets its own message.
    fn input() -> InputType<T>
    where
        T: TextInput,
    {
        InputType { parse: T::parse_text, absent: T::parse_nothing }
    }
}

impl<T> TextProbe<T> for Probe<T> {}

/// What parses text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an input",
    label = "neither known to Secrets Manager nor `FromStr`",
    note = "an input is a `String`, an integer, a `bool`, a `SecretId`, an enum with `#[derive(ParamEnum)]`, or any type with `FromStr` whose error has `Display`",
    note = "`Option` makes an input optional"
)]
pub trait TextInput: Sized {
    /// Parses a value. An error text that repeats the value is not passed on.
    ///
    /// # Errors
    /// What the type says is wrong.
    fn parse_text(raw: &str) -> Result<Self, String>;

    /// What the type makes of an empty text.
    fn parse_nothing() -> Option<Self>;
}

#[diagnostic::do_not_recommend]
impl<T> TextInput for T
where
    T: FromStr,
    T::Err: Display,
{
    fn parse_text(raw: &str) -> Result<Self, String> {
        raw.parse().map_err(|error: T::Err| {
            let text = error.to_string();
            if text.is_empty() || text.contains(raw) {
                let path = type_name::<T>();
                format!("is not a valid {}", path.rsplit("::").next().unwrap_or(path))
            } else {
                format!("is not valid: {text}")
            }
        })
    }

    fn parse_nothing() -> Option<Self> {
        "".parse().ok()
    }
}
