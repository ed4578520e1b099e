//! How a run ended: its outcome, its exit code, and the one summary event.

use std::collections::BTreeMap;
use std::time::Duration;

use credjob_contract::Exit;
use credjob_http::Ledger;
use serde_json::{Map, Value, json};

/// What became of the task, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The task names a live credential.
    CredentialsCreated,
    /// The credential is gone, or was given up with a logged reason.
    CredentialsDeleted,
    /// The task is `failed` and nothing is left behind.
    Failed,
    /// The task could not be told; nothing is left behind.
    NotReported,
    /// A credential without an owner is, or may be, left behind; its id or marker is in the log.
    Orphaned,
    /// A credential was kept because a version may own it; its id is in the log.
    Kept,
    /// Another instance of the array job does the work.
    Skipped,
}

impl Outcome {
    /// The word in the summary event.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CredentialsCreated => "credentials_created",
            Self::CredentialsDeleted => "credentials_deleted",
            Self::Failed => "failed",
            Self::NotReported => "not_reported",
            Self::Orphaned => "orphaned",
            Self::Kept => "kept",
            Self::Skipped => "skipped",
        }
    }
}

/// The end of a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Ending {
    /// What became of the task.
    pub outcome: Outcome,
    /// The process's exit code.
    pub exit: Exit,
    /// The summary event: task, action, trigger, outcome, exit code, milliseconds per phase, attempts per call.
    pub summary: Value,
}

/// The facts that open the summary.
pub(crate) struct Subject {
    pub(crate) task: String,
    pub(crate) secret: String,
    pub(crate) action: Option<&'static str>,
    pub(crate) trigger: Option<&'static str>,
    pub(crate) retry: u32,
}

impl Ending {
    pub(crate) fn new(
        subject: &Subject,
        (outcome, exit): (Outcome, Exit),
        phases: &BTreeMap<&'static str, Duration>,
        ledger: &Ledger,
    ) -> Self {
        let summary = json!({
            "event": "summary",
            "task": subject.task,
            "secret": subject.secret,
            "action": subject.action,
            "trigger": subject.trigger,
            "retry": subject.retry,
            "outcome": outcome.as_str(),
            "exit_code": exit.code(),
            "phases_ms": phases.iter().map(|(phase, spent)| ((*phase).to_owned(), millis(*spent))).collect::<Map<_, _>>(),
            "attempts": attempts(ledger),
        });
        Self { outcome, exit, summary }
    }
}

/// Milliseconds, to a tenth: the phases of a healthy run take less than one.
fn millis(spent: Duration) -> Value {
    Value::from((spent.as_secs_f64() * 10_000.0).round() / 10.0)
}

fn attempts(ledger: &Ledger) -> Value {
    let calls = ledger.snapshot().into_iter().map(|(operation, counts)| {
        let counts = json!({
            "applied": counts.applied,
            "not_sent": counts.not_sent,
            "refused": counts.refused,
            "unknown": counts.unknown,
        });
        (operation.to_owned(), counts)
    });
    Value::Object(calls.collect())
}
