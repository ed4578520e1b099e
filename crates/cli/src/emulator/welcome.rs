//! What the emulator says once it listens.

use std::io::Write as _;

use credjob_emulator::Emulator;
use serde_json::json;

use super::providers::Provider;
use crate::service::Output;

/// The version of the JSON document. A field may be added under the same number; a changed meaning gets a new one.
const DOCUMENT_VERSION: u32 = 1;

/// Addresses, keys and jobs.
#[derive(Debug)]
pub(crate) struct Welcome {
    url: String,
    iam_url: String,
    api_key: String,
    job_api_key: String,
    /// Names of jobs, and whether somebody has to play them.
    jobs: Vec<(String, bool)>,
}

impl Welcome {
    pub(crate) fn new(emulator: &Emulator, providers: &[Provider]) -> Self {
        Self {
            url: emulator.url().to_owned(),
            iam_url: emulator.iam_url().to_owned(),
            api_key: emulator.api_key().to_owned(),
            job_api_key: emulator.job_api_key(),
            jobs: providers.iter().map(|provider| (provider.name.clone(), provider.is_by_hand())).collect(),
        }
    }

    /// Data to standard output, words to standard error.
    pub(crate) fn print(&self, format: Output, time_travel: bool) {
        let data = match format {
            Output::Text => self.exports(),
            Output::Json => self.document(),
        };
        let mut out = std::io::stdout().lock();
        // A closed pipe is the reader's choice; the emulator still serves.
        let _ = out.write_all(data.as_bytes()).and_then(|()| out.flush());
        eprint!("{}", self.words(time_travel));
    }

    /// Lines to paste into a shell. The names are those of IBM's SDKs.
    fn exports(&self) -> String {
        format!(
            "export SECRETS_MANAGER_URL={}\nexport SECRETS_MANAGER_AUTH_URL={}\nexport SECRETS_MANAGER_AUTH_TYPE=iam\nexport SECRETS_MANAGER_APIKEY={}\n",
            self.url, self.iam_url, self.api_key
        )
    }

    fn document(&self) -> String {
        let jobs: Vec<_> =
            self.jobs.iter().map(|(name, by_hand)| json!({ "name": name, "by_hand": by_hand })).collect();
        let document = json!({
            "version": DOCUMENT_VERSION,
            "url": self.url,
            "iam_url": self.iam_url,
            "api_key": self.api_key,
            "job_api_key": self.job_api_key,
            "jobs": jobs,
        });
        format!("{document}\n")
    }

    fn words(&self, time_travel: bool) -> String {
        let mut lines = vec![format!("\nSecrets Manager and IAM listen at {}; stop with Ctrl-C", self.url)];
        for (name, by_hand) in &self.jobs {
            let how = if *by_hand { "played by you" } else { "started for every task" };
            lines.push(format!("configuration {name}: a job {how}"));
        }
        if self.jobs.is_empty() {
            lines.push("no job is registered: add --provider NAME=PATH".to_owned());
        }
        if self.jobs.iter().any(|(_, by_hand)| *by_hand) {
            lines.push("to report on tasks (secret-task-update), log in as a job:".to_owned());
            lines.push(format!("  export SECRETS_MANAGER_APIKEY={}", self.job_api_key));
        }
        if time_travel {
            lines.push(format!("to move the clock: curl -X POST '{}/emulator/clock?advance=1d'", self.url));
        }
        lines.join("\n") + "\n\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn welcome() -> Welcome {
        Welcome {
            url: "http://127.0.0.1:8800".to_owned(),
            iam_url: "http://127.0.0.1:8800".to_owned(),
            api_key: "ADMIN-KEY".to_owned(),
            job_api_key: "JOB-KEY".to_owned(),
            jobs: vec![("certificate".to_owned(), false), ("by-hand".to_owned(), true)],
        }
    }

    #[test]
    fn the_export_lines() {
        insta::assert_snapshot!(welcome().exports());
    }

    #[test]
    fn the_words_for_people() {
        insta::assert_snapshot!(welcome().words(true));
    }

    #[test]
    fn the_document_is_one_line_of_json() {
        let document: serde_json::Value = serde_json::from_str(&welcome().document()).expect("JSON");
        assert_eq!((&document["version"], &document["jobs"][1]["by_hand"]), (&json!(1), &json!(true)));
    }
}
