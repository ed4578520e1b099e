//! `#[derive(Params)]`

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DeriveInput, Ident, Type};

use crate::default::DefaultValue;
use crate::errors::Errors;
use crate::kind::{Kind, inside_option};
use crate::limits::{self, Limits, option};
use crate::names::{self, Names};
use crate::paths::{contract, private};
use crate::{attr, docs, fields};

/// One input, checked.
struct Input<'a> {
    field: &'a Ident,
    name: String,
    description: String,
    /// Without `Option`.
    ty: &'a Type,
    presence: Presence<'a>,
    limits: Limits,
}

enum Presence<'a> {
    Required,
    Optional,
    Default(DefaultValue<'a>),
}

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    attr::refuse(&input.attrs, "param", "a field", &mut errors);
    let mut names = Names::default();
    let mut inputs = Vec::new();
    for field in fields::of_struct(input, "Params", &mut errors) {
        inputs.extend(read(field, &mut names, &mut errors));
    }
    for input in &inputs {
        refuse_fallback_clash(input, &names, &mut errors);
    }
    let code = write(&input.ident, &inputs);
    errors.or(input, code, stand_in(&input.ident))
}

/// Reads one field; everything that is wrong with it is reported.
fn read<'a>(field: &'a syn::Field, names: &mut Names, errors: &mut Errors) -> Option<Input<'a>> {
    let ident = field.ident.as_ref()?;
    let optional = inside_option(&field.ty);
    let ty = optional.unwrap_or(&field.ty);
    let kind = Kind::of(ty);
    if kind == Kind::Secret {
        errors.at(
            &field.ty,
            "an input cannot be a `Secret`: inputs are metadata, and whoever may read the metadata of the secret sees them. \
             Take the id of a secret instead (`SecretId`) and read it with `job.read_secret`",
        );
    }
    let mut name = names::of_field(&ident.unraw().to_string());
    let mut name_place = None;
    let mut default = None;
    let mut limits = Limits::default();
    let known = ["default", "name"].into_iter().chain(limits::KEYS).collect::<Vec<_>>();
    for entry in attr::entries(&field.attrs, "param", &known, errors) {
        if entry.key == "default" {
            let key = entry.key.clone();
            default = entry.value(errors).map(|expr| (key, DefaultValue { expr, kind, ty }));
        } else if entry.key == "name" {
            name_place = entry.text(errors);
            name = name_place.as_ref().map_or(name, names::written);
        } else {
            limits.add(entry, kind, errors);
        }
    }
    limits.check(errors);
    let presence = match (optional, default) {
        (None, None) => Presence::Required,
        (Some(_), None) => Presence::Optional,
        (None, Some((_, default))) => {
            default.check(&limits, errors);
            Presence::Default(default)
        }
        (Some(_), Some((key, _))) => {
            errors.at(key, "an `Option` has no default: it is `None` when the input is not set. Remove one of the two");
            return None;
        }
    };
    let place = name_place.map_or_else(|| quote!(#ident), |name| quote!(#name));
    let name = errors.take(name.map_err(|what| syn::Error::new_spanned(&place, what)))?;
    names::refuse_reserved(&name, &place, errors);
    names.take(&name, "the input", &place, errors);
    Some(Input { field: ident, name, description: docs::description(&field.attrs), ty, presence, limits })
}

/// The value of input `X` may arrive as `SMIN_X_VALUE`, where an input `X_VALUE` has its declaration (PROTOCOL 1.4).
fn refuse_fallback_clash(input: &Input<'_>, names: &Names, errors: &mut Errors) {
    if let Some(other) = input.name.strip_suffix("_VALUE").filter(|other| names.contains(other)) {
        let name = &input.name;
        errors.at(
            input.field,
            format!("SMIN_{name} may hold the value of the input {other}; choose another name than {name}"),
        );
    }
}

fn write(ident: &Ident, inputs: &[Input<'_>]) -> TokenStream {
    let (contract, private) = (contract(), private());
    let specs = inputs.iter().map(spec);
    let assertions = inputs.iter().filter_map(|input| match &input.presence {
        Presence::Default(default) => Some(default.assertions(&input.limits)),
        _ => None,
    });
    let fields: Vec<_> = inputs.iter().map(|input| input.field).collect();
    let values: Vec<_> = (0..inputs.len()).map(|index| format_ident!("value_{index}")).collect();
    let reads = inputs.iter().enumerate().map(|(index, input)| read_call(index, input));
    let build = quote!(::core::result::Result::Ok(Self { #(#fields: #values),* }));
    let body = if inputs.is_empty() {
        build
    } else {
        quote! {
            let mut reader = #private::Reader::new(inputs, checks);
            #(let #values = #reads;)*
            match (#(#values,)*) {
                (#(::core::option::Option::Some(#values),)*) => #build,
                _ => ::core::result::Result::Err(reader.into_problems()),
            }
        }
    };
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #private::TextProbe as _;
            #(#assertions)*
            #[automatically_derived]
            impl #contract::Params for #ident {
                const FIELDS: &'static [#contract::FieldSpec] = &[#(#specs),*];

                #[allow(unused_variables)]
                fn from_inputs(
                    inputs: &#contract::Inputs,
                    checks: #contract::Checks,
                ) -> ::core::result::Result<Self, ::std::vec::Vec<#contract::Problem>> {
                    #body
                }
            }
        };
    }
}

fn spec(input: &Input<'_>) -> TokenStream {
    let (contract, private) = (contract(), private());
    let Input { name, description, ty, presence, limits, .. } = input;
    let required = matches!(presence, Presence::Required);
    let default = match presence {
        Presence::Default(default) => default.shown(),
        _ => option(None::<TokenStream>),
    };
    let limits = limits.tokens(ty);
    let probed = quote_spanned!(ty.span()=> #private::Probe::<#ty>::TYPE);
    quote! {
        #contract::FieldSpec {
            name: #name,
            ty: #probed,
            required: #required,
            description: #description,
            default: #default,
            #limits
        }
    }
}

/// Reads one value: an `Option` of what the field holds, `None` if there is a problem.
fn read_call(index: usize, input: &Input<'_>) -> TokenStream {
    let (contract, ty) = (contract(), input.ty);
    let spec = quote!(&<Self as #contract::Params>::FIELDS[#index]);
    let probe = quote_spanned!(ty.span()=> &::credjob::__private::contract::__private::Probe::<#ty>::input());
    match &input.presence {
        Presence::Required => quote!(reader.required(#spec, #probe)),
        Presence::Optional => quote!(reader.optional(#spec, #probe)),
        Presence::Default(default) => default.read(&spec, &probe),
    }
}

/// An impl for a struct with mistakes.
fn stand_in(ident: &Ident) -> TokenStream {
    let contract = contract();
    quote! {
        impl #contract::Params for #ident {
            const FIELDS: &'static [#contract::FieldSpec] = &[];

            fn from_inputs(
                _: &#contract::Inputs,
                _: #contract::Checks,
            ) -> ::core::result::Result<Self, ::std::vec::Vec<#contract::Problem>> {
                ::core::unimplemented!()
            }
        }
    }
}
