//! What was tried, and what was left behind.

mod markdown;
mod tally;

use std::fmt;

use serde_json::{Value, json};

pub use self::markdown::faults_as_markdown;
pub(crate) use self::tally::Tally;
use super::oracle::{Broken, Excuse, OUT_OF_SCOPE};
use super::schedule::Schedule;

/// The version of the JSON form.
const FORMAT: u32 = 2;

/// What an exploration has found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    scenes: Vec<(String, Tally)>,
}

/// A broken promise, and a schedule that breaks it.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What is broken.
    pub broken: Broken,
    /// The schedule, as plain as it gets.
    pub schedule: Schedule,
}

impl Report {
    pub(crate) fn new(scenes: impl Iterator<Item = String>) -> Self {
        Self { scenes: scenes.map(|name| (name, Tally::default())).collect() }
    }

    pub(crate) fn add(&mut self, scene: usize, tally: Tally) {
        self.scenes[scene].1.merge(tally);
    }

    pub(crate) fn shrink(&mut self, scene: usize, shrink: impl Fn(&Finding) -> Schedule) {
        let findings = std::mem::take(&mut self.scenes[scene].1.findings);
        for mut finding in findings {
            finding.schedule = shrink(&finding);
            self.scenes[scene].1.keep(finding);
        }
    }

    /// How many schedules were tried.
    pub fn schedules(&self) -> u64 {
        self.sum(|tally| tally.schedules)
    }

    /// How many processes were lived through.
    pub fn runs(&self) -> u64 {
        self.sum(|tally| tally.runs)
    }

    /// How many schedules broke the promise.
    pub fn broken(&self) -> u64 {
        self.sum(|tally| tally.broken.values().sum())
    }

    /// Failing schedules, with the name of their scene.
    pub fn findings(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.scenes.iter().flat_map(|(name, tally)| tally.findings.iter().map(move |finding| (name.as_str(), finding)))
    }

    /// How often something was left behind for this reason.
    pub fn excused(&self, excuse: Excuse) -> u64 {
        self.sum(|tally| tally.excuses.get(&excuse).map_or(0, |(count, _)| *count))
    }

    /// How many single faults were tried that are over at the next try, and in how many of these the first run delivered.
    pub fn delivered(&self) -> (u64, u64) {
        (self.sum(|tally| tally.transient.tried), self.sum(|tally| tally.transient.delivered))
    }

    /// Single faults that are over at the next try, that the first run did not deliver under, and that there is no reason
    /// for ([`Hopeless`](super::Hopeless)): what one retry could have saved.
    pub fn unsaved(&self) -> impl Iterator<Item = (&str, &Schedule)> {
        self.scenes
            .iter()
            .flat_map(|(name, tally)| tally.transient.unsaved.iter().map(move |schedule| (name.as_str(), schedule)))
    }

    /// Fails the test if a promise was broken. `replay` is what to type to see a schedule again; it holds `{}` where the
    /// scene and the schedule belong.
    ///
    /// # Panics
    /// With every failing schedule that was kept.
    pub fn assert_kept(&self, replay: &str) {
        let findings: Vec<String> = self
            .findings()
            .map(|(scene, finding)| {
                let again = replay.replace("{}", &format!("'{scene}: {}'", finding.schedule));
                format!("{scene}: {}\n    {again}", finding.broken)
            })
            .collect();
        assert!(findings.is_empty(), "{} schedules break the promise:\n{}", self.broken(), findings.join("\n"));
    }

    /// Fails the test if a run was not saved that one retry could have saved.
    ///
    /// # Panics
    /// With every such schedule.
    pub fn assert_saved(&self) {
        let unsaved: Vec<String> = self.unsaved().map(|(scene, schedule)| format!("{scene}: {schedule}")).collect();
        assert!(unsaved.is_empty(), "one retry could have saved:\n{}", unsaved.join("\n"));
    }

    /// The report as JSON.
    pub fn to_json(&self) -> Value {
        let scenes: Vec<Value> = self.scenes.iter().map(|(name, tally)| tally.to_json(name)).collect();
        json!({
            "format": FORMAT,
            "schedules": self.schedules(),
            "runs": self.runs(),
            "broken": self.broken(),
            "scenes": scenes,
            "out_of_scope": OUT_OF_SCOPE,
        })
    }

    fn sum(&self, count: impl Fn(&Tally) -> u64) -> u64 {
        self.scenes.iter().map(|(_, tally)| count(tally)).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, tally) in &self.scenes {
            let [_, singles, pairs, triples] = tally.by_length;
            writeln!(
                f,
                "{name}: {} schedules ({singles} single, {pairs} pairs, {triples} triples), {} processes, {} calls",
                tally.schedules, tally.runs, tally.calls
            )?;
            for (outcome, count) in &tally.outcomes {
                writeln!(f, "  {count:>8}  {outcome}")?;
            }
            write_transient(f, tally)?;
            for (excuse, (count, example)) in &tally.excuses {
                writeln!(f, "  left behind {count:>8}  {excuse}, e.g. {example}")?;
            }
            for (line, count) in &tally.broken {
                writeln!(f, "  BROKEN      {count:>8}  {line}")?;
            }
            for Finding { broken, schedule } in &tally.findings {
                writeln!(f, "    {broken}\n      {schedule}")?;
            }
        }
        for lie in OUT_OF_SCOPE {
            writeln!(f, "not tried: {lie}")?;
        }
        let (tried, delivered) = self.delivered();
        writeln!(f, "single transient faults: the first run delivered in {delivered} of {tried}")?;
        write!(f, "{} schedules, {} processes, {} broken", self.schedules(), self.runs(), self.broken())
    }
}

fn write_transient(f: &mut fmt::Formatter<'_>, tally: &Tally) -> fmt::Result {
    let transient = &tally.transient;
    if transient.tried == 0 {
        return Ok(());
    }
    writeln!(f, "  single transient faults: delivered in {} of {}", transient.delivered, transient.tried)?;
    let list = |schedules: &[Schedule]| schedules.iter().map(Schedule::to_string).collect::<Vec<_>>().join(", ");
    for (reason, schedules) in &transient.hopeless {
        writeln!(f, "    not, since {reason}: {}", list(schedules))?;
    }
    if !transient.unsaved.is_empty() {
        writeln!(f, "    NOT SAVED: {}", list(&transient.unsaved))?;
    }
    Ok(())
}
