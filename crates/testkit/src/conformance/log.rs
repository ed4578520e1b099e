//! What a run logs at the level of a deployed job, as it leaves the process: redacted.

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::rc::Rc;
use std::sync::OnceLock;

use credjob::contract::redact::redact;
use tracing::dispatcher::{self, Dispatch};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    static CURRENT: RefCell<Option<Log>> = const { RefCell::new(None) };
}

/// The log of one run.
#[derive(Clone, Default)]
pub(super) struct Log(Rc<RefCell<Vec<Line>>>);

/// One log event.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// The field `event`.
    pub(super) event: String,
    /// All fields, redacted.
    pub(super) text: String,
}

impl Log {
    /// Does `work`; what it logs on this thread belongs to this log.
    pub(super) fn recording<T>(&self, work: impl FnOnce() -> T) -> T {
        static DISPATCH: OnceLock<Dispatch> = OnceLock::new();
        // One for all: each new one makes `tracing` look at every place that logs.
        let dispatch = DISPATCH.get_or_init(|| Dispatch::new(Collector));
        let before = CURRENT.replace(Some(self.clone()));
        let result = dispatcher::with_default(dispatch, work);
        CURRENT.replace(before);
        result
    }

    pub(super) fn lines(&self) -> Vec<Line> {
        self.0.borrow().clone()
    }
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
        let mut line = Line::default();
        event.record(&mut line);
        // As the writer of a real job does.
        line.text = redact(&line.text).into_owned();
        CURRENT.with_borrow(|log| {
            if let Some(log) = log {
                log.0.borrow_mut().push(line);
            }
        });
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "event" {
            value.clone_into(&mut self.event);
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
