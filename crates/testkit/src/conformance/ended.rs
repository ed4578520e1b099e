//! How a run ended.

use std::time::Duration;

use credjob::{Ending, Exit};

use super::probe::Seen;
use super::task::Task;
use crate::events::Event;

/// How a run ended.
pub(super) struct Ended {
    /// `None` = killed.
    pub(super) ending: Option<Ending>,
    pub(super) lines: Vec<Event>,
    /// Whether the planned step was reached.
    pub(super) met: bool,
    pub(super) took: Duration,
    pub(super) really_took: Duration,
    pub(super) seen: Seen,
}

impl Ended {
    pub(super) fn exit(&self) -> Option<Exit> {
        self.ending.as_ref().map(|ending| ending.exit)
    }

    /// The exit code says that something may be left, and the log names it.
    pub(super) fn confesses(&self) -> bool {
        let marker = "sm-5f0e3a52-77c1-4b0e-8d0b-";
        let names = |line: &Event| line.text.contains(marker) || line.text.contains("credentials_id=");
        let said = |line: &Event| matches!(line.name.as_str(), "orphaned_credentials" | "outcome_unknown");
        matches!(self.exit(), Some(Exit::Orphan | Exit::Kept))
            && self.lines.iter().any(|line| said(line) && names(line))
    }

    /// Whether a step of the run ended with this code.
    pub(super) fn logs(&self, code: &str) -> bool {
        let code = format!("code={code} ");
        self.lines.iter().any(|line| line.name == "step_failed" && line.text.contains(&code))
    }

    /// Whether the provider's `verify` is the one that every provider has.
    pub(super) fn verifies_nothing(&self) -> bool {
        self.lines.iter().any(|line| line.name == "not_verified")
    }

    /// How it ended, for a person who looks for the cause.
    pub(super) fn story(&self, task: &Task) -> String {
        let exit = self.exit().map_or_else(|| "killed".to_owned(), |exit| format!("exit code {}", exit.code()));
        let error = task.error().map(|(code, text)| format!(", {code}: {text}")).unwrap_or_default();
        let causes = self.lines.iter().filter(|line| line.name == "step_failed");
        // What every such line begins with says nothing.
        let causes = causes
            .map(|line| line.text.split_once("event=step_failed ").map_or(line.text.trim(), |(_, rest)| rest.trim()));
        let causes: Vec<&str> = causes.collect();
        format!("{exit}, task {}{error} [{}]", task.status(), causes.join(" | "))
    }
}
