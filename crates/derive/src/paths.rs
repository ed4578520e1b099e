//! Where the generated code finds the contract, whatever the author has imported.

use proc_macro2::TokenStream;
use quote::quote;

/// The contract crate.
pub(crate) fn contract() -> TokenStream {
    quote!(::credjob::__private::contract)
}

/// What only derived code calls.
pub(crate) fn private() -> TokenStream {
    quote!(::credjob::__private::contract::__private)
}
