//! The derives of credjob: Rust types are the source of `job_config.json`, of `docs` and of every check of the inputs.
//!
//! | Derive | On | Writes |
//! |---|---|---|
//! | [`Params`](derive@Params) | a struct | the inputs of a job, read and checked |
//! | [`ParamEnum`](derive@ParamEnum) | an enum | the options of an `enum[a|b]` input or output |
//! | [`Credentials`](derive@Credentials) | a struct | the outputs of a job |
//! | [`FailureCode`](derive@FailureCode) | an enum that is an error | stable codes, and `?` into a `Failure` |
//!
//! All mistakes in a type are reported at once. The generated code names everything through `::credjob::__private`.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod attr;
mod credentials;
mod default;
mod docs;
mod errors;
mod failure_code;
mod fields;
mod kind;
mod limits;
mod names;
mod param_enum;
mod params;
mod paths;
#[path = "../../contract/src/params/pattern.rs"]
mod pattern; // The same file as in the contract crate: what is accepted here is what runs there, and no crate is shared.
mod suggest;

/// Inputs of a job. Every named field is one input: `common_name` is `SMIN_COMMON_NAME`.
///
/// The doc comment of a field (its first paragraph) is its description in `docs`.
///
/// | Field type | Declared as |
/// |---|---|
/// | `String` | `string` |
/// | `i8` to `i64`, `u8` to `u64`, `isize`, `usize` | `integer` |
/// | `bool` | `boolean` |
/// | `SecretId` | `secret_id` |
/// | an enum with `#[derive(ParamEnum)]` | `enum[A\|B]` |
/// | any other `FromStr` type whose error is `Display` | `string` |
///
/// `Option<T>` and a default make an input optional. A default is a literal of the field's kind, a constant or a variant; a default in
/// quotes is parsed if the type is another one. Limits apply to a created credential only, never to a deletion.
///
/// | Attribute | On | Meaning |
/// |---|---|---|
/// | `#[param(default = 90)]` | all but `Option` | the value of an input that is not set |
/// | `#[param(min = 1, max = 3650)]` | integers | the accepted range |
/// | `#[param(min_length = 1, max_length = 64)]` | `String` | the accepted number of characters |
/// | `#[param(pattern = "[a-z][a-z0-9-]*")]` | `String` | what the whole text must match: characters, `.`, classes and the counts `?` `*` `+` `{2,8}`; no groups, alternatives or anchors |
/// | `#[param(name = "TYPE_2")]` | all | another name than the field's, in upper case |
#[proc_macro_derive(Params, attributes(param))]
pub fn derive_params(input: TokenStream) -> TokenStream {
    params::expand(&parse_macro_input!(input as DeriveInput)).into()
}

/// Outputs of a job. Every named field is one output: `private_key` is `SMOUT_PRIVATE_KEY`.
///
/// A field is a `String`, a `Secret<String>`, an integer up to `i64`, a `bool`, a `SecretId`, an enum with `#[derive(ParamEnum)]`, or an
/// `Option` of these, which is left out of the payload when it is `None`. At least one output is required, that is no `Option`.
/// `#[credential(name = "TYPE_2")]` gives another name than the field's, in upper case.
#[proc_macro_derive(Credentials, attributes(credential))]
pub fn derive_credentials(input: TokenStream) -> TokenStream {
    credentials::expand(&parse_macro_input!(input as DeriveInput)).into()
}

/// The options of an input. Every variant is one: `ReadOnly` is the option `READ_ONLY`, or what `#[param(name = "...")]` says.
///
/// The enum has at least two variants, none with data, and is `Clone`.
#[proc_macro_derive(ParamEnum, attributes(param))]
pub fn derive_param_enum(input: TokenStream) -> TokenStream {
    param_enum::expand(&parse_macro_input!(input as DeriveInput)).into()
}

/// The failure codes of a provider, on its error enum (`thiserror`). `?` turns the enum into a `Failure`.
///
/// `#[failure(prefix = "JFROG")]` on the enum is required. `LoginRejected` becomes `JFROG_LOGIN_REJECTED`; its doc comment, which is
/// required, is the meaning that `docs` prints; its `Display` is the text for the user and must hold no secret.
///
/// | Attribute of a variant | Meaning |
/// |---|---|
/// | `#[failure(nothing_created)]` | this failure proves that nothing was created |
/// | `#[failure(transient)]` | a repetition may succeed |
/// | `#[failure(code = "LOGIN")]` | the code after the prefix, instead of the variant's name |
#[proc_macro_derive(FailureCode, attributes(failure))]
pub fn derive_failure_code(input: TokenStream) -> TokenStream {
    failure_code::expand(&parse_macro_input!(input as DeriveInput)).into()
}
