//! What a run in this process logs, at the level of a deployed job.

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::rc::Rc;
use std::sync::OnceLock;

use tracing::dispatcher::{self, Dispatch};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Who gets the events of this thread.
pub(crate) type Listener = Rc<dyn Fn(Event)>;

/// One log event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Event {
    /// The field `event`.
    pub(crate) name: String,
    /// The field `credentials_id`.
    pub(crate) credentials_id: Option<String>,
    /// The field `marker`.
    pub(crate) marker: Option<String>,
    /// All fields.
    pub(crate) text: String,
}

/// Does `work`; what it logs on this thread goes to `listener`.
pub(crate) fn listening<T>(listener: Listener, work: impl FnOnce() -> T) -> T {
    static DISPATCH: OnceLock<Dispatch> = OnceLock::new();
    // One for all: each new one makes `tracing` look at every place that logs.
    let dispatch = DISPATCH.get_or_init(|| Dispatch::new(Collector));
    let before = LISTENER.replace(Some(listener));
    let result = dispatcher::with_default(dispatch, work);
    LISTENER.set(before);
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

    fn event(&self, logged: &tracing::Event<'_>) {
        let mut event = Event::default();
        logged.record(&mut event);
        let listener = LISTENER.with_borrow(Clone::clone);
        if let Some(listener) = listener {
            listener(event);
        }
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

impl Visit for Event {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "event" => value.clone_into(&mut self.name),
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

impl Event {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        // Writing to a `String` cannot fail.
        let _ = write!(self.text, "{}={value} ", field.name());
    }
}
