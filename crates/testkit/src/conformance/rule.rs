//! The rules, in words: what each test asserts, and what to do when it fails.

/// One rule, and the test that asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The name of the test.
    pub test: &'static str,
    /// What it is about.
    pub about: About,
    /// What it asserts.
    pub asserts: &'static str,
    /// What to do when it fails.
    pub fix: &'static str,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum About {
    /// `create` and everything around it.
    Create,
    /// `verify`.
    Verify,
    /// `leftovers`.
    Leftovers,
    /// `delete`.
    Delete,
    /// The declared variables.
    Schema,
    /// The declared failure codes.
    FailureCodes,
    /// Secrets.
    Secrets,
}

impl About {
    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Verify => "verify",
            Self::Leftovers => "leftovers",
            Self::Delete => "delete",
            Self::Schema => "schema",
            Self::FailureCodes => "failure-codes",
            Self::Secrets => "secrets",
        }
    }
}

macro_rules! rules {
    ($($test:ident, $about:ident: $asserts:literal; $fix:literal;)+) => {
        /// Every rule, in the order of the tests.
        pub const RULES: &[Rule] = &[$(
            Rule { test: stringify!($test), about: About::$about, asserts: $asserts, fix: $fix },
        )+];
    };
}

rules! {
    create_makes_one_credential_that_works, Create:
        "one create task, one live credential that its user can use";
        "make exactly one credential, and publish what its user needs";
    verify_agrees_with_a_credential_that_works, Verify:
        "`verify` accepts what `create` has made, and adds nothing";
        "let `verify` try the credential as its user will; what only needs a moment is a transient failure";
    verify_refuses_a_dead_credential, Verify:
        "`verify` refuses a credential that has been deleted since";
        "use the new credential in `verify`, not the login, and do not take a refusal for success";
    the_payload_keeps_the_services_limits, Schema:
        "the declared outputs and no others, all required ones, sizes, types";
        "declare every output in `Credentials`, and leave out what is too large for Secrets Manager";
    leftovers_list_what_create_made, Leftovers:
        "`leftovers` lists what `create` has made, by the id that deletes it and with exactly its marker";
        "put `job.marker()` on what is created, and list by `task.finds(...)`";
    no_method_blocks_the_thread, Create:
        "the deadline and SIGTERM can cut every method";
        "put CPU work and blocking calls into `job.compute(...)`";
    delete_ends_the_credential, Delete:
        "a deleted credential works no more, and all others do";
        "delete exactly the credential that the id names, and answer `Deleted` only when it is gone";
    deleting_twice_succeeds, Delete:
        "a second delete of the same id ends as `credentials_deleted`";
        "answer `Deletion::AlreadyGone` when the system says that there is no such credential";
    deleting_an_unknown_id_succeeds, Delete:
        "so does that of a well-formed id which nothing has (`Target::unknown_id`)";
        "answer `Deletion::AlreadyGone` when the system says that there is no such credential";
    a_malformed_id_is_never_guessed, Delete:
        "paths, wildcards, quotes, encodings, a cut id: answered, and no other credential is hit";
        "parse the credentials id before anything is sent, and fail when it is none that `create` gives";
    a_foreign_id_is_never_said_to_be_deleted, Delete:
        "the id of a credential in another system of the kind is not `credentials_deleted` while that credential works";
        "put what names the system (host, account) into the credentials id, and fail when the parameters name another one today";
    delete_is_never_claimed_falsely, Delete:
        "whatever the system answers to any request, `credentials_deleted` means gone, and the next delete succeeds";
        "answer `Deleted` and `AlreadyGone` only for the answers that say so, and let every step succeed when it has been done before";
    a_stopped_delete_is_never_claimed_falsely, Delete:
        "the same after SIGTERM at any request and any other await";
        "do not claim a deletion before the system has confirmed it, and let every step succeed when it has been done before";
    a_killed_delete_is_finished_by_its_rerun, Delete:
        "killed at any step, the same delete succeeds when it is run again";
        "let every step of `delete` succeed when it has been done before";
    a_killed_create_is_closed_and_cleaned_by_its_rerun, Create:
        "killed at any step, the re-run closes the task and leaves nothing; without `leftovers`: exit code 4 and the marker in the log";
        "put `job.marker()` on what is created from its first moment, and list it in `leftovers`";
    a_stopped_create_leaves_nothing, Create:
        "cancelled by SIGTERM at any request and any other await, nothing is left";
        "call `job.marker()` before the request that creates, and list what carries it in `leftovers`";
    a_refused_publish_leaves_nothing, Create:
        "400, 403, 404 and 409 to the update that publishes: the credential is gone as well";
        "let `delete` remove a credential that is seconds old";
    the_deadline_holds_when_the_system_hangs, Create:
        "no answer at all, or a method that never ends: the run ends in time and the task is told";
        "send requests through `job.http()`, bound other waits by `job.deadline()`, and never block the thread";
    a_lost_request_leaves_nothing, Create:
        "a request that never arrives, at any step: one credential or none, and a task that says which";
        "do not presume that a request without an answer was applied";
    a_lost_answer_leaves_nothing, Create:
        "a request that is applied but not answered, at any step: no second credential, none without an owner";
        "mark the request that creates `.never()` and `.creating()`, and put `job.marker()` on what it makes";
    an_unreadable_answer_leaves_nothing, Create:
        "the same for an answer that cannot be read";
        "call `.outcome_unknown()` on the failure of an answer that cannot be read; it does not say that nothing was created";
    a_refusal_leaves_nothing, Create:
        "400 to 503 at any step: one credential or none, and a task that says which";
        "give up when the system refuses, and do not publish what it did not make";
    concurrent_creates_do_not_collide, Create:
        "four at once: four ids, four payloads, each deleted on its own";
        "name what is created by `job.marker()`: two attempts never share one";
    a_rotation_keeps_the_old_credential, Create:
        "the old credential works until it is deleted, the new one afterwards";
        "let `create` leave alone what is there already";
    two_runs_of_one_task_leave_each_other_alone, Leftovers:
        "the second of two runs loses an answer at any step: what the first has published works";
        "give each leftover the marker that was found on it, not that of this run";
    a_rerun_leaves_other_tasks_alone, Leftovers:
        "the re-run of one task touches no credential of another";
        "list only what `task.finds(...)` finds";
    no_secret_leaves_the_job, Secrets:
        "log lines, task errors and credentials ids hold no login, no output and no token, in any encoding";
        "wrap secrets in `Secret<T>`, and keep them out of ids, log lines and the texts of failures";
    the_schema_survives_a_round_trip, Schema:
        "the declared variables obey the service, and `job_config.json` and the target's parameters agree with them";
        "run `cargo run -- schema > job_config.json`";
    every_failure_code_is_documented, FailureCodes:
        "form, one prefix, a meaning, and a line in the README if that has the table";
        "write a doc comment on each variant, and paste what `cargo run -- docs` prints into README.md";
    every_failure_code_can_happen, FailureCodes:
        "`Target::provoke` makes a job fail with each declared code: the text says what to do, no secret leaves, nothing is left";
        "show in `Target::provoke` how the code comes about, or remove it from the provider";
    no_undeclared_code_is_reported, FailureCodes:
        "whatever the system answers, the task's code is one of `type Codes` or of the framework";
        "derive the codes with `#[derive(FailureCode)]`, and make failures from that enum only";
}

impl Rule {
    /// The rule of the test with this name.
    pub fn of(test: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.test == test)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_documentation_is_this_one() {
        let page = include_str!("mod.rs");
        for Rule { test, asserts, fix, .. } in RULES {
            let row = format!("//! | `{test}` | {asserts} | {fix} |\n");
            assert!(page.contains(&row), "mod.rs lacks this row:\n{row}");
        }
        assert_eq!(page.matches("\n//! | `").count(), RULES.len());
    }
}
