//! {{project_name}} tokens for Secrets Manager.
//!
//! `create` makes a token whose label is the attempt's marker, `delete` removes it by its id, `leftovers` lists by the marker.

mod api;
mod credentials;
mod failure;
mod params;
mod provider;

pub use credentials::{{type_prefix}}Token;
pub use failure::{{type_prefix}}Failure;
pub use params::{Access, {{type_prefix}}Params};
pub use provider::{{type_prefix}}Provider;
