//! The properties, a file each.

use crate::Target;

mod declaration;
mod environment;
mod host_list;
mod iam_answer;
mod identifiers;
mod instance_url;
mod job_config;
mod json_pointer;
mod list_answer;
mod parameters;
mod payload;
mod redactor;
mod retry_after;
mod secret_answer;
mod service_error;
mod sql_text;
mod task_answer;

macro_rules! targets {
    ($($name:ident: $property:literal,)+) => {
        /// Every target, sorted by name.
        pub const TARGETS: &[Target] =
            &[$(Target { name: stringify!($name), property: $property, check: $name::check }),+];
    };
}

targets! {
    declaration: "a declaration that is read is printed and read as the same; one that is refused has a reason",
    environment: "every missing or unreadable variable is named, none of its values is shown, and the order does not matter",
    host_list: "only a listed host, or one below a listed suffix, may be asked; a refused list shows no login",
    iam_answer: "only the token of a 2xx is used, for at most an hour; no error repeats the API key",
    identifiers: "an id that is accepted has its form and reads back; a refusal does not repeat it",
    instance_url: "a base URL that is accepted is https or loopback, keeps its host and is its own normal form",
    job_config: "a file that is read is printed and read as the same, and says what any JSON reader finds in it",
    json_pointer: "a pointer finds what RFC 6901 says; an error shows no value",
    list_answer: "a list of tasks, versions or locks is the list of the body, whole and in order",
    parameters: "an input is accepted exactly if its type and limits say so; a problem names its variable and shows no value",
    payload: "the payload is the JSON of the outputs; a broken rule names its output and shows no value",
    redactor: "no registered secret survives in any encoding; without a secret a text stays as it is",
    retry_after: "a wait is what RFC 9110 says, never negative, and never beyond the budget",
    secret_answer: "only the secret that was asked for is read, and the redactor knows every secret text of it",
    service_error: "the words of a refusal are short, plain and without registered secrets",
    sql_text: "a quoted name or text is one token of a statement, and reads back as itself",
    task_answer: "an update counts as applied only if the answer is this task with the status that was sent",
}
