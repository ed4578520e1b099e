//! What the processes of a history write: their log at the level of a deployed job.

use std::cell::{Cell, RefCell};
use std::fmt::{self, Write as _};
use std::sync::OnceLock;

use tracing::dispatcher::{self, Dispatch};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

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
    static DISPATCH: OnceLock<Dispatch> = OnceLock::new();
    // One for all threads: each new one makes `tracing` look at every place that logs.
    let dispatch = DISPATCH.get_or_init(|| Dispatch::new(Collector));
    LINES.with_borrow_mut(Vec::clear);
    dispatcher::with_default(dispatch, work)
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

struct Collector;

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::INFO
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line { process: PROCESS.get(), ..Line::default() };
        event.record(&mut line);
        LINES.with_borrow_mut(|lines| lines.push(line));
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "event" => value.clone_into(&mut self.event),
            "credentials_id" => self.credentials_id = Some(value.to_owned()),
            "marker" => self.marker = Some(value.to_owned()),
            _ => {}
        }
        self.add(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format_args!("{value:?}"));
    }
}

impl Line {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        // Writing to a `String` cannot fail.
        let _ = write!(self.text, "{}={value} ", field.name());
    }
}
