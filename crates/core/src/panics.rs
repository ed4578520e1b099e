//! The panic hook: one redacted log event instead of the default's raw text on stderr.

use std::any::Any;
use std::panic::{self, PanicHookInfo};

/// Installs the hook. A panic in provider code is then caught and becomes a `CREDJOB_PANIC` failure.
pub(crate) fn install_hook() {
    panic::set_hook(Box::new(log));
}

fn log(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string);
    let text = text(info.payload());
    // The log writer redacts; a panic outside a run has no log and stays silent about its text.
    tracing::error!(event = "panic", place, text, "the program panicked");
}

fn text(payload: &dyn Any) -> &str {
    let literal = payload.downcast_ref::<&'static str>().copied();
    literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text")
}
