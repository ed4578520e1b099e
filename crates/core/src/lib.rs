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
//!
//! The rest of this page is a tour of what stands in a provider. Guides, from the first provider to troubleshooting: [`guide`].
//!
//! # Inputs and outputs
//!
//! The Rust types are the source. Field names become the variables that Secrets Manager reads, doc comments become the documentation,
//! and what does not fit is told before `create` starts, every problem at once.
//!
//! ```
//! use credjob::contract::JobConfig;
//! use credjob::prelude::*;
//!
//! #[derive(Params)]
//! struct AccountParams {
//!     /// The secret with the login; read it with [`Job::read_secret`](credjob::Job::read_secret).
//!     login_secret_id: SecretId,
//!     /// What the account may do.
//!     #[param(default = Access::ReadOnly)]
//!     access: Access,
//!     /// Who may connect. Any `FromStr` type works; an `Option` may be left out.
//!     source: Option<std::net::IpAddr>,
//! }
//!
//! #[derive(Clone, ParamEnum)]
//! enum Access {
//!     /// Read only.
//!     ReadOnly,
//!     /// Read and write.
//!     ReadWrite,
//! }
//!
//! #[derive(Credentials)]
//! struct Account {
//!     /// The name to log in with.
//!     user: String,
//!     /// The password: a secret never gets into a log line or an error text.
//!     password: Secret<String>,
//! }
//!
//! // What `cargo run -- schema > job_config.json` writes.
//! let schema = JobConfig::from_specs(AccountParams::FIELDS, Account::FIELDS).unwrap();
//! let declared: Vec<String> = schema.variables.iter().map(|v| format!("{} {}", v.full_name(), v.declaration)).collect();
//! assert_eq!(
//!     declared,
//!     [
//!         "SMIN_LOGIN_SECRET_ID type:secret_id, required:true",
//!         "SMIN_ACCESS type:enum[READ_ONLY|READ_WRITE], required:false",
//!         "SMIN_SOURCE type:string, required:false",
//!         "SMOUT_USER type:string, required:true",
//!         "SMOUT_PASSWORD type:string, required:true",
//!     ]
//! );
//! ```
//!
//! # Talking to a system
//!
//! [`Job::http`] is the job's own client: it retries what may be repeated, within the deadline, and sends a login only to hosts that the
//! job's owner allowed. Each request says what a repetition would do. [`Job::marker`] goes on whatever is created: it finds it again when
//! an answer is lost. An error of yours carries two texts, one for the owner of the secret, one for the log.
//!
//! ```
//! use credjob::prelude::*;
//! # #[derive(Params)] struct AccountParams { /// The system.
//! # base_url: String, /// The login.
//! # login_secret_id: SecretId }
//!
//! #[derive(Debug, thiserror::Error, FailureCode)]
//! #[failure(prefix = "ACCOUNTS")]
//! enum AccountFailure {
//!     /// The system refused the login. Renew the login secret.
//!     #[error("the system refused the login (401); renew the login secret")]
//!     #[failure(nothing_created)]
//!     LoginRejected(#[source] HttpError),
//! }
//!
//! async fn create_account(job: &Job<AccountParams>) -> Result<Response, Failure> {
//!     let login = job.read_secret(&job.params().login_secret_id).await?;
//!     login.expect_type(&[SecretType::Arbitrary])?;
//!     let request = Request::put("create the account", format!("{}/accounts/{}", job.params().base_url, job.marker()))
//!         .host_from_parameter("BASE_URL")
//!         .bearer(&login.pointer("/payload")?)
//!         .never()
//!         .creating();
//!     match job.http().send(request).await {
//!         Err(error) if error.status() == Some(401) => Err(AccountFailure::LoginRejected(error).into()),
//!         answer => Ok(answer?),
//!     }
//! }
//! ```
//!
//! Work that is not HTTP goes to [`Job::compute`]; [`Job::deadline`] and [`Job::cancelled`] tell when to stop.
//!
//! # Two methods more
//!
//! `verify` tries the new credential before anybody gets it; `leftovers` lists what an attempt of a task made. Both have a default, and
//! both are worth it: without the second, a lost answer ends in exit code 4 and a person has to look.
//!
//! ```
//! use credjob::prelude::*;
//! # struct Accounts; struct Listed { id: String, label: String }
//! # #[derive(Credentials)] struct Account { /// The password.
//! # password: Secret<String> }
//! # async fn log_in(_: &Secret<String>) -> Result<(), Failure> { Ok(()) }
//! # async fn list(_prefix: &str) -> Result<Vec<Listed>, Failure> { Ok(Vec::new()) }
//!
//! impl CredentialsProvider for Accounts {
//! #   type Params = ();
//! #   type Credentials = Account;
//! #   type Codes = ();
//! #   async fn create(&self, _: &Job<()>) -> Result<Created<Account>, Failure> { unimplemented!() }
//! #   async fn delete(&self, _: &Job<()>, _: &CredentialsId) -> Result<Deletion, Failure> { Ok(Deletion::AlreadyGone) }
//!     // ... create and delete
//!
//!     async fn verify(&self, _job: &Job<()>, created: &Created<Account>) -> Result<(), Failure> {
//!         log_in(&created.credentials.password).await // a failure undoes what was created
//!     }
//!
//!     async fn leftovers(&self, _job: &Job<()>, task: &TaskMarker) -> Result<Leftovers, Failure> {
//!         let accounts = list(task.as_str()).await?.into_iter().filter(|account| task.finds(&account.label));
//!         let found = accounts.map(|account| Ok(Leftover::new(CredentialsId::new(account.id)?, account.label)));
//!         Ok(Leftovers::Found(found.collect::<Result<_, Failure>>()?))
//!     }
//! }
//! ```
//!
//! # Then
//!
//! | To | Use |
//! |---|---|
//! | start a project with all of this | `credjob new`: [`guide::first_provider`], or from an existing contract [`guide::moving_from_go`] |
//! | see a whole life on a laptop | `credjob dry-run` |
//! | know that no fault breaks the promise | the conformance kit: [`guide::testing`]; what was tried, counted: [`guide::evidence`] |
//! | find what would go wrong later | `credjob check` |
//! | run it in the cloud | `credjob deploy`: [`guide::deploying`], [`guide::security`] |
//! | understand what it says | [`guide::failures`], [`guide::troubleshooting`] |

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
