//! JSON log lines on standard error. Every line passes the redactor on its way out.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use credjob_contract::redact;
use serde_json::json;
use tracing::Level;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterExt, Targets, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer as FormatWriter;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging with the filter of `CREDJOB_LOG`: a level, or `target=level` pairs separated by commas. Errors of the
/// run itself pass every filter: they name what was left behind.
///
/// Answers what is wrong with the filter, if it cannot be read; the default, `info`, is used then.
pub(crate) fn start(filter: Option<&str>) -> Option<&'static str> {
    let parsed = filter.map(str::parse::<Targets>);
    let problem = matches!(parsed, Some(Err(_)))
        .then_some("CREDJOB_LOG is not a filter; write a level such as `debug`, or `credjob_http=trace,info`");
    let targets = parsed.and_then(Result::ok).unwrap_or_else(|| Targets::new().with_default(Level::INFO));
    let own_errors = filter_fn(|event| *event.level() == Level::ERROR && event.target().starts_with("credjob"));
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(RedactedStderr);
    // A second start, in a test process, keeps the first.
    let _ = tracing_subscriber::registry().with(lines.with_filter(targets.or(own_errors))).try_init();
    problem
}

/// Writes one line past the filter: the summary of a run is never filtered out.
pub(crate) fn write_line(line: &str) {
    // Nowhere is left to tell that standard error is closed.
    let _ = RedactedStderr.make_writer().write_all(format!("{line}\n").as_bytes());
}

/// The time as the other lines write it.
pub(crate) fn now() -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = SystemTime.format_time(&mut FormatWriter::new(&mut text));
    text
}

/// Ends logging and wipes the redactor's copies of the secrets. Work that a cut step left running elsewhere may still
/// log; without the redactor nothing it says can be let out.
pub(crate) fn close() {
    *gate() = Gate::Closed;
    redact::wipe();
}

/// Whether lines may leave. Held while one is redacted and written, so that none overtakes [`close`].
#[derive(PartialEq)]
enum Gate {
    Open,
    Closed,
}

static GATE: Mutex<Gate> = Mutex::new(Gate::Open);

fn gate() -> MutexGuard<'static, Gate> {
    GATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Standard error behind the redactor.
struct RedactedStderr;

impl<'a> MakeWriter<'a> for RedactedStderr {
    type Writer = RedactedWriter;

    fn make_writer(&'a self) -> Self::Writer {
        RedactedWriter
    }
}

/// Gets one whole event at a time from the formatting layer.
struct RedactedWriter;

impl Write for RedactedWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let gate = gate();
        if *gate == Gate::Open {
            io::stderr().write_all(&fit_to_leave(line))?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// The line without secrets. One that is too long for the redactor, with or without a secret in it, gives way to one that says so.
fn fit_to_leave(line: &[u8]) -> Cow<'_, [u8]> {
    if line.len() <= redact::MAX_TEXT {
        return redact::redact_bytes(line);
    }
    let stand_in = json!({ "timestamp": now(), "level": "WARN", "event": "line_left_out", "bytes": line.len() });
    format!("{stand_in}\n").into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_gives_way_to_one_that_says_so() {
        let line = vec![b'x'; redact::MAX_TEXT + 1];
        let left = String::from_utf8(fit_to_leave(&line).into_owned()).unwrap();
        assert!(left.ends_with("}\n") && left.contains("line_left_out") && left.contains("65537"), "{left}");
        assert!(matches!(fit_to_leave(&line[1..]), Cow::Borrowed(_)));
    }
}
