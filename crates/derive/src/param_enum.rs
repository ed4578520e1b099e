//! `#[derive(ParamEnum)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Fields, Ident, Variant};

use crate::errors::Errors;
use crate::names::{self, Names};
use crate::paths::{contract, private};
use crate::{attr, fields};

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    attr::refuse(&input.attrs, "param", "a variant", &mut errors);
    let variants = fields::of_enum(input, "ParamEnum", &mut errors);
    if variants.len() < 2 && matches!(input.data, syn::Data::Enum(_)) {
        errors.at(&input.ident, "an enum input needs at least two options");
    }
    let mut names = Names::default();
    let options: Vec<String> = variants.iter().map(|variant| read(variant, &mut names, &mut errors)).collect();
    let idents: Vec<&Ident> = variants.iter().map(|variant| &variant.ident).collect();
    errors.or(input, write(&input.ident, &idents, &options), stand_in(&input.ident))
}

/// The option of a variant; everything that is wrong with it is reported.
fn read(variant: &Variant, names: &mut Names, errors: &mut Errors) -> String {
    let ident = &variant.ident;
    if !matches!(variant.fields, Fields::Unit) {
        errors.at(&variant.fields, "an option has no data");
    }
    let mut option = names::screaming(&ident.to_string());
    let mut place = quote!(#ident);
    for entry in attr::entries(&variant.attrs, "param", &["name"], errors) {
        if let Some(written) = entry.text(errors) {
            option = written.value();
            place = quote!(#written);
        }
    }
    // A comma ends the declaration's attribute, the others end or divide the list of options (PROTOCOL 1.2).
    if option.is_empty() || option.trim() != option {
        errors.at(&place, "an option must not be empty or begin or end with a space");
    } else if option.contains(|character: char| matches!(character, ',' | '|' | '[' | ']') || character.is_control()) {
        errors.at(&place, "an option must not contain `,`, `|`, `[`, `]` or control characters");
    }
    names.take(&option, "the option", &place, errors);
    option
}

fn write(ident: &Ident, variants: &[&Ident], options: &[String]) -> TokenStream {
    let (contract, private) = (contract(), private());
    let names = variants.iter().map(ToString::to_string);
    let first = variants.first();
    quote! {
        #[automatically_derived]
        impl #contract::ParamEnum for #ident {
            const OPTIONS: &'static [&'static str] = &[#(#options),*];

            fn from_option(option: &str) -> ::core::option::Option<Self> {
                match option {
                    #(#options => ::core::option::Option::Some(Self::#variants),)*
                    _ => ::core::option::Option::None,
                }
            }

            fn as_option(&self) -> &'static str {
                match self {
                    #(Self::#variants => #options,)*
                }
            }
        }

        #[automatically_derived]
        impl #contract::ParamValue for #ident {
            const TYPE: #contract::TypeSpec = #contract::TypeSpec::Enum(<Self as #contract::ParamEnum>::OPTIONS);
            const VARIANTS: &'static [&'static str] = &[#(#names),*];

            fn parse_value(raw: &str) -> ::core::result::Result<Self, ::std::string::String> {
                #private::option(raw)
            }

            fn absent() -> ::core::option::Option<Self> {
                ::core::option::Option::Some(Self::#first)
            }
        }

        #[automatically_derived]
        impl #contract::CredentialValue for #ident {
            const TYPE: #contract::TypeSpec = #contract::TypeSpec::Enum(<Self as #contract::ParamEnum>::OPTIONS);

            fn payload_value(&self) -> #contract::PayloadValue<'_> {
                #contract::PayloadValue::Text(#contract::ParamEnum::as_option(self))
            }
        }
    }
}

/// Impls for an enum with mistakes.
fn stand_in(ident: &Ident) -> TokenStream {
    let contract = contract();
    quote! {
        impl #contract::ParamValue for #ident {
            const TYPE: #contract::TypeSpec = #contract::TypeSpec::String;

            fn parse_value(_: &str) -> ::core::result::Result<Self, ::std::string::String> {
                ::core::unimplemented!()
            }

            fn absent() -> ::core::option::Option<Self> {
                ::core::unimplemented!()
            }
        }

        impl #contract::CredentialValue for #ident {
            const TYPE: #contract::TypeSpec = #contract::TypeSpec::String;

            fn payload_value(&self) -> #contract::PayloadValue<'_> {
                ::core::unimplemented!()
            }
        }
    }
}
