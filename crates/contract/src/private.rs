//! What derived code calls. Not part of the API: it changes with the derives.

use std::error::Error;

pub use crate::params::reader::{InputType, Probe, Reader, TextInput, TextProbe};
use crate::{CodeInfo, Failure, ParamEnum, TypeSpec};

/// A failure with the code and the marks of a variant; the error itself becomes the source.
pub fn failure(info: &'static CodeInfo, error: impl Error + Send + Sync + 'static) -> Failure {
    let mut failure = Failure::new(info.code, error.to_string()).with_source(error);
    if info.nothing_created {
        failure = failure.nothing_created();
    }
    if info.transient {
        failure = failure.transient();
    }
    failure
}

/// The variant of an option, or what a value must be.
///
/// # Errors
/// The list of the options.
pub fn option<T: ParamEnum>(raw: &str) -> Result<T, String> {
    T::from_option(raw).ok_or_else(|| format!("must be one of {}", T::OPTIONS.join(", ")))
}

/// How `docs` shows the default `Enum::Variant`: as the option, if the type has options, else as it was written.
pub const fn variant_text(
    ty: TypeSpec,
    variants: &'static [&'static str],
    variant: &'static str,
    written: &'static str,
) -> &'static str {
    let TypeSpec::Enum(options) = ty else { return written };
    let mut index = 0;
    while index < variants.len() && index < options.len() {
        if equal(variants[index], variant) {
            return options[index];
        }
        index += 1;
    }
    written
}

/// Whether a default in quotes is an option, if the type has options.
pub const fn has_option(ty: TypeSpec, text: &str) -> bool {
    let TypeSpec::Enum(options) = ty else { return true };
    let mut index = 0;
    while index < options.len() {
        if equal(options[index], text) {
            return true;
        }
        index += 1;
    }
    false
}

/// Whether a default that is a constant expression is within its limits.
pub const fn in_range(default: i64, min: Option<i64>, max: Option<i64>) -> bool {
    let above = match min {
        Some(min) => default >= min,
        None => true,
    };
    let below = match max {
        Some(max) => default <= max,
        None => true,
    };
    above && below
}

/// `==` for strings, in constants.
const fn equal(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// The digits of a constant integer, so that `docs` can show a default that is an expression.
#[derive(Debug)]
pub struct IntegerText {
    digits: [u8; Self::MOST],
    start: usize,
}

impl IntegerText {
    /// The length of `i64::MIN` in digits, with its sign.
    const MOST: usize = 20;

    /// Formats an integer.
    pub const fn new(integer: i64) -> Self {
        let mut digits = [b'-'; Self::MOST];
        let mut start = Self::MOST;
        let mut rest = integer.unsigned_abs();
        loop {
            start -= 1;
            digits[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        // The array is full of `-`, so the sign is there already.
        Self { digits, start: if integer < 0 { start - 1 } else { start } }
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        match str::from_utf8(self.digits.split_at(self.start).1) {
            Ok(text) => text,
            // Digits and a sign are ASCII.
            Err(_) => "",
        }
    }
}
