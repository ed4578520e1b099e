//! IBM Cloud Secrets Manager *custom credentials* providers: implement two methods, and the job is right under every fault.
//!
//! A provider is a small program, run as a Code Engine job, that creates or deletes one credential in some external
//! system for each *secret task* of Secrets Manager, and puts the result, or an error code and a text, back on the task.
//! This crate is the only one a provider names. It reads the environment, fetches the IAM token, calls the provider,
//! publishes, and undoes what could not be published.
//!
//! A whole provider:
//!
//! ```
//! use credjob::prelude::*;
//!
//! /// Inputs of the job.
//! #[derive(Params)]
//! struct TokenParams {
//!     /// The tenant the token is for.
//!     #[param(max_length = 40)]
//!     tenant: String,
//!     /// Hours until the token expires.
//!     #[param(default = 48, min = 1, max = 2160)]
//!     lifetime_hours: i64,
//! }
//!
//! /// Outputs of the job.
//! #[derive(Credentials)]
//! struct Token {
//!     /// The bearer token.
//!     token: Secret<String>,
//! }
//!
//! #[derive(Debug, thiserror::Error, FailureCode)]
//! #[failure(prefix = "DEMO")]
//! enum DemoFailure {
//!     /// The tenant does not exist. Ask its owner to create it.
//!     #[error("there is no tenant {tenant}; ask its owner to create it")]
//!     #[failure(nothing_created)]
//!     UnknownTenant { tenant: String },
//! }
//!
//! struct Demo;
//!
//! impl CredentialsProvider for Demo {
//!     type Params = TokenParams;
//!     type Credentials = Token;
//!     type Codes = DemoFailure;
//!
//!     async fn create(&self, job: &Job<TokenParams>) -> Result<Created<Token>, Failure> {
//!         let tenant = &job.params().tenant;
//!         if tenant == "nobody" {
//!             return Err(DemoFailure::UnknownTenant { tenant: tenant.clone() }.into());
//!         }
//!         let id = CredentialsId::new(job.marker().as_str())?;
//!         Ok(Created::new(id, Token { token: Secret::new(format!("token-of-{tenant}")) }))
//!     }
//!
//!     async fn delete(&self, _job: &Job<TokenParams>, _id: &CredentialsId) -> Result<Deletion, Failure> {
//!         Ok(Deletion::Deleted)
//!     }
//! }
//!
//! credjob::run!(Demo);
//! ```
//!
//! The binary then answers `schema`, `docs`, `--version` and `--help`; without an argument it works on the task that the
//! `SM_*` variables name. Exit codes: [`Exit`].
//! Guides, from the first provider to troubleshooting: [`guide`].

#[cfg(doctest)]
mod compile_fail;
mod docs;
pub mod guide;
mod job;
mod life;
mod logging;
mod panics;
mod program;
mod provider;
mod signals;
mod watchdog;
mod world;

pub use credjob_client as client;
pub use credjob_contract as contract;
pub use credjob_contract::{Environment, Exit};
pub use credjob_http as http;

pub use self::job::Job;
pub use self::life::{Ending, Outcome, VERIFY_SLICE, live};
pub use self::provider::{Created, CredentialsProvider, Deletion, Leftover, Leftovers};
pub use self::world::{StopSignal, Stopper, World};

/// What a provider's files import.
pub mod prelude {
    pub use credjob_client::{SecretType, SecretValue};
    pub use credjob_contract::{
        Action, Credentials, CredentialsId, Failure, FailureCodes, Marker, ParamEnum, Params, Secret, SecretId,
        TaskMarker, Trigger,
    };
    pub use credjob_derive::{Credentials, FailureCode, ParamEnum, Params};
    pub use credjob_http::{HttpError, Request, Response};

    pub use crate::{Created, CredentialsProvider, Deletion, Job, Leftover, Leftovers};
}

/// For the macros of this crate only.
#[doc(hidden)]
pub mod __private {
    pub use credjob_contract as contract;

    pub use crate::program::{Program, main};
}

/// Makes the `main` of a job binary out of a provider.
///
/// A macro, so that `--version` is the provider's own.
#[macro_export]
macro_rules! run {
    ($provider:expr) => {
        fn main() -> ::std::process::ExitCode {
            let program = $crate::__private::Program {
                name: ::core::env!("CARGO_PKG_NAME"),
                version: ::core::env!("CARGO_PKG_VERSION"),
                description: ::core::env!("CARGO_PKG_DESCRIPTION"),
            };
            $crate::__private::main(&$provider, program)
        }
    };
}
