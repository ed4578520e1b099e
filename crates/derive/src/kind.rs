//! What the written type of a field says.

use syn::{GenericArgument, PathArguments, Type};

/// Types that a derive tells apart by their name. The declared type of an input comes from the real type, by a probe in the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Integer,
    Boolean,
    /// `Secret<..>`
    Secret,
    /// An enum, a secret id, or anything that parses.
    Other,
}

const INTEGERS: [&str; 10] = ["i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize"];

impl Kind {
    pub(crate) fn of(ty: &Type) -> Self {
        match last_segment(ty).map(|segment| segment.ident.to_string()).as_deref() {
            Some("String") => Self::String,
            Some("bool") => Self::Boolean,
            Some("Secret") => Self::Secret,
            Some(name) if INTEGERS.contains(&name) => Self::Integer,
            _ => Self::Other,
        }
    }
}

/// The `T` of `Option<T>`.
pub(crate) fn inside_option(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == "Option")?;
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        }),
        _ => None,
    }
}

fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        // A type that came through a macro stands in an invisible group.
        Type::Group(group) => last_segment(&group.elem),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_path_counts() {
        let ty: Type = syn::parse_quote!(std::option::Option<std::string::String>);
        assert_eq!(inside_option(&ty).map(Kind::of), Some(Kind::String));
    }

    #[test]
    fn a_reference_is_another_type() {
        let ty: Type = syn::parse_quote!(&'static str);
        assert_eq!(Kind::of(&ty), Kind::Other);
        assert!(inside_option(&ty).is_none());
    }
}
