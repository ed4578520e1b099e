//! The name or label that a job puts on what it creates, so that leftovers can be found and owned (DESIGN 6, "Creation
//! outcome").

use std::fmt::{self, Write as _};

use crate::ids::TaskId;

/// The part of a marker that all attempts of one task share: `sm-` and the UUID of the task. It finds; it never proves
/// ownership.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TaskMarker(String);

impl TaskMarker {
    /// Length in characters: `sm-` and a UUID.
    pub const LEN: usize = 39;

    /// The marker of a task.
    pub fn of(task: &TaskId) -> Self {
        Self(format!("sm-{}", task.uuid()))
    }

    /// The marker as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a text found on some credential was written by an attempt of this task: it begins with this marker and a
    /// `-`.
    pub fn finds(&self, text: &str) -> bool {
        text.strip_prefix(self.as_str()).is_some_and(|rest| rest.starts_with('-'))
    }
}

impl fmt::Display for TaskMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TaskMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskMarker({})", self.0)
    }
}

/// The marker of one attempt: the task's part, which finds, and 12 random hex digits, which own.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Marker {
    task: TaskMarker,
    text: String,
}

impl Marker {
    /// Length in characters: the task's part, a dash and 12 hex digits. Lower-case letters, digits and dashes only.
    pub const LEN: usize = TaskMarker::LEN + 13;

    /// The marker of an attempt with this random part.
    pub fn new(task: &TaskId, random: [u8; 6]) -> Self {
        let task = TaskMarker::of(task);
        let mut text = format!("{task}-");
        for byte in random {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self { task, text }
    }

    /// The marker as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part that all attempts of the task share.
    pub fn task(&self) -> &TaskMarker {
        &self.task
    }

    /// Whether a text found on some credential is exactly this marker, so that this very attempt made it.
    pub fn owns(&self, text: &str) -> bool {
        self.text == text
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Marker({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";

    fn task() -> TaskId {
        TASK.parse().unwrap()
    }

    #[test]
    fn a_marker_is_the_tasks_uuid_and_a_random_part() {
        let marker = Marker::new(&task(), [0, 1, 0xab, 0xcd, 0xef, 0xff]);
        assert_eq!(marker.as_str(), "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-0001abcdefff");
        assert_eq!(marker.as_str().len(), Marker::LEN);
        assert_eq!(marker.task().as_str().len(), TaskMarker::LEN);
    }

    #[test]
    fn the_task_part_finds_every_attempt() {
        let task = TaskMarker::of(&task());
        assert!(task.finds(Marker::new(&super::tests::task(), [1; 6]).as_str()));
        assert!(task.finds(Marker::new(&super::tests::task(), [2; 6]).as_str()));
    }

    #[test]
    fn the_task_part_does_not_find_other_texts() {
        let task = TaskMarker::of(&task());
        assert!(!task.finds(task.as_str()));
        assert!(!task.finds("sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d100-000000000000"));
        assert!(!task.finds("x sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-000000000000"));
        assert!(!task.finds(""));
    }

    #[test]
    fn a_marker_owns_only_its_exact_text() {
        let marker = Marker::new(&task(), [7; 6]);
        assert!(marker.owns(marker.as_str()));
        assert!(!marker.owns(Marker::new(&task(), [8; 6]).as_str()));
        assert!(!marker.owns(&format!("{marker} ")));
        assert!(!marker.owns(marker.task().as_str()));
    }
}
