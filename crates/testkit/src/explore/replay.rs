//! One schedule again, told call by call.

use std::fmt::Write as _;

use super::effort::Effort;
use super::ground::Told;
use super::history::{self, History};
use super::report::Report;
use super::scene::Scene;
use super::schedule::{Schedule, ScheduleError};
use super::search::explore;

/// Names one scene and one schedule, `scene: schedule`, that [`check`] lives through instead of exploring.
pub const REPLAY_VARIABLE: &str = "CREDJOB_EXPLORE";

/// What the test of a provider calls: explores, prints the report, and fails if a promise was broken. The report, unless a
/// schedule was replayed.
///
/// `command` is what runs this test; with [`REPLAY_VARIABLE`] in front of it, one schedule is told call by call.
///
/// # Panics
/// If a schedule breaks the promise, or if [`REPLAY_VARIABLE`] holds no schedule.
pub fn check(scenes: &[(Scene, Effort)], command: &str) -> Option<Report> {
    let Ok(wanted) = std::env::var(REPLAY_VARIABLE) else {
        let report = explore(scenes);
        println!("{report}");
        report.assert_kept(&format!("{REPLAY_VARIABLE}={{}} {command}"));
        return Some(report);
    };
    match find(scenes.iter().map(|(scene, _)| scene), &wanted) {
        Ok((scene, schedule)) => {
            let (told, kept) = replay(scene, &schedule);
            println!("{told}");
            assert!(kept, "the schedule breaks the promise:\n{told}");
        }
        Err(problem) => println!("not replayed here: {problem}"),
    }
    None
}

/// The scene and the schedule of a text `scene: schedule`.
///
/// # Errors
/// What cannot be understood.
pub fn find<'a>(mut scenes: impl Iterator<Item = &'a Scene>, text: &str) -> Result<(&'a Scene, Schedule), ReplayError> {
    let (name, schedule) = text.split_once(':').unwrap_or((text, ""));
    let scene = scenes.find(|scene| scene.name() == name.trim());
    let scene = scene.ok_or_else(|| ReplayError::Scene(name.trim().to_owned()))?;
    Ok((scene, schedule.parse()?))
}

/// Why a schedule cannot be replayed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// No such scene.
    #[error("there is no scene `{0}` here; write SCENE: SCHEDULE")]
    Scene(String),
    /// No schedule.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
}

/// Lives through one schedule and tells what happened: every call, every log line, every exit code, and the verdict.
/// Whether the promise was kept.
pub fn replay(scene: &Scene, schedule: &Schedule) -> (String, bool) {
    tell(scene, schedule, &history::live(scene, schedule))
}

/// What happened in a history.
pub(crate) fn tell(scene: &Scene, schedule: &Schedule, history: &History) -> (String, bool) {
    let mut text = format!("{}: {schedule}\n", scene.name());
    // Writing to a `String` cannot fail.
    for run in &history.runs {
        let exit = run.exit.map_or_else(|| "killed".to_owned(), |exit| format!("exit code {exit}"));
        let _ = writeln!(
            text,
            "process {} (retry count {}): {exit} after {:?}",
            run.process,
            run.retry,
            run.ended - run.started
        );
        for step in history.steps.iter().filter(|step| step.slot.process == run.process) {
            let acts: Vec<String> = step.acts.iter().map(ToString::to_string).collect();
            let told = match step.told {
                None => "never ended".to_owned(),
                Some(Told::Answer(Some(status))) => status.to_string(),
                Some(Told::Answer(None)) => "answered".to_owned(),
                Some(Told::NotSent) => "not sent".to_owned(),
                Some(Told::Lost) => "no answer".to_owned(),
                Some(Told::Unreadable) => "unreadable".to_owned(),
            };
            let _ = writeln!(
                text,
                "  {:>9.3} s  {:<22} {:<20} {told}",
                step.at.as_secs_f64(),
                step.slot.to_string(),
                acts.join(" ")
            );
        }
        for line in history.lines.iter().filter(|line| line.process == run.process) {
            let _ = writeln!(text, "  | {}", line.text);
        }
    }
    let verdict = &history.verdict;
    let _ = writeln!(text, "task: {}", verdict.status.map_or("unknown", super::service::Status::as_str));
    let _ = writeln!(text, "credentials without an owner: {}", verdict.orphans);
    for excuse in &verdict.excuses {
        let _ = writeln!(text, "excused: {excuse}");
    }
    for broken in &verdict.broken {
        let _ = writeln!(text, "BROKEN: line {}: {broken}", broken.line());
    }
    (text, verdict.broken.is_empty())
}
