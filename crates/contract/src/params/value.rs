//! The types that Secrets Manager knows, as fields of a `Params` struct.

use crate::{ParamValue, SecretId, TypeSpec};

impl ParamValue for String {
    const TYPE: TypeSpec = TypeSpec::String;

    fn parse_value(raw: &str) -> Result<Self, String> {
        Ok(raw.to_owned())
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

/// The words of Go's `ParseBool`, which IBM's generated code uses (PROTOCOL 1.4).
impl ParamValue for bool {
    const TYPE: TypeSpec = TypeSpec::Boolean;

    fn parse_value(raw: &str) -> Result<Self, String> {
        match raw {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
            "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
            _ => Err("must be true or false".to_owned()),
        }
    }

    fn absent() -> Option<Self> {
        Some(false)
    }
}

impl ParamValue for SecretId {
    const TYPE: TypeSpec = TypeSpec::SecretId;

    fn parse_value(raw: &str) -> Result<Self, String> {
        raw.parse().map_err(|_| "must be the id of a secret (a UUID)".to_owned())
    }

    fn absent() -> Option<Self> {
        Some(Self::nil())
    }
}

/// Whether the text is an integer of any size: decimal with an optional sign, as Go's `Atoi` reads it (PROTOCOL 1.4).
pub(super) fn is_integer(raw: &str) -> bool {
    let digits = raw.strip_prefix(['+', '-']).unwrap_or(raw);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl ParamValue for $integer {
            const TYPE: TypeSpec = TypeSpec::Integer;

            fn parse_value(raw: &str) -> Result<Self, String> {
                raw.parse().map_err(|_| match is_integer(raw) {
                    true => format!("must be an integer from {} to {}", Self::MIN, Self::MAX),
                    false => "must be an integer".to_owned(),
                })
            }

            fn absent() -> Option<Self> {
                Some(0)
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
