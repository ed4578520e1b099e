//! Doc comments as descriptions.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The first paragraph of a doc comment as one line; empty if there is none.
pub(crate) fn description(attrs: &[Attribute]) -> String {
    let text: Vec<String> = attrs.iter().filter_map(doc_line).collect();
    let text = text.join("\n");
    let paragraph = text.trim_start().lines().map(str::trim).take_while(|line| !line.is_empty());
    paragraph.collect::<Vec<_>>().join(" ")
}

/// The text of one `#[doc = "..."]`; a `/** */` comment is one with several lines.
fn doc_line(attr: &Attribute) -> Option<String> {
    match &attr.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_up_to_the_first_empty_one() {
        let attrs: Vec<Attribute> = syn::parse_quote! {
            ///
            /// Days until
            /// it expires.
            ///
            /// More.
        };
        assert_eq!(description(&attrs), "Days until it expires.");
    }

    #[test]
    fn other_attributes_are_no_description() {
        let attrs: Vec<Attribute> = syn::parse_quote!(#[doc(hidden)] #[param(min = 1)]);
        assert_eq!(description(&attrs), "");
    }
}
