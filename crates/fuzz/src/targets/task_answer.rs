//! The answer to a reading or an update of a task (PROTOCOL 4.2; DESIGN 6, "the outcome of an attempt").

use std::time::Duration;

use credjob::client::{TaskUpdate, UpdateOutcome};
use credjob::contract::{CredentialsId, Secret, TaskError};
use serde_json::Value;

use crate::judge::is_presentable;
use crate::service::{Answer, SECRET, TASK, ask, parsed};

/// How an update ended, or must have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Applied,
    Reading,
    NotSent,
    Refused,
    Unknown,
}

/// An input is an answer: the status in the first line, then the body.
pub(super) fn check(data: &[u8]) {
    let answer = Answer::read(data);
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let (read, kinds) = ask_all(&answer);
    if let Some(status) = &read {
        let body = body.as_ref().filter(|_| answer.is_success());
        assert!(
            body.is_none_or(|body| *status == body["status"] && body["id"] == TASK),
            "another task than the answer's"
        );
        assert!(answer.is_success(), "a task from an answer {}", answer.status);
    }
    // What is too deep or too large for `serde_json`'s own tree can still be a task; nobody can judge it here.
    let judgeable = body.is_some() || !answer.is_success();
    for (sent, kind) in kinds.into_iter().filter(|_| judgeable) {
        let judged = judge(answer.status, body.as_ref(), sent);
        // A key that is given twice makes a body unreadable, which is never worse than what it might say.
        assert!(kind == judged || kind == Kind::Unknown && answer.is_success(), "{kind:?} instead of {judged:?}");
    }
    if let Some(body) = body.filter(|_| answer.is_success()) {
        // Without such keys, the outcome is exactly the one of the table.
        let plain = Answer { body: body.to_string().into_bytes(), ..answer };
        let (_, kinds) = ask_all(&plain);
        for (sent, kind) in kinds {
            assert_eq!(kind, judge(plain.status, Some(&body), sent), "{sent}");
        }
    }
}

/// Reads the task, and reports each of the three endings.
fn ask_all(answer: &Answer) -> (Option<String>, [(&'static str, Kind); 3]) {
    ask(answer, async |service| {
        let (secret, task) = (parsed(SECRET), parsed(TASK));
        let read = service.task(&secret, &task).await.ok().map(|task| task.status.to_string());
        let (id, token): (CredentialsId, Secret<String>) =
            (parsed("tok-000193"), Secret::from("canary-token-0123456789"));
        let update = async |update: TaskUpdate<'_>| {
            let timeout = Duration::from_secs(1);
            (update.status().as_str(), kind(&service.task_update_once(&token, &secret, &task, &update, timeout).await))
        };
        let created = update(TaskUpdate::Created { id: &id, payload: r#"{"token":"t"}"# }).await;
        let deleted = update(TaskUpdate::Deleted).await;
        let failed = update(TaskUpdate::Failed(vec![TaskError::new("ERR", "because")])).await;
        (read, [created, deleted, failed])
    })
}

fn kind(outcome: &UpdateOutcome) -> Kind {
    match outcome {
        UpdateOutcome::Applied(task) | UpdateOutcome::Reading(task) => {
            assert_eq!(task.id.as_str(), TASK);
            for error in &task.errors {
                is_presentable(&error.code, TaskError::MAX_CODE);
                is_presentable(&error.description, TaskError::MAX_DESCRIPTION);
            }
            if matches!(outcome, UpdateOutcome::Applied(_)) { Kind::Applied } else { Kind::Reading }
        }
        UpdateOutcome::NotSent(_) => Kind::NotSent,
        UpdateOutcome::Refused { .. } => Kind::Refused,
        UpdateOutcome::Unknown(_) => Kind::Unknown,
    }
}

/// The table of DESIGN 6.
fn judge(status: u16, body: Option<&Value>, sent: &str) -> Kind {
    match status {
        200..300 => match body.filter(|body| body["id"] == TASK).and_then(|body| body["status"].as_str()) {
            Some(now) if now == sent => Kind::Applied,
            Some("credentials_created" | "credentials_deleted" | "failed") => Kind::Reading,
            _ => Kind::Unknown,
        },
        429 => Kind::NotSent,
        408 => Kind::Unknown,
        400..500 => Kind::Refused,
        _ => Kind::Unknown,
    }
}
