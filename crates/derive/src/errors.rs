//! Every mistake in a type, reported at once.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::DeriveInput;

/// The mistakes so far.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Reports a mistake at these tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// The value of a result, whose error is reported.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// The code if there was no mistake, else the mistakes with a stand-in, so that the compiler does not also complain about a
    /// missing impl wherever the type is used. A generic type has no stand-in.
    pub(crate) fn or(self, input: &DeriveInput, code: TokenStream, stand_in: TokenStream) -> TokenStream {
        let Some(errors) = self.0 else { return code };
        let mut all = errors.into_compile_error();
        if input.generics.params.is_empty() {
            all.extend(stand_in);
        }
        all
    }
}
