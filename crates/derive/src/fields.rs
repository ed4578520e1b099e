//! The parts of a type that a derive reads, and refusals of what it cannot read.

use syn::{Data, DeriveInput, Field, Fields, Variant};

use crate::errors::Errors;

/// The fields of a struct with named fields.
pub(crate) fn of_struct<'a>(input: &'a DeriveInput, derive: &str, errors: &mut Errors) -> Vec<&'a Field> {
    refuse_generics(input, derive, errors);
    match &input.data {
        Data::Struct(data) => {
            if let Fields::Named(fields) = &data.fields {
                return fields.named.iter().collect();
            }
            errors.at(&input.ident, format!("`{derive}` needs fields with names: they become variables"));
        }
        Data::Enum(_) | Data::Union(_) => errors.at(&input.ident, format!("`{derive}` is for structs")),
    }
    Vec::new()
}

/// The variants of an enum.
pub(crate) fn of_enum<'a>(input: &'a DeriveInput, derive: &str, errors: &mut Errors) -> Vec<&'a Variant> {
    refuse_generics(input, derive, errors);
    match &input.data {
        Data::Enum(data) => return data.variants.iter().collect(),
        Data::Struct(_) | Data::Union(_) => errors.at(&input.ident, format!("`{derive}` is for enums")),
    }
    Vec::new()
}

/// Types are told apart by a probe that works for concrete types only.
fn refuse_generics(input: &DeriveInput, derive: &str, errors: &mut Errors) {
    if !input.generics.params.is_empty() {
        errors.at(&input.generics, format!("`{derive}` does not support generic types"));
    }
}
