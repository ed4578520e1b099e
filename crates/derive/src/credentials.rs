//! `#[derive(Credentials)]`

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DeriveInput, Ident, Type};

use crate::errors::Errors;
use crate::kind::inside_option;
use crate::names::{self, Names};
use crate::paths::contract;
use crate::{attr, docs, fields};

/// One output, checked.
struct Output<'a> {
    field: &'a Ident,
    name: String,
    description: String,
    /// Without `Option`.
    ty: &'a Type,
    required: bool,
}

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    attr::refuse(&input.attrs, "credential", "a field", &mut errors);
    let fields = fields::of_struct(input, "Credentials", &mut errors);
    if matches!(&input.data, syn::Data::Struct(data) if matches!(data.fields, syn::Fields::Named(_)))
        && fields.iter().all(|field| inside_option(&field.ty).is_some())
    {
        errors.at(&input.ident, "at least one output must be required: a field that is no `Option` (Secrets Manager refuses a job without one)");
    }
    let mut names = Names::default();
    let mut outputs = Vec::new();
    for field in fields {
        outputs.extend(read(field, &mut names, &mut errors));
    }
    errors.or(input, write(&input.ident, &outputs), stand_in(&input.ident))
}

fn read<'a>(field: &'a syn::Field, names: &mut Names, errors: &mut Errors) -> Option<Output<'a>> {
    let ident = field.ident.as_ref()?;
    let mut name = names::of_field(&ident.unraw().to_string());
    let mut place = quote!(#ident);
    for entry in attr::entries(&field.attrs, "credential", &["name"], errors) {
        if let Some(written) = entry.text(errors) {
            name = names::written(&written);
            place = quote!(#written);
        }
    }
    let name = errors.take(name.map_err(|what| syn::Error::new_spanned(&place, what)))?;
    names.take(&name, "the output", &place, errors);
    let optional = inside_option(&field.ty);
    Some(Output {
        field: ident,
        name,
        description: docs::description(&field.attrs),
        ty: optional.unwrap_or(&field.ty),
        required: optional.is_none(),
    })
}

fn write(ident: &Ident, outputs: &[Output<'_>]) -> TokenStream {
    let contract = contract();
    let specs = outputs.iter().map(|Output { name, description, ty, required, .. }| {
        let declared = quote_spanned!(ty.span()=> <#ty as ::credjob::__private::contract::CredentialValue>::TYPE);
        quote!(#contract::FieldSpec { description: #description, ..#contract::FieldSpec::new(#name, #declared, #required) })
    });
    let entries = outputs.iter().map(|Output { field, name, ty, required, .. }| {
        let key = name.to_ascii_lowercase();
        let convert =
            quote_spanned!(ty.span()=> <#ty as ::credjob::__private::contract::CredentialValue>::payload_value);
        let entry = quote!((#key, #convert(value)));
        if *required {
            quote!({ let value = &self.#field; ::core::option::Option::Some(#entry) })
        } else {
            quote!(::core::option::Option::map(::core::option::Option::as_ref(&self.#field), |value| #entry))
        }
    });
    quote! {
        #[automatically_derived]
        impl #contract::Credentials for #ident {
            const FIELDS: &'static [#contract::FieldSpec] = &[#(#specs),*];

            fn payload(&self) -> #contract::Payload<'_> {
                let entries = [#(#entries),*];
                #contract::Payload(::core::iter::Iterator::collect(::core::iter::Iterator::flatten(::core::iter::IntoIterator::into_iter(entries))))
            }
        }
    }
}

/// An impl for a struct with mistakes.
fn stand_in(ident: &Ident) -> TokenStream {
    let contract = contract();
    quote! {
        impl #contract::Credentials for #ident {
            const FIELDS: &'static [#contract::FieldSpec] = &[];

            fn payload(&self) -> #contract::Payload<'_> {
                ::core::unimplemented!()
            }
        }
    }
}
