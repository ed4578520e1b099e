//! JFrog Platform access tokens for Secrets Manager, with the inputs of IBM's example provider.
//!
//! `create` mints a token whose description begins with the attempt's marker, `delete` revokes it by its id on the
//! platform that its credentials id names, and `leftovers` lists by the marker. Facts about JFrog: PROVIDERS section 1. See the README for inputs, outputs, failure
//! codes, deployment and limits.

#![expect(clippy::doc_markdown, reason = "JFrog is a name, not code")]

mod api;
mod base_url;
mod credentials;
mod failure;
mod login;
mod params;
mod platform_host;
mod provider;
mod token_id;
mod token_name;

pub use credentials::JfrogToken;
pub use failure::JfrogFailure;
pub use params::JfrogParams;
pub use provider::JfrogProvider;
