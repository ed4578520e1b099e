//! What was tried, and what was left behind.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use super::history::History;
use super::oracle::{Broken, Excuse, OUT_OF_SCOPE, Verdict};
use super::schedule::{Act, Place, Schedule};
use super::service::Status;

/// The version of the JSON form.
const FORMAT: u32 = 1;
/// So many failing schedules of a kind are kept for each scene, all of different shapes.
const KEPT: usize = 6;

/// What an exploration has found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    scenes: Vec<(String, Tally)>,
}

/// Counts of one scene.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    schedules: u64,
    by_length: [u64; 4],
    runs: u64,
    calls: u64,
    outcomes: BTreeMap<String, u64>,
    excuses: BTreeMap<Excuse, (u64, Schedule)>,
    broken: BTreeMap<&'static str, u64>,
    findings: Vec<Finding>,
    single_faults: u64,
    saved: u64,
    unsaved: Vec<Schedule>,
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
        self.scenes.iter().map(|(_, tally)| tally.schedules).sum()
    }

    /// How many processes were lived through.
    pub fn runs(&self) -> u64 {
        self.scenes.iter().map(|(_, tally)| tally.runs).sum()
    }

    /// How many schedules broke the promise.
    pub fn broken(&self) -> u64 {
        self.scenes.iter().flat_map(|(_, tally)| tally.broken.values()).sum()
    }

    /// Failing schedules, with the name of their scene.
    pub fn findings(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.scenes.iter().flat_map(|(name, tally)| tally.findings.iter().map(move |finding| (name.as_str(), finding)))
    }

    /// How often something was left behind for this reason.
    pub fn excused(&self, excuse: Excuse) -> u64 {
        self.scenes.iter().filter_map(|(_, tally)| tally.excuses.get(&excuse)).map(|(count, _)| count).sum()
    }

    /// Single faults that one retry can make up for, of create tasks: how many there were, and the schedules whose first
    /// run did not deliver.
    pub fn unsaved(&self) -> (u64, Vec<(&str, &Schedule)>) {
        let faults = self.scenes.iter().map(|(_, tally)| tally.single_faults).sum();
        let unsaved = self
            .scenes
            .iter()
            .flat_map(|(name, tally)| tally.unsaved.iter().map(move |schedule| (name.as_str(), schedule)));
        (faults, unsaved.collect())
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
}

impl Tally {
    pub(crate) fn add(&mut self, schedule: &Schedule, history: &History) {
        let verdict = &history.verdict;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.schedules += 1;
        self.by_length[schedule.items().len().min(3)] += 1;
        self.runs += count(history.runs.len());
        self.calls += count(history.steps.len());
        *self.outcomes.entry(outcome(verdict)).or_default() += 1;
        for excuse in &verdict.excuses {
            self.excuses.entry(*excuse).or_insert_with(|| (0, schedule.clone())).0 += 1;
        }
        for broken in &verdict.broken {
            *self.broken.entry(broken.line()).or_default() += 1;
            self.keep(Finding { broken: broken.clone(), schedule: schedule.clone() });
        }
        if is_one_transient_fault(schedule) {
            self.single_faults += 1;
            self.saved += u64::from(verdict.delivered_at_once);
            self.unsaved.extend((!verdict.delivered_at_once).then(|| schedule.clone()));
        }
    }

    fn merge(&mut self, other: Self) {
        self.schedules += other.schedules;
        for (mine, others) in self.by_length.iter_mut().zip(other.by_length) {
            *mine += others;
        }
        self.runs += other.runs;
        self.calls += other.calls;
        for (outcome, count) in other.outcomes {
            *self.outcomes.entry(outcome).or_default() += count;
        }
        for (excuse, (count, schedule)) in other.excuses {
            let mine = self.excuses.entry(excuse).or_insert((0, schedule));
            mine.0 += count;
        }
        for (line, count) in other.broken {
            *self.broken.entry(line).or_default() += count;
        }
        for finding in other.findings {
            self.keep(finding);
        }
        self.single_faults += other.single_faults;
        self.saved += other.saved;
        self.unsaved.extend(other.unsaved);
    }

    /// Keeps the shortest schedules of each kind that differ in shape.
    fn keep(&mut self, finding: Finding) {
        let length = finding.schedule.items().len();
        let shape = finding.schedule.shape();
        let alike = |one: &Finding| one.broken.is_like(&finding.broken);
        if let Some(same) = self.findings.iter_mut().find(|one| alike(one) && one.schedule.shape() == shape) {
            if same.schedule.items().len() > length {
                *same = finding;
            }
            return;
        }
        let like: Vec<usize> = (0..self.findings.len()).filter(|at| alike(&self.findings[*at])).collect();
        if like.len() < KEPT {
            self.findings.push(finding);
            return;
        }
        let longest = like.into_iter().max_by_key(|at| self.findings[*at].schedule.items().len());
        if let Some(at) = longest.filter(|at| self.findings[*at].schedule.items().len() > length) {
            self.findings[at] = finding;
        }
    }

    fn to_json(&self, name: &str) -> Value {
        let excuses: BTreeMap<&str, Value> = self
            .excuses
            .iter()
            .map(|(excuse, (count, example))| {
                (excuse.as_str(), json!({ "count": count, "example": example.to_string() }))
            })
            .collect();
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|Finding { broken, schedule }| {
                json!({ "line": broken.line(), "broken": broken.to_string(), "schedule": schedule.to_string() })
            })
            .collect();
        json!({
            "scene": name,
            "schedules": self.schedules,
            "schedules_by_length": self.by_length,
            "runs": self.runs,
            "calls": self.calls,
            "outcomes": self.outcomes,
            "left_behind": excuses,
            "broken": self.broken,
            "findings": findings,
            "single_transient_faults": {
                "tried": self.single_faults,
                "made_up_for": self.saved,
                "not": self.unsaved.iter().map(Schedule::to_string).collect::<Vec<_>>(),
            },
        })
    }
}

/// What became of the task and what is left, in a few words.
fn outcome(verdict: &Verdict) -> String {
    let task = match verdict.status {
        Some(Status::Created) => "published",
        Some(Status::Deleted) => "deleted",
        Some(Status::Failed) => "failed",
        Some(Status::Gone) => "task cancelled",
        Some(Status::Processing) => "task open",
        None => "crashed",
    };
    let left = match (verdict.orphans, verdict.exit) {
        (0, Some(0)) => "nothing left",
        (0, Some(4 | 5)) => "nothing left, and an alarm",
        (0, _) => "nothing left, exit code not 0",
        (_, Some(0)) => "something left",
        (_, _) => "something left, exit code not 0",
    };
    format!("{task}, {left}")
}

/// One fault, once, that a retry can make up for, and that would not stop what a user asked for.
fn is_one_transient_fault(schedule: &Schedule) -> bool {
    match schedule.items() {
        [item] => match (item.place, item.act) {
            (Place::At(_), Act::Fault(fault)) => fault.is_transient() && fault.hides_the_answer(),
            _ => false,
        },
        _ => false,
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
            if tally.single_faults > 0 {
                let Tally { saved, single_faults, unsaved, .. } = tally;
                writeln!(f, "  single transient faults: {saved} of {single_faults} made up for by the first run")?;
                if !unsaved.is_empty() {
                    let unsaved: Vec<String> = unsaved.iter().map(Schedule::to_string).collect();
                    writeln!(f, "    not: {}", unsaved.join(", "))?;
                }
            }
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
        write!(f, "{} schedules, {} processes, {} broken", self.schedules(), self.runs(), self.broken())
    }
}
