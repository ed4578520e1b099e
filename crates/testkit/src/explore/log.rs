//! What the processes of a history write: their log at the level of a deployed job.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::events::{Event, listening};

thread_local! {
    static PROCESS: Cell<u8> = const { Cell::new(0) };
    static LINES: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// One log event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    /// The process that wrote it; 0 if it was a task that the process had left behind.
    pub(crate) process: u8,
    /// The field `event`.
    pub(crate) event: String,
    /// The field `credentials_id`.
    pub(crate) credentials_id: Option<String>,
    /// The field `marker`.
    pub(crate) marker: Option<String>,
    /// All fields.
    pub(crate) text: String,
}

/// Runs `work`, and keeps what it logs on this thread for [`take`].
pub(crate) fn collected<T>(work: impl FnOnce() -> T) -> T {
    LINES.with_borrow_mut(Vec::clear);
    listening(Rc::new(keep), work)
}

fn keep(Event { name: event, credentials_id, marker, text }: Event) {
    let line = Line { process: PROCESS.get(), event, credentials_id, marker, text };
    LINES.with_borrow_mut(|lines| lines.push(line));
}

/// What was written since the last time.
pub(crate) fn take() -> Vec<Line> {
    LINES.take()
}

/// Writes a line as a process does that does not use `tracing`.
pub(crate) fn write(process: u8, text: &str) {
    LINES.with_borrow_mut(|lines| lines.push(Line { process, text: text.to_owned(), ..Line::default() }));
}

/// Runs `work` in the name of a process.
pub(crate) fn as_process<T>(process: u8, work: impl FnOnce() -> T) -> T {
    let before = PROCESS.replace(process);
    let result = work();
    PROCESS.set(before);
    result
}
