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
//! #         let id = CredentialsId::new(format!("{marker}@{}", job.params().base_url))?;
//! #         Ok(Created::new(id, Token { token: Secret::new(format!("token {marker}")) }))
//! #     }
//! #     async fn delete(&self, job: &Job<TokenParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
//! #         let own = id.as_str().split_once('@').filter(|(_, system)| *system == job.params().base_url).map(|(token, _)| token);
//! #         let plain = |token: &&str| token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
//! #         let Some(token) = own.filter(plain) else { return Err(Failure::new("CREDJOB_REFUSED", "no token of this system")) };
//! #         let request = Request::delete("delete", url(job, token)).host_from_parameter("BASE_URL").idempotent();
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
//! # fn main() {
//! #     use credjob_testkit::conformance::{Kit, checks};
//! #     let kit = Kit::<_, Tokens>::new(|| TokenProvider, "");
//! #     kit.test("delete_ends_the_credential", async |bench| checks::delete_ends_the_credential(bench).await);
//! #     kit.test("deleting_twice_succeeds", async |bench| checks::deleting_twice_succeeds(bench).await);
//! # }
//! ```
//!
//! # What there is to know
//!
//! - What `live` answers is compared before and after each run, so the system must hold nothing that comes and goes by itself. A
//!   provider that keeps nothing anywhere answers `None`, and only what can be told without a system is checked.
//! - A provider with failure codes of its own also shows how each comes about:
//!   [`Target::provoke`](crate::target::Target::provoke).
//! - A provider with a driver of its own, whose requests do not go through `job.http()`, sets `const TIME: Time =
//!   Time::Scaled(20)`; it is cut at its awaits instead of at its requests. The kit cannot lose or change an answer on a socket that
//!   it does not see: what `at any request` says below is then tried at no request, so put a proxy between, in tests of your own.
//! - Runs are cut at *every* request and every await: a run is repeated with the next cut until it ends before it. A run with more
//!   than 500 of one kind fails the check; none is left out.
//! - The tests are in a module `conformance_kit` beside the macro. `cargo test conformance_kit` runs only them; `cargo test
//!   deleting_twice` one of them.
//! - `verify` and `leftovers` are optional. Without them the tests pass with a note, which `cargo test -- --show-output` prints and
//!   `credjob check` turns into a warning; so are codes that [`Provocation::impossible`](crate::target::Provocation::impossible)
//!   excuses counted and printed.
//! - With `CREDJOB_KIT_REPORT=lines` each test prints one line for programs: `credjob-kit-report` and a JSON object with `version`,
//!   `tests` (how many there are), `number`, `test`, `about`, `broken` and `fix` (`null` if the rule is kept) and `notices`.
//!
//! # When a test fails
//!
//! It says what was found (the fault and the step at which it was injected, exit code, task, what was logged), the rule, and what
//! to do. `answer lost at request 2 to the system` means the second request that the provider sent in that run; `killed at await 3
//! of the provider's own` the third time that it waited for anything else. Faults are deterministic: the same test fails again.
//!
//! # The tests
//!
//! | Test | Asserts | When it fails |
//! |---|---|---|
//! | `create_makes_one_credential_that_works` | one create task, one live credential that its user can use | make exactly one credential, and publish what its user needs |
//! | `verify_agrees_with_a_credential_that_works` | `verify` accepts what `create` has made, and adds nothing | let `verify` try the credential as its user will; what only needs a moment is a transient failure |
//! | `verify_refuses_a_dead_credential` | `verify` refuses a credential that has been deleted since | use the new credential in `verify`, not the login, and do not take a refusal for success |
//! | `the_payload_keeps_the_services_limits` | the declared outputs and no others, all required ones, sizes, types | declare every output in `Credentials`, and leave out what is too large for Secrets Manager |
//! | `leftovers_list_what_create_made` | `leftovers` lists what `create` has made, by the id that deletes it and with exactly its marker | put `job.marker()` on what is created, and list by `task.finds(...)` |
//! | `no_method_blocks_the_thread` | the deadline and SIGTERM can cut every method | put CPU work and blocking calls into `job.compute(...)` |
//! | `delete_ends_the_credential` | a deleted credential works no more, and all others do | delete exactly the credential that the id names, and answer `Deleted` only when it is gone |
//! | `deleting_twice_succeeds` | a second delete of the same id ends as `credentials_deleted` | answer `Deletion::AlreadyGone` when the system says that there is no such credential |
//! | `deleting_an_unknown_id_succeeds` | so does that of a well-formed id which nothing has (`Target::unknown_id`) | answer `Deletion::AlreadyGone` when the system says that there is no such credential |
//! | `a_malformed_id_is_never_guessed` | paths, wildcards, quotes, encodings, a cut id: answered, and no other credential is hit | parse the credentials id before anything is sent, and fail when it is none that `create` gives |
//! | `a_foreign_id_is_never_said_to_be_deleted` | the id of a credential in another system of the kind is not `credentials_deleted` while that credential works | put what names the system (host, account) into the credentials id, and fail when the parameters name another one today |
//! | `delete_is_never_claimed_falsely` | whatever the system answers to any request, `credentials_deleted` means gone, and the next delete succeeds | answer `Deleted` and `AlreadyGone` only for the answers that say so, and let every step succeed when it has been done before |
//! | `a_stopped_delete_is_never_claimed_falsely` | the same after SIGTERM at any request and any other await | do not claim a deletion before the system has confirmed it, and let every step succeed when it has been done before |
//! | `a_killed_delete_is_finished_by_its_rerun` | killed at any step, the same delete succeeds when it is run again | let every step of `delete` succeed when it has been done before |
//! | `a_killed_create_is_closed_and_cleaned_by_its_rerun` | killed at any step, the re-run closes the task and leaves nothing; without `leftovers`: exit code 4 and the marker in the log | put `job.marker()` on what is created from its first moment, and list it in `leftovers` |
//! | `a_stopped_create_leaves_nothing` | cancelled by SIGTERM at any request and any other await, nothing is left | call `job.marker()` before the request that creates, and list what carries it in `leftovers` |
//! | `a_refused_publish_leaves_nothing` | 400, 403, 404 and 409 to the update that publishes: the credential is gone as well | let `delete` remove a credential that is seconds old |
//! | `the_deadline_holds_when_the_system_hangs` | no answer at all, or a method that never ends: the run ends in time and the task is told | send requests through `job.http()`, bound other waits by `job.deadline()`, and never block the thread |
//! | `a_lost_request_leaves_nothing` | a request that never arrives, at any step: one credential or none, and a task that says which | do not presume that a request without an answer was applied |
//! | `a_lost_answer_leaves_nothing` | a request that is applied but not answered, at any step: no second credential, none without an owner | mark the request that creates `.never()` and `.creating()`, and put `job.marker()` on what it makes |
//! | `an_unreadable_answer_leaves_nothing` | the same for an answer that cannot be read | call `.outcome_unknown()` on the failure of an answer that cannot be read; it does not say that nothing was created |
//! | `a_refusal_leaves_nothing` | 400 to 503 at any step: one credential or none, and a task that says which | give up when the system refuses, and do not publish what it did not make |
//! | `concurrent_creates_do_not_collide` | four at once: four ids, four payloads, each deleted on its own | name what is created by `job.marker()`: two attempts never share one |
//! | `a_rotation_keeps_the_old_credential` | the old credential works until it is deleted, the new one afterwards | let `create` leave alone what is there already |
//! | `two_runs_of_one_task_leave_each_other_alone` | the second of two runs loses an answer at any step: what the first has published works | give each leftover the marker that was found on it, not that of this run |
//! | `a_rerun_leaves_other_tasks_alone` | the re-run of one task touches no credential of another | list only what `task.finds(...)` finds |
//! | `no_secret_leaves_the_job` | log lines, task errors and credentials ids hold no login, no output and no token, in any encoding | wrap secrets in `Secret<T>`, and keep them out of ids, log lines and the texts of failures |
//! | `the_schema_survives_a_round_trip` | the declared variables obey the service, and `job_config.json` and the target's parameters agree with them | run `cargo run -- schema > job_config.json` |
//! | `every_failure_code_is_documented` | form, one prefix, a meaning, and a line in the README if that has the table | write a doc comment on each variant, and paste what `cargo run -- docs` prints into README.md |
//! | `every_failure_code_can_happen` | `Target::provoke` makes a job fail with each declared code: the text says what to do, no secret leaves, nothing is left | show in `Target::provoke` how the code comes about, or remove it from the provider |
//! | `no_undeclared_code_is_reported` | whatever the system answers, the task's code is one of `type Codes` or of the framework | derive the codes with `#[derive(FailureCode)]`, and make failures from that enum only |

mod bench;
mod broken;
pub mod checks;
mod ended;
mod gate;
mod kit;
mod log;
mod mishap;
mod order;
mod pace;
mod probe;
mod report;
mod rule;
mod task;
#[cfg(test)]
mod tests;

pub use bench::Bench;
pub use broken::{Broken, Verdict};
pub use kit::Kit;
pub use report::Notice;
pub use rule::{About, RULES, Rule};
pub use task::Task;

/// Makes the tests of [`conformance`](mod@crate::conformance) for a provider: an expression that makes it, and the type of its
/// [`Target`](crate::target::Target), as in `conformance!(JfrogProvider, Platform);`.
#[macro_export]
macro_rules! conformance {
    ($provider:expr, $target:ty $(,)?) => {
        $crate::__conformance_names! { [$crate::__conformance_tests] $provider, $target }
    };
}

/// For [`conformance!`] and the tests of the kit only: the names of all tests, for another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_names {
    ([$($macro:tt)+] $($given:tt)*) => {
        $($macro)+! {
            $($given)*;
            create_makes_one_credential_that_works
            verify_agrees_with_a_credential_that_works
            verify_refuses_a_dead_credential
            the_payload_keeps_the_services_limits
            leftovers_list_what_create_made
            no_method_blocks_the_thread
            delete_ends_the_credential
            deleting_twice_succeeds
            deleting_an_unknown_id_succeeds
            a_malformed_id_is_never_guessed
            a_foreign_id_is_never_said_to_be_deleted
            delete_is_never_claimed_falsely
            a_stopped_delete_is_never_claimed_falsely
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
            every_failure_code_can_happen
            no_undeclared_code_is_reported
        }
    };
}

/// For [`conformance!`] only.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    ($provider:expr, $target:ty; $($name:ident)+) => {
        /// What every provider must do. `credjob check` runs the tests of this module by its name.
        mod conformance_kit {
            #[allow(unused_imports, reason = "provider and target may be named in full")]
            use super::*;

            $(
                #[test]
                fn $name() {
                    let kit = $crate::conformance::Kit::<_, $target>::new(|| $provider, ::core::env!("CARGO_MANIFEST_DIR"));
                    kit.test(stringify!($name), async |bench| $crate::conformance::checks::$name(bench).await);
                }
            )+
        }
    };
}
