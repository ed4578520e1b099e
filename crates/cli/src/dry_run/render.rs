//! How a dry run looks: lines for people, or one versioned document.

use std::time::Duration;

use serde_json::{Value, json};

use super::report::{ProviderFacts, Report, TaskReport};

/// The version of the JSON document. A field may be added under the same number; a changed meaning gets a new one.
const DOCUMENT_VERSION: u32 = 1;

/// What stands before the lines that belong to a task.
const INDENT: &str = "          ";

/// Whether to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    On,
    Off,
}

impl Colour {
    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Self::Off => text.to_owned(),
        }
    }

    fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }
}

/// The first lines: what is tried.
pub(crate) fn heading(provider: &ProviderFacts) -> String {
    format!("{} ({}) against a Secrets Manager on this machine\n", provider.version, provider.program)
}

/// The lines of one task.
pub(crate) fn task(task: &TaskReport, colour: Colour) -> String {
    let verdict = if task.is_good() { colour.good("ok    ") } else { colour.bad("FAILED") };
    let id = task.credentials_id.as_deref().map(|id| format!("  id {id}")).unwrap_or_default();
    let mut lines = vec![format!(
        "  {verdict}  {:<15}  {:<28}  {:<19}  {:>8}{id}",
        task.step.name(),
        task.trigger,
        task.status,
        spoken(task.duration),
    )];
    lines.extend(task.errors.iter().map(|error| format!("{INDENT}{}: {}", error.code, error.description)));
    match task.exit_code {
        Some(0) => {}
        Some(code) => lines.push(format!("{INDENT}the job ended with exit code {code}")),
        None => lines.push(format!("{INDENT}the job was killed")),
    }
    lines.extend(task.log.iter().flatten().map(|line| colour.dim(&format!("{INDENT}| {line}"))));
    lines.join("\n") + "\n"
}

/// The last lines: the verdict, and what to do if it is bad.
pub(crate) fn verdict(report: &Report, colour: Colour) -> String {
    let problems = report.problems();
    if problems.is_empty() {
        let tasks = match report.tasks.len() {
            1 => "1 task".to_owned(),
            count => format!("{count} tasks"),
        };
        return format!("\n{}: {tasks} ended as they should, nothing is left behind\n", colour.good("ok"));
    }
    let problems: Vec<String> = problems.iter().map(|problem| format!("  - {problem}")).collect();
    format!("\n{}:\n{}\n", colour.bad("failed"), problems.join("\n"))
}

/// What to type next when the verdict is bad.
pub(crate) fn hint(report: &Report) -> &'static str {
    if report.tasks.iter().any(|task| task.log.is_some()) {
        "hint: the log lines above tell what the job did; the job's README lists its error codes"
    } else {
        "hint: run it again with --show-logs to see what the job did"
    }
}

/// The document of `--format json`.
pub(crate) fn document(report: &Report) -> String {
    let tasks: Vec<Value> = report.tasks.iter().map(task_document).collect();
    let document = json!({
        "version": DOCUMENT_VERSION,
        "provider": {
            "name": report.provider.name,
            "version": report.provider.version,
            "program": report.provider.program,
        },
        "tasks": tasks,
        "live_credentials": report.live,
        "verdict": {
            "ok": report.is_good(),
            "problems": report.problems(),
        },
    });
    format!("{document:#}\n")
}

fn task_document(task: &TaskReport) -> Value {
    let errors: Vec<Value> =
        task.errors.iter().map(|error| json!({"code": error.code, "description": error.description})).collect();
    let mut document = json!({
        "step": task.step.name(),
        "task_id": task.task_id,
        "trigger": task.trigger,
        "status": task.status,
        "ok": task.is_good(),
        "duration_ms": u64::try_from(task.duration.as_millis()).unwrap_or(u64::MAX),
        "credentials_id": task.credentials_id,
        "errors": errors,
        "exit_code": task.exit_code,
    });
    if let Some(log) = &task.log {
        document["log"] = json!(log);
    }
    document
}

/// Milliseconds below a second: most tasks of a dry run take a few.
fn spoken(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{} ms", duration.as_millis())
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{failed, good};
    use super::*;

    fn text(report: &Report, colour: Colour) -> String {
        let mut text = heading(&report.provider);
        for entry in &report.tasks {
            text.push_str(&task(entry, colour));
        }
        text.push_str(&verdict(report, colour));
        text
    }

    #[test]
    fn a_clean_life_in_text() {
        insta::assert_snapshot!(text(&good(), Colour::Off));
    }

    #[test]
    fn a_failed_task_in_text() {
        insta::assert_snapshot!(text(&failed(), Colour::Off));
    }

    #[test]
    fn a_clean_life_as_a_document() {
        insta::assert_snapshot!(document(&good()));
    }

    #[test]
    fn a_failed_task_as_a_document() {
        insta::assert_snapshot!(document(&failed()));
    }

    #[test]
    fn colours_are_only_used_when_they_are_on() {
        assert!(text(&good(), Colour::On).contains("\u{1b}[32m"));
        assert!(!text(&good(), Colour::Off).contains('\u{1b}'));
    }

    #[test]
    fn the_hint_leads_to_the_logs_until_they_are_shown() {
        assert!(hint(&good()).contains("--show-logs"));
        assert!(!hint(&failed()).contains("--show-logs"));
    }
}
