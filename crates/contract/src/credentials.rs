//! The outputs of a job as a typed struct. `#[derive(Credentials)]` writes the impl.

use crate::{FieldSpec, Payload, PayloadValue, Secret, SecretId, TypeSpec};

/// What a job hands to Secrets Manager when it has created a credential.
pub trait Credentials {
    /// What the struct declares, in the order of its fields; at least one is required.
    const FIELDS: &'static [FieldSpec];

    /// The outputs that have a value. An `Option` that is `None` is left out.
    fn payload(&self) -> Payload<'_>;
}

/// A type that an output can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an output",
    label = "no type that Secrets Manager stores",
    note = "an output is a `String`, a `Secret<String>`, an integer up to `i64`, a `bool`, a `SecretId`, or an enum with `#[derive(ParamEnum)]`",
    note = "`Option` makes an output optional"
)]
pub trait CredentialValue {
    /// The declared type.
    const TYPE: TypeSpec;

    /// The value for the payload, borrowed: no copy of a secret is made here.
    fn payload_value(&self) -> PayloadValue<'_>;
}

impl CredentialValue for String {
    const TYPE: TypeSpec = TypeSpec::String;

    fn payload_value(&self) -> PayloadValue<'_> {
        PayloadValue::Text(self)
    }
}

impl CredentialValue for Secret<String> {
    const TYPE: TypeSpec = TypeSpec::String;

    fn payload_value(&self) -> PayloadValue<'_> {
        PayloadValue::Text(self.expose())
    }
}

impl CredentialValue for SecretId {
    const TYPE: TypeSpec = TypeSpec::SecretId;

    fn payload_value(&self) -> PayloadValue<'_> {
        PayloadValue::Text(self.as_str())
    }
}

impl CredentialValue for bool {
    const TYPE: TypeSpec = TypeSpec::Boolean;

    fn payload_value(&self) -> PayloadValue<'_> {
        PayloadValue::Boolean(*self)
    }
}

/// Every integer that fits into the `i64` of the payload.
macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl CredentialValue for $integer {
            const TYPE: TypeSpec = TypeSpec::Integer;

            fn payload_value(&self) -> PayloadValue<'_> {
                PayloadValue::Integer(i64::from(*self))
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 u8 u16 u32);
