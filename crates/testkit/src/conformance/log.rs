//! The log of one run, as it leaves the process: redacted.

use std::cell::RefCell;
use std::rc::Rc;

use credjob::contract::redact::redact;

use crate::events::{Event, listening};

/// What one run has logged.
#[derive(Clone, Default)]
pub(super) struct Log(Rc<RefCell<Vec<Event>>>);

impl Log {
    /// Does `work`; what it logs on this thread belongs to this log.
    pub(super) fn recording<T>(&self, work: impl FnOnce() -> T) -> T {
        let lines = Rc::clone(&self.0);
        let keep = move |mut line: Event| {
            // As the writer of a real job does.
            line.text = redact(&line.text).into_owned();
            lines.borrow_mut().push(line);
        };
        listening(Rc::new(keep), work)
    }

    pub(super) fn lines(&self) -> Vec<Event> {
        self.0.borrow().clone()
    }
}
