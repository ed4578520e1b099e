//! Identifiers of the service and of what jobs create (PROTOCOL 5.3; DESIGN 6, "Creation outcome").

use std::fmt::Display;
use std::str::FromStr;

use credjob::client::VersionName;
use credjob::contract::{CredentialsId, Marker, SecretGroupId, SecretId, TaskId, TaskMarker, VersionId};
use credjob_sql::AccountName;

use crate::input::{CANARY, text};
use crate::judge::none_holds;

pub(super) fn check(data: &[u8]) {
    let text = text(data);
    agrees::<TaskId>(&text, |text| text.strip_prefix("sm-task-").is_some_and(is_uuid));
    agrees::<SecretId>(&text, is_uuid);
    agrees::<VersionId>(&text, is_uuid);
    agrees::<SecretGroupId>(&text, |text| text == "default" || is_uuid(text));
    agrees::<VersionName>(&text, |text| ["current", "previous"].contains(&text) || is_uuid(text));
    agrees::<CredentialsId>(&text, is_credentials_id);
    agrees::<AccountName>(&text, is_account_name);
    if let Ok(task) = text.parse() {
        markers(&task);
    }
}

/// Accepts exactly what has the form, keeps it as it is, and does not repeat what it refuses.
fn agrees<T: FromStr<Err: Display> + Display>(text: &str, has_the_form: fn(&str) -> bool) {
    let kind = std::any::type_name::<T>();
    match text.parse::<T>() {
        Ok(id) => {
            assert!(has_the_form(text), "{kind} accepts another form");
            assert!(id.to_string() == text, "{kind} changes the text");
        }
        Err(_) => assert!(!has_the_form(text), "{kind} refuses its own form"),
    }
    let refusal = format!("{text}{CANARY}\n").parse::<T>().err().map(|error| error.to_string());
    assert!(refusal.is_some(), "{kind} accepts a line break");
    none_holds(&refusal, CANARY);
}

/// Any marker of a task is found by the task's part, and owned by itself alone.
fn markers(task: &TaskId) {
    let (one, other) = (Marker::new(task, [1; 6]), Marker::new(task, [2; 6]));
    assert_eq!((one.as_str().len(), one.task().as_str().len()), (Marker::LEN, TaskMarker::LEN));
    assert!(one.task().finds(one.as_str()) && one.task().finds(other.as_str()));
    assert!(one.owns(one.as_str()) && !one.owns(other.as_str()) && !one.owns(task.as_str()));
}

fn is_uuid(text: &str) -> bool {
    hex_groups(text, &[8, 4, 4, 4, 12])
}

/// `sm-<uuid>-<12 hex digits>-<8 hex digits>`
fn is_account_name(text: &str) -> bool {
    text.strip_prefix("sm-").is_some_and(|rest| hex_groups(rest, &[8, 4, 4, 4, 12, 12, 8]))
}

fn hex_groups(text: &str, lengths: &[usize]) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq(lengths.iter().copied())
        && groups.concat().chars().all(|digit| digit.is_ascii_digit() || ('a'..='f').contains(&digit))
}

fn is_credentials_id(text: &str) -> bool {
    let characters = text.chars().count();
    (1..=1024).contains(&characters) && !text.trim().is_empty() && !text.chars().any(char::is_control)
}
