//! `#[param(...)]`, `#[credential(...)]` and `#[failure(...)]`: a list of keys, some with a value.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Token};

use crate::errors::Errors;
use crate::suggest::unknown;

/// One `key` or `key = value`.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    value: Option<Expr>,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // Any word, so that `type = 1` gets our message and not one about keywords.
        let key = Ident::parse_any(input)?;
        let value = input.parse::<Option<Token![=]>>()?.map(|_| input.parse()).transpose()?;
        Ok(Self { key, value })
    }
}

impl Entry {
    /// The value of a key that needs one.
    pub(crate) fn value(self, errors: &mut Errors) -> Option<Expr> {
        if self.value.is_none() {
            errors.at(&self.key, format!("`{0}` needs a value: `{0} = ...`", self.key));
        }
        self.value
    }

    /// The value of a key whose value stands in quotes.
    pub(crate) fn text(self, errors: &mut Errors) -> Option<LitStr> {
        let key = self.key.to_string();
        match self.value(errors)? {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
            other => {
                errors.at(other, format!("`{key}` is a text in quotes: `{key} = \"...\"`"));
                None
            }
        }
    }

    /// A key that stands alone.
    pub(crate) fn flag(self, errors: &mut Errors) -> bool {
        if let Some(value) = &self.value {
            errors.at(value, format!("`{}` has no value", self.key));
        }
        true
    }
}

/// The entries of every attribute of this name. Unknown and repeated keys are reported and left out.
pub(crate) fn entries(attrs: &[Attribute], name: &str, known: &[&str], errors: &mut Errors) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        let parsed = attr.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated);
        for entry in errors.take(parsed).into_iter().flatten() {
            let key = entry.key.to_string();
            if !known.contains(&key.as_str()) {
                errors.at(&entry.key, unknown("attribute", &key, known));
            } else if entries.iter().any(|earlier| earlier.key == entry.key) {
                errors.at(&entry.key, format!("`{key}` is there twice"));
            } else {
                entries.push(entry);
            }
        }
    }
    entries
}

/// Reports attributes of this name where they have no meaning.
pub(crate) fn refuse(attrs: &[Attribute], name: &str, place: &str, errors: &mut Errors) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        errors.at(attr.meta.to_token_stream(), format!("`#[{name}(...)]` belongs on {place}"));
    }
}
