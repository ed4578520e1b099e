//! Where lines go: results to standard output, progress to standard error, a spinner only on a terminal.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::render::{self, Colour};
use super::report::{ProviderFacts, Report, TaskReport};
use crate::args::Format;

/// How often the spinner turns.
const TICK: Duration = Duration::from_millis(100);

/// The screen of one dry run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    format: Format,
    colour: Colour,
}

/// A step that is under way; dropping it wipes its spinner.
#[derive(Debug)]
pub(crate) struct Running {
    title: String,
    spinner: Option<ProgressBar>,
}

impl Screen {
    /// The screen of this process: `NO_COLOR`, `TERM` and what standard output and error are decide.
    pub(crate) fn of_process(format: Format) -> Self {
        let terminal = match format {
            Format::Text => std::io::stdout().is_terminal(),
            Format::Json => std::io::stderr().is_terminal(),
        };
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let colour = if terminal && !plain { Colour::On } else { Colour::Off };
        Self { format, colour }
    }

    /// Shows what is tried.
    pub(crate) fn heading(self, provider: &ProviderFacts) {
        self.line(&render::heading(provider));
    }

    /// Shows a task that has ended.
    pub(crate) fn task(self, task: &TaskReport) {
        self.line(&render::task(task, self.colour));
    }

    /// Shows the end: the verdict, and the document if that was asked for.
    pub(crate) fn verdict(self, report: &Report) {
        self.line(&render::verdict(report, self.colour));
        if self.format == Format::Json {
            to_stdout(&render::document(report));
        }
        if !report.is_good() {
            eprintln!("{}", render::hint(report));
        }
    }

    /// Shows what an interrupted run leaves behind, if anything.
    pub(crate) fn left_behind(self, report: &Report) {
        if !report.is_good() {
            note(&render::verdict(report, self.colour));
        }
    }

    /// A result for people: standard output, unless that is kept for the document.
    fn line(self, text: &str) {
        match self.format {
            Format::Text => to_stdout(text),
            Format::Json => eprint!("{text}"),
        }
    }
}

/// Says that something has begun. Print nothing else until it is dropped.
pub(crate) fn step(title: impl Into<String>) -> Running {
    let title = title.into();
    let spinner = std::io::stderr().is_terminal().then(|| {
        let spinner = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            spinner.set_style(style);
        }
        spinner.set_message(title.clone());
        spinner.enable_steady_tick(TICK);
        spinner
    });
    if spinner.is_none() {
        eprintln!("{title}");
    }
    Running { title, spinner }
}

/// Says something to people only.
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

impl Running {
    /// Shows on a terminal what the step is doing right now.
    pub(crate) fn detail(&self, text: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(format!("{}: {text}", self.title));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}

/// A closed pipe (`| head`) is the reader's choice, not an error of ours.
fn to_stdout(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
