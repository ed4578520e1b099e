//! The judge: holds a history to the six lines of the promise (DESIGN 3).
//!
//! It knows the external system, the task and its version, and what the processes wrote and exited with. The calls and
//! the schedule it looks at only to say *why* something was left behind.

mod broken;
mod excuse;
mod hopeless;

use std::time::Duration;

use credjob::contract::redact::redact;

pub use self::broken::Broken;
pub use self::excuse::Excuse;
pub use self::hopeless::Hopeless;
use super::ground::{Birth, Ground};
use super::history::Ran;
use super::log::Line;
use super::scene::Scene;
use super::service::{Asks, Status};
use crate::leak;

/// What no schedule does, because no client can see through it.
pub const OUT_OF_SCOPE: [&str; 6] = [
    "a definite refusal (4xx but 408 and 429) of something that was applied",
    "a 429 or a failed connection for something that was applied",
    "an external system that says \"no such credential\" of one that exists, for two seconds or longer, or while deleting an old one",
    "a task or a version list that is older than two seconds",
    "a well-formed answer that says what is not so: another id, another status",
    "a marker or an id that the external system changes",
];

/// What SIGTERM leaves (DESIGN 6).
const AFTER_SIGNAL: Duration = Duration::from_secs(25);
/// The exit codes that say that something may be left (DESIGN 6).
const MAY_BE_LEFT: [u8; 2] = [4, 5];
/// The log events that name it.
const NAMING: [&str; 2] = ["orphaned_credentials", "outcome_unknown"];

/// What a history is judged by.
pub(crate) struct Evidence<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) ground: &'a Ground,
    pub(crate) runs: &'a [Ran],
    pub(crate) lines: &'a [Line],
    /// Credentials that this task has nothing to do with.
    pub(crate) strangers: &'a [String],
    /// What a delete task names.
    pub(crate) target: Option<&'a str>,
    /// Whether secrets are searched for in every encoding.
    pub(crate) thorough: bool,
}

/// What the judge has found, and what became of the task.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdict {
    pub(crate) broken: Vec<Broken>,
    /// Why something was left behind that the promise allows.
    pub(crate) excuses: Vec<Excuse>,
    pub(crate) status: Option<Status>,
    /// How many credentials are left without an owner.
    pub(crate) orphans: usize,
    /// The exit code of the last run.
    pub(crate) exit: Option<u8>,
    /// Whether the first run delivered.
    pub(crate) delivered_at_once: bool,
}

/// When something is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Re-runs may follow, and requests may be under way.
    Between,
    End,
}

impl Verdict {
    pub(crate) fn crashed() -> Self {
        Self { broken: vec![Broken::Crashed], ..Self::default() }
    }

    /// After the processes that ran together have ended; those from `round` on are new.
    pub(crate) fn judge_round(&mut self, evidence: &Evidence<'_>, round: usize) {
        for run in &evidence.runs[round..] {
            self.judge_run(evidence, run);
        }
        let Some(last) = evidence.runs.last() else { return };
        if round == 0 {
            self.delivered_at_once = matches!(evidence.ground.service.status(), Status::Created | Status::Deleted);
        }
        self.judge_credentials(evidence);
        let together = &evidence.runs[round..];
        for birth in evidence.orphans() {
            // A re-run will see to it.
            if together.iter().any(|run| run.exit.is_none()) {
                continue;
            }
            let all_clear = together.len() == 1 && last.exit.is_none_or(|exit| !MAY_BE_LEFT.contains(&exit));
            let looked = evidence.ground.last_look().filter(|look| *look >= last.started);
            if !evidence.names(&birth) {
                self.judge_orphan(evidence, &birth, Stage::Between);
            } else if all_clear && birth.at <= looked.unwrap_or(last.started) {
                self.add(Broken::FalseAllClear(birth.live.id));
            }
        }
    }

    /// After everything that was still under way has arrived.
    pub(crate) fn judge_end(&mut self, evidence: &Evidence<'_>) {
        let status = evidence.ground.service.status();
        self.judge_credentials(evidence);
        let orphans = evidence.orphans();
        for birth in &orphans {
            self.judge_orphan(evidence, birth, Stage::End);
        }
        if status == Status::Processing {
            self.judge_open_task(evidence);
        }
        self.status = Some(status);
        self.orphans = orphans.len();
        self.exit = evidence.runs.last().and_then(|run| run.exit);
    }

    fn judge_run(&mut self, evidence: &Evidence<'_>, run: &Ran) {
        let Evidence { ground, scene, .. } = evidence;
        let took = run.ended - run.started;
        let stopped = ground.stopped_at(run.process).map(|at| run.ended.saturating_duration_since(at));
        if took > scene.deadline() || run.endless {
            self.add(Broken::TooLong(took));
        } else if let Some(stopped) = stopped.filter(|stopped| *stopped > AFTER_SIGNAL) {
            self.add(Broken::TooLong(stopped));
        }
        if ground.updates_after_refusal(run.process) > 0 {
            self.add(Broken::UpdateAfterRefusal);
        }
        match run.exit {
            Some(exit) if MAY_BE_LEFT.contains(&exit) && !evidence.lines_of(run.process).any(names_something) => {
                self.add(Broken::NothingNamed(exit));
            }
            Some(0) if ground.service.status() == Status::Processing && !ground.was_refused_for_good(run.process) => {
                self.add(Broken::FalseDone);
            }
            _ => {}
        }
        for line in evidence.lines_of(run.process) {
            self.judge_text(evidence, &line.text);
        }
        for error in ground.service.errors() {
            self.judge_text(evidence, &error);
        }
    }

    fn judge_credentials(&mut self, evidence: &Evidence<'_>) {
        let live = evidence.ground.live();
        let works = |id: &str| live.iter().any(|one| one.id == id);
        if let Some(owned) = evidence.ground.service.owned().filter(|owned| !works(owned)) {
            self.add(Broken::Dangling(owned));
        }
        for stranger in evidence.strangers.iter().filter(|stranger| !works(stranger)) {
            self.add(Broken::StrangerHarmed(stranger.clone()));
        }
        if let Some(target) = evidence.target {
            let gave_up = evidence.lines.iter().any(|line| line.event == "gave_up");
            if evidence.ground.service.status() == Status::Deleted && works(target) && !gave_up {
                self.add(Broken::FalseDelete(target.to_owned()));
            }
        }
    }

    fn judge_orphan(&mut self, evidence: &Evidence<'_>, birth: &Birth, stage: Stage) {
        match Excuse::of_orphan(evidence, birth) {
            Some(excuse) if stage == Stage::End => self.excuse(excuse),
            Some(_) => {}
            None if evidence.names(birth) => self.add(Broken::Avoidable(birth.live.id.clone())),
            None if evidence.is_of_a_loser(birth) => self.add(Broken::LosersOrphan(birth.live.id.clone())),
            None => self.add(Broken::Orphan(birth.live.id.clone())),
        }
    }

    fn judge_open_task(&mut self, evidence: &Evidence<'_>) {
        match Excuse::of_silence(evidence) {
            Some(excuse) => self.excuse(excuse),
            None => self.add(Broken::Unreported),
        }
    }

    /// The output as it leaves the process: behind the redactor.
    fn judge_text(&mut self, evidence: &Evidence<'_>, text: &str) {
        if evidence.thorough || evidence.scene.shows_a_canary(text) {
            // Line by line, as the log writer does: a text above the redactor's limit is left out as a whole.
            let printed: Vec<_> = text.lines().map(redact).collect();
            for leak in leak::find_leaks(printed.join("\n").as_bytes(), &evidence.scene.canaries) {
                self.add(Broken::Leak(leak.name));
            }
        }
    }

    fn add(&mut self, broken: Broken) {
        if !self.broken.contains(&broken) {
            self.broken.push(broken);
        }
    }

    fn excuse(&mut self, excuse: Excuse) {
        if !self.excuses.contains(&excuse) {
            self.excuses.push(excuse);
        }
    }
}

impl Evidence<'_> {
    /// Credentials of this task that work and that no version owns.
    fn orphans(&self) -> Vec<Birth> {
        if self.scene.asks == Asks::Delete {
            return Vec::new();
        }
        let live = self.ground.live();
        let owned = self.ground.service.owned();
        let mut births = self.ground.births();
        births.retain(|birth| owned.as_ref() != Some(&birth.live.id) && live.iter().any(|one| one.id == birth.live.id));
        births
    }

    /// Whether some run with exit code 4 or 5 has named this credential.
    fn names(&self, birth: &Birth) -> bool {
        let told = self.runs.iter().filter(|run| run.exit.is_some_and(|exit| MAY_BE_LEFT.contains(&exit)));
        told.flat_map(|run| self.lines_of(run.process)).any(|line| {
            let id = line.credentials_id.as_ref() == Some(&birth.live.id);
            let marker = line.marker.as_ref().is_some_and(|marker| birth.live.marker.starts_with(marker));
            NAMING.contains(&line.event.as_str()) && (id || marker)
        })
    }

    /// Whether another process has published another credential.
    fn is_of_a_loser(&self, birth: &Birth) -> bool {
        let owned = self.ground.service.owned();
        let published = self.ground.births().into_iter().find(|other| owned.as_ref() == Some(&other.live.id));
        published.is_some_and(|published| published.process != birth.process)
    }

    fn lines_of(&self, process: u8) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.process == process)
    }
}

fn names_something(line: &Line) -> bool {
    NAMING.contains(&line.event.as_str()) && (line.credentials_id.is_some() || line.marker.is_some())
}
