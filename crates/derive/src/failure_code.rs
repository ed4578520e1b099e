//! `#[derive(FailureCode)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Ident, LitStr, Variant};

use crate::errors::Errors;
use crate::names::{self, Names};
use crate::paths::{contract, private};
use crate::{attr, docs, fields};

/// The prefix of the framework's own codes.
const FRAMEWORK: &str = "CREDJOB";

/// One variant, checked.
struct Code<'a> {
    variant: &'a Ident,
    name: String,
    meaning: String,
    nothing_created: bool,
    transient: bool,
}

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let variants = fields::of_enum(input, "FailureCode", &mut errors);
    if variants.is_empty() && matches!(input.data, syn::Data::Enum(_)) {
        errors.at(&input.ident, "no code: for a provider without codes of its own use `type Codes = ()`");
    }
    let prefix = prefix(input, &mut errors).unwrap_or_default();
    let mut names = Names::default();
    let codes: Vec<Code<'_>> = variants.iter().map(|variant| read(variant, &prefix, &mut names, &mut errors)).collect();
    errors.or(input, write(&input.ident, &codes), stand_in(&input.ident))
}

/// The prefix of every code, which is required.
fn prefix(input: &DeriveInput, errors: &mut Errors) -> Option<String> {
    let entries = attr::entries(&input.attrs, "failure", &["prefix"], errors);
    let Some(entry) = entries.into_iter().next() else {
        errors
            .at(&input.ident, "`#[failure(prefix = \"...\")]` is missing: the first word of every code, such as JFROG");
        return None;
    };
    let prefix = entry.text(errors)?;
    let text = prefix.value();
    if !is_screaming(&text) {
        errors.at(prefix, "a prefix is in capitals: A-Z, 0-9 and _, beginning with a letter and not ending with _");
    } else if text == FRAMEWORK || text.starts_with("CREDJOB_") {
        errors.at(prefix, "CREDJOB is the prefix of the framework's own codes");
    }
    Some(text)
}

fn is_screaming(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && !text.ends_with('_')
        && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

/// Reads one variant; everything that is wrong with it is reported.
fn read<'a>(variant: &'a Variant, prefix: &str, names: &mut Names, errors: &mut Errors) -> Code<'a> {
    let ident = &variant.ident;
    let meaning = docs::description(&variant.attrs);
    if meaning.is_empty() {
        errors.at(ident, "a code needs a doc comment: what it means and what to do, for `docs`");
    }
    let (mut nothing_created, mut transient, mut written) = (false, false, None);
    for entry in attr::entries(&variant.attrs, "failure", &["nothing_created", "transient", "code"], errors) {
        if entry.key == "nothing_created" {
            nothing_created = entry.flag(errors);
        } else if entry.key == "transient" {
            transient = entry.flag(errors);
        } else {
            written = entry.text(errors);
        }
    }
    if let Some(written) = &written {
        check_written(written, prefix, errors);
    }
    let place = written.as_ref().map_or_else(|| quote!(#ident), |written| quote!(#written));
    let suffix = written.map_or_else(|| names::screaming(&ident.to_string()), |written| written.value());
    let name = format!("{prefix}_{suffix}");
    names.take(&name, "the code", place, errors);
    Code { variant: ident, name, meaning, nothing_created, transient }
}

fn check_written(written: &LitStr, prefix: &str, errors: &mut Errors) {
    let text = written.value();
    if !is_screaming(&text) {
        errors.at(written, "a code is in capitals: A-Z, 0-9 and _, beginning with a letter and not ending with _");
    } else if !prefix.is_empty() && text.starts_with(&format!("{prefix}_")) {
        errors.at(written, format!("leave out the prefix: this code would be {prefix}_{text}"));
    }
}

fn write(ident: &Ident, codes: &[Code<'_>]) -> TokenStream {
    let (contract, private) = (contract(), private());
    let infos = codes.iter().map(|Code { name, meaning, nothing_created, transient, .. }| {
        quote! {
            #contract::CodeInfo { code: #name, meaning: #meaning, nothing_created: #nothing_created, transient: #transient }
        }
    });
    let variants = codes.iter().map(|code| code.variant);
    let indexes = 0..codes.len();
    quote! {
        #[automatically_derived]
        impl #contract::FailureCodes for #ident {
            const CODES: &'static [#contract::CodeInfo] = &[#(#infos),*];
        }

        #[automatically_derived]
        impl ::core::convert::From<#ident> for #contract::Failure {
            fn from(error: #ident) -> Self {
                let index = match &error {
                    #(#ident::#variants { .. } => #indexes,)*
                };
                #private::failure(&<#ident as #contract::FailureCodes>::CODES[index], error)
            }
        }
    }
}

/// Impls for an enum with mistakes.
fn stand_in(ident: &Ident) -> TokenStream {
    let contract = contract();
    quote! {
        impl #contract::FailureCodes for #ident {
            const CODES: &'static [#contract::CodeInfo] = &[];
        }

        impl ::core::convert::From<#ident> for #contract::Failure {
            fn from(_: #ident) -> Self {
                ::core::unimplemented!()
            }
        }
    }
}
