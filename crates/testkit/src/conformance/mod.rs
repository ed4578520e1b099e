//! What every credentials provider must do, as tests that are the same for all.
//!
//! An author writes a [`Target`](crate::target::Target): how to start the system, what a job needs to use it, how many
//! credentials live in it and whether one works. [`conformance!`](crate::conformance!) then makes the tests. Each starts a
//! target of its own and runs whole jobs in this process: the provider and the job's own HTTP client are real, and so are
//! the sockets to the target; IAM and Secrets Manager are a model, and whatever can go wrong is made to go wrong at every
//! step. Back-off and deadlines pass in virtual time, so nothing waits.
//!
//! # How an author uses it
//!
//! In `tests/conformance.rs`:
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::sync::{Arc, Mutex};
//!
//! use credjob::prelude::*;
//! use credjob_testkit::server::{Answer, Asked, StandInServer};
//! use credjob_testkit::target::{Target, TargetError, TargetSettings};
//! use serde_json::{Value, json};
//! # use credjob::http::HttpClient;
//! # #[derive(Params)] struct TokenParams { /// The system.
//! # base_url: String }
//! # #[derive(Credentials)] struct Token { /// The token.
//! # token: Secret<String> }
//! # struct TokenProvider;
//! # fn url(job: &Job<TokenParams>, path: &str) -> String { format!("{}/{path}", job.params().base_url) }
//! # impl CredentialsProvider for TokenProvider {
//! #     type Params = TokenParams; type Credentials = Token; type Codes = ();
//! #     async fn create(&self, job: &Job<TokenParams>) -> Result<Created<Token>, Failure> {
//! #         let marker = job.marker();
//! #         let request = Request::put("create", url(job, marker.as_str())).host_from_parameter("BASE_URL").never().creating();
//! #         job.http().send(request).await?;
//! #         Ok(Created::new(CredentialsId::new(marker.as_str())?, Token { token: Secret::new(format!("token {marker}")) }))
//! #     }
//! #     async fn delete(&self, job: &Job<TokenParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
//! #         if !id.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') { return Ok(Deletion::AlreadyGone) }
//! #         let request = Request::delete("delete", url(job, id.as_str())).host_from_parameter("BASE_URL").idempotent();
//! #         job.http().send(request).await?;
//! #         Ok(Deletion::Deleted)
//! #     }
//! # }
//!
//! /// The system: a stand-in, or the real one on a random port.
//! struct Tokens {
//!     server: StandInServer,
//!     live: Arc<Mutex<BTreeMap<String, String>>>,
//! }
//!
//! impl Target for Tokens {
//!     async fn start() -> Result<Self, TargetError> {
//!         let live = Arc::<Mutex<BTreeMap<String, String>>>::default();
//!         let tokens = Arc::clone(&live);
//!         let answer = move |asked: &Asked| {
//!             let mut tokens = tokens.lock().unwrap();
//!             let id = asked.path.trim_start_matches('/').to_owned();
//!             match asked.method.as_str() {
//!                 "PUT" => drop(tokens.insert(id.clone(), format!("token {id}"))),
//!                 _ => drop(tokens.remove(&id)),
//!             }
//!             Answer::empty(204)
//!         };
//!         Ok(Self { server: StandInServer::start(answer).await?, live })
//!     }
//!
//!     fn settings(&self) -> TargetSettings {
//!         TargetSettings::new().param("base_url", self.server.url()).job_env("CREDJOB_ALLOWED_HOSTS", "127.0.0.1")
//!     }
//!
//!     async fn live(&self) -> Result<Option<usize>, TargetError> {
//!         Ok(Some(self.live.lock().unwrap().len()))
//!     }
//!
//!     async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
//!         Ok(self.live.lock().unwrap().values().any(|token| *token == payload["token"]))
//!     }
//! }
//!
//! credjob_testkit::conformance!(TokenProvider, Tokens);
//! # fn main() {}
//! ```
//!
//! What `live` answers is compared before and after each run, so the system must hold nothing that comes and goes by
//! itself. A provider that keeps nothing anywhere answers `None`, and only what can be told without a system is checked. A
//! provider with a driver of its own, whose requests do not go through `job.http()`, sets `const TIME: Time =
//! Time::Scaled(20)`; it is cut at its awaits instead of at its requests.
//!
//! # The tests
//!
//! | Test | Rule |
//! |---|---|
//! | `create_makes_one_credential_that_works` | one create task, one live credential that its user can use |
//! | `verify_agrees_with_a_credential_that_works` | `verify` accepts it |
//! | `the_payload_keeps_the_services_limits` | declared outputs only, sizes, types |
//! | `leftovers_list_what_create_made` | found by its id and exactly its marker |
//! | `no_method_blocks_the_thread` | deadline and SIGTERM can cut every method |
//! | `delete_ends_the_credential` | it works no more, all others do |
//! | `deleting_twice_succeeds`, `deleting_an_unknown_id_succeeds` | idempotent |
//! | `a_malformed_id_is_never_guessed` | paths, wildcards, quotes, a prefix: no other credential is hit |
//! | `delete_is_never_claimed_falsely` | whatever the system answers |
//! | `a_killed_delete_is_finished_by_its_rerun` | at every step |
//! | `a_killed_create_is_closed_and_cleaned_by_its_rerun` | at every step; without `leftovers`: exit code 4 and the marker in the log |
//! | `a_stopped_create_leaves_nothing` | SIGTERM at every step |
//! | `a_refused_publish_leaves_nothing` | 400, 403, 404, 409 |
//! | `the_deadline_holds_when_the_system_hangs` | the whole system, and each method |
//! | `a_lost_request_leaves_nothing`, `a_lost_answer_leaves_nothing`, `an_unreadable_answer_leaves_nothing`, `a_refusal_leaves_nothing` | at every request to the system |
//! | `concurrent_creates_do_not_collide` | ids, payloads, deletion |
//! | `a_rotation_keeps_the_old_credential` | until it is deleted |
//! | `two_runs_of_one_task_leave_each_other_alone` | the random part of the marker owns |
//! | `a_rerun_leaves_other_tasks_alone` | the task part of the marker finds |
//! | `no_secret_leaves_the_job` | log, task errors, credentials ids |
//! | `the_schema_survives_a_round_trip` | the declared variables, and `job_config.json` |
//! | `every_failure_code_is_documented`, `no_undeclared_code_is_reported` | form, prefix, meaning, README |

mod bench;
mod broken;
pub mod checks;
mod gate;
mod kit;
mod log;
mod mishap;
mod pace;
mod probe;
mod task;
#[cfg(test)]
mod tests;

pub use bench::Bench;
pub use broken::{Broken, Verdict};
pub use kit::Kit;
pub use task::Task;

/// Makes the tests of [`conformance`](mod@crate::conformance) for a provider: an expression that makes it, and the type of its
/// [`Target`](crate::target::Target).
///
/// ```ignore
/// credjob_testkit::conformance!(JfrogProvider, Platform);
/// ```
#[macro_export]
macro_rules! conformance {
    ($provider:expr, $target:ty $(,)?) => {
        $crate::__conformance_tests! {
            $provider, $target;
            create_makes_one_credential_that_works
            verify_agrees_with_a_credential_that_works
            the_payload_keeps_the_services_limits
            leftovers_list_what_create_made
            no_method_blocks_the_thread
            delete_ends_the_credential
            deleting_twice_succeeds
            deleting_an_unknown_id_succeeds
            a_malformed_id_is_never_guessed
            delete_is_never_claimed_falsely
            a_killed_delete_is_finished_by_its_rerun
            a_killed_create_is_closed_and_cleaned_by_its_rerun
            a_stopped_create_leaves_nothing
            a_refused_publish_leaves_nothing
            the_deadline_holds_when_the_system_hangs
            a_lost_request_leaves_nothing
            a_lost_answer_leaves_nothing
            an_unreadable_answer_leaves_nothing
            a_refusal_leaves_nothing
            concurrent_creates_do_not_collide
            a_rotation_keeps_the_old_credential
            two_runs_of_one_task_leave_each_other_alone
            a_rerun_leaves_other_tasks_alone
            no_secret_leaves_the_job
            the_schema_survives_a_round_trip
            every_failure_code_is_documented
            no_undeclared_code_is_reported
        }
    };
}

/// For [`conformance!`] only.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    ($provider:expr, $target:ty; $($name:ident)+) => {
        $(
            #[test]
            fn $name() {
                let kit = $crate::conformance::Kit::<_, $target>::new(|| $provider, ::core::env!("CARGO_MANIFEST_DIR"));
                kit.check(async |bench| $crate::conformance::checks::$name(bench).await);
            }
        )+
    };
}
