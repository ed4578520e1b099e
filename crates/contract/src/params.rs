//! The inputs of a job as a typed struct. `#[derive(Params)]` and `#[derive(ParamEnum)]` write these impls.

use crate::{Inputs, Problem, TypeSpec, spec::FieldSpec};

pub(crate) mod pattern;
pub(crate) mod reader;
#[cfg(test)]
mod tests;
mod value;

/// Which rules apply to the values of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checks {
    /// Creating: types, `required`, ranges, lengths and patterns.
    Full,
    /// Deleting: types only. A newer image with stricter rules must not block the deletion of what an older one made.
    TypesOnly,
}

/// The inputs of a job, read and checked before the provider is called.
pub trait Params: Sized + 'static {
    /// What the struct declares, in the order of its fields.
    const FIELDS: &'static [FieldSpec];

    /// Reads every field.
    ///
    /// With [`Checks::TypesOnly`] a missing required value becomes [`ParamValue::absent`].
    ///
    /// # Errors
    /// Every problem of every field, each with the variable that was read and never with its value.
    fn from_inputs(inputs: &Inputs, checks: Checks) -> Result<Self, Vec<Problem>>;
}

/// A job without inputs.
impl Params for () {
    const FIELDS: &'static [FieldSpec] = &[];

    fn from_inputs(_: &Inputs, _: Checks) -> Result<Self, Vec<Problem>> {
        Ok(())
    }
}

/// An enum whose variants are the options of an `enum[a|b]` input.
pub trait ParamEnum: Sized + Clone {
    /// The options as Secrets Manager shows them, in the order of the variants; at least two.
    const OPTIONS: &'static [&'static str];

    /// The variant of an option; `None` for any other text. Upper and lower case differ.
    fn from_option(option: &str) -> Option<Self>;

    /// The option of this variant.
    fn as_option(&self) -> &'static str;
}

/// A type that an input can have and that Secrets Manager knows as more than a string.
///
/// Any other [`FromStr`](std::str::FromStr) type works as well, declared `type:string`.
pub trait ParamValue: Sized {
    /// The declared type.
    const TYPE: TypeSpec;

    /// The names of the variants behind the options of an enum, so that `docs` can show a default as its option.
    #[doc(hidden)]
    const VARIANTS: &'static [&'static str] = &[];

    /// Parses a value that is not empty.
    ///
    /// # Errors
    /// What a value must be, such as `must be an integer`; never the value itself.
    fn parse_value(raw: &str) -> Result<Self, String>;

    /// The stand-in for a missing required value on delete; `None` if the type has none.
    fn absent() -> Option<Self>;
}
