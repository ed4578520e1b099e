//! `credjob check`: what would go wrong later, as one table of findings, each with a fix.
//!
//! A finding is something that is there; what could not be looked at is listed as not checked, and never passes for fine.

pub(crate) mod args;
mod container;
mod deadline;
mod exported;
mod finding;
mod kit;
mod personal;
mod project;
mod render;
mod schema;
mod source;
mod subject;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use credjob_contract::JobConfig;

use crate::problem::{Exit, Problem};
use crate::runtime;
use args::{CheckArgs, Format};
use exported::Exported;
use finding::{Check, Report};
use kit::Kit;
use subject::Subject;

/// Runs the subcommand.
pub(crate) fn run(arguments: &CheckArgs) -> Result<ExitCode, Problem> {
    let exported = arguments.config.as_deref().map(exported::read).transpose()?;
    let deadline = arguments.deadline.as_deref().map(deadline::option).transpose()?;
    let (subject, kit) = runtime::block_on(async {
        let subject = subject::find(arguments.subject.as_deref()).await?;
        let kit = match &subject.project {
            Some(folder) if !arguments.no_kit => kit::ask(folder).await,
            _ => Kit::NotAsked("--no-kit is given"),
        };
        Ok((subject, kit))
    })?;
    let report = check(&subject, &kit, exported.as_ref(), deadline);
    let text = match arguments.format {
        Format::Text => render::table(&report, render::Colour::of_process()),
        Format::Json => render::document(&report),
    };
    // A closed pipe (`| head`) is the reader's choice.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(if report.errors() == 0 { ExitCode::SUCCESS } else { Exit::TaskFailed.into() })
}

fn check(subject: &Subject, kit: &Kit, exported: Option<&Exported>, deadline: Option<deadline::Deadline>) -> Report {
    let mut report = Report::new(&subject.shown);
    let declared = schema::binary(&subject.schema, &mut report);
    if let Some(declared) = &declared {
        personal::inputs(declared, &mut report);
        against_exported(declared, exported, &mut report);
    } else {
        for check in [Check::PersonalData, Check::SecretInput, Check::Configuration] {
            report.skip(check, "the schema cannot be read");
        }
    }
    let mut container = None;
    if let Some(project) = &subject.project {
        container = in_project(project, declared.as_ref(), &subject.schema, kit, &mut report);
    } else {
        for check in Check::OF_A_PROJECT {
            report.skip(check, "a binary was named; name the project's folder");
        }
    }
    let deadline = deadline.or_else(|| container.and_then(|container| container.deadline));
    deadline::check(deadline, exported.and_then(|exported| exported.task_timeout.as_deref()), &mut report);
    report
}

fn against_exported(declared: &JobConfig, exported: Option<&Exported>, report: &mut Report) {
    match exported {
        Some(exported) => exported::compare(declared, exported, report),
        None => report.skip(Check::Configuration, "no --config FILE is given"),
    }
}

fn in_project(
    folder: &Path,
    declared: Option<&JobConfig>,
    printed: &str,
    kit: &Kit,
    report: &mut Report,
) -> Option<container::Facts> {
    schema::file(folder, declared, printed, report);
    let files = source::read(folder, "src");
    personal::ids(&files, report);
    kit.tell(report);
    if !kit.has_run() {
        project::sources(&files, report);
        project::conformance(folder, report);
    }
    container::check(folder, report)
}
