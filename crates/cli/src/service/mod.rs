//! What every command that talks to a Secrets Manager shares.

mod args;
mod failed;
mod input;
mod login;
mod table;
#[cfg(test)]
pub(crate) mod testing;

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::Value;

pub(crate) use args::{EXIT_CODES, Output, ServiceArgs};
pub(crate) use failed::{advice, failed, no_token};
pub(crate) use input::{json_of, secret_json_of, secret_of};
pub(crate) use login::{Lookup, auth, connect, iam_url, id, instance, of_process, patience, word};
pub(crate) use table::{Table, pairs, plain};

/// The version of the JSON documents. A field may be added under the same number; a changed meaning gets a new one.
const DOCUMENT_VERSION: u32 = 1;

/// What a command has to say at its end.
#[derive(Debug)]
pub(crate) struct Said {
    /// For people.
    pub(crate) text: String,
    /// For programs: an object, whose version is added.
    pub(crate) document: Value,
    /// How the command ends.
    pub(crate) exit: ExitCode,
}

impl Said {
    pub(crate) fn new(text: String, document: Value) -> Self {
        Self { text, document, exit: ExitCode::SUCCESS }
    }

    /// Prints the result.
    pub(crate) fn print(mut self, format: Output) -> ExitCode {
        let text = match format {
            Output::Text => self.text,
            Output::Json => {
                self.document["version"] = DOCUMENT_VERSION.into();
                format!("{:#}\n", self.document)
            }
        };
        let mut out = std::io::stdout().lock();
        // A closed pipe (`| head`) is the reader's choice, not an error of ours.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        self.exit
    }
}
