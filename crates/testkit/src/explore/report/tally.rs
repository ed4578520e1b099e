//! The counts of one scene.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::history::History;
use super::super::oracle::{Excuse, Hopeless, Verdict};
use super::super::scene::Scene;
use super::super::schedule::{Act, Place, Schedule};
use super::super::service::Status;
use super::Finding;

/// So many failing schedules of a kind are kept for each scene, all of different shapes.
const KEPT: usize = 6;

/// Counts of one scene.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(super) schedules: u64,
    pub(super) by_length: [u64; 4],
    pub(super) runs: u64,
    pub(super) calls: u64,
    pub(super) outcomes: BTreeMap<String, u64>,
    /// Processes by exit code; `None`: killed.
    pub(super) exits: BTreeMap<Option<u8>, u64>,
    pub(super) excuses: BTreeMap<Excuse, (u64, Schedule)>,
    pub(super) broken: BTreeMap<&'static str, u64>,
    pub(super) findings: Vec<Finding>,
    pub(super) transient: Transient,
}

/// Single faults that are over at the next try.
#[derive(Debug, Clone, Default)]
pub(super) struct Transient {
    pub(super) tried: u64,
    /// The first run delivered.
    pub(super) delivered: u64,
    pub(super) hopeless: BTreeMap<Hopeless, Vec<Schedule>>,
    /// It did not, and there is no reason.
    pub(super) unsaved: Vec<Schedule>,
}

impl Tally {
    pub(crate) fn add(&mut self, scene: &Scene, schedule: &Schedule, history: &History) {
        let verdict = &history.verdict;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.schedules += 1;
        self.by_length[schedule.items().len().min(3)] += 1;
        self.runs += count(history.runs.len());
        self.calls += count(history.steps.len());
        *self.outcomes.entry(outcome(verdict)).or_default() += 1;
        for run in &history.runs {
            *self.exits.entry(run.exit).or_default() += 1;
        }
        for excuse in &verdict.excuses {
            self.excuses.entry(*excuse).or_insert_with(|| (0, schedule.clone())).0 += 1;
        }
        for broken in &verdict.broken {
            *self.broken.entry(broken.line()).or_default() += 1;
            self.keep(Finding { broken: broken.clone(), schedule: schedule.clone() });
        }
        if is_one_transient_fault(schedule) {
            self.transient.add(scene, schedule, verdict);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.schedules += other.schedules;
        for (mine, others) in self.by_length.iter_mut().zip(other.by_length) {
            *mine += others;
        }
        self.runs += other.runs;
        self.calls += other.calls;
        add_all(&mut self.outcomes, other.outcomes);
        add_all(&mut self.exits, other.exits);
        for (excuse, (count, schedule)) in other.excuses {
            let mine = self.excuses.entry(excuse).or_insert((0, schedule));
            mine.0 += count;
        }
        add_all(&mut self.broken, other.broken);
        for finding in other.findings {
            self.keep(finding);
        }
        self.transient.merge(other.transient);
    }

    /// Keeps the shortest schedules of each kind that differ in shape.
    pub(super) fn keep(&mut self, finding: Finding) {
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

    pub(super) fn to_json(&self, name: &str) -> Value {
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
        let exits: BTreeMap<String, u64> = self.exits.iter().map(|(exit, count)| (exit_name(*exit), *count)).collect();
        json!({
            "scene": name,
            "schedules": self.schedules,
            "schedules_by_length": self.by_length,
            "runs": self.runs,
            "calls": self.calls,
            "outcomes": self.outcomes,
            "exit_codes": exits,
            "left_behind": excuses,
            "broken": self.broken,
            "findings": findings,
            "single_transient_faults": self.transient.to_json(),
        })
    }
}

impl Transient {
    fn add(&mut self, scene: &Scene, schedule: &Schedule, verdict: &Verdict) {
        self.tried += 1;
        match Hopeless::of(scene, schedule) {
            _ if verdict.delivered_at_once => self.delivered += 1,
            Some(reason) => self.hopeless.entry(reason).or_default().push(schedule.clone()),
            None => self.unsaved.push(schedule.clone()),
        }
    }

    fn merge(&mut self, other: Self) {
        self.tried += other.tried;
        self.delivered += other.delivered;
        for (reason, schedules) in other.hopeless {
            self.hopeless.entry(reason).or_default().extend(schedules);
        }
        self.unsaved.extend(other.unsaved);
    }

    fn to_json(&self) -> Value {
        let texts = |schedules: &[Schedule]| schedules.iter().map(Schedule::to_string).collect::<Vec<_>>();
        let hopeless: BTreeMap<&str, Vec<String>> =
            self.hopeless.iter().map(|(reason, schedules)| (reason.as_str(), texts(schedules))).collect();
        json!({
            "tried": self.tried,
            "delivered": self.delivered,
            "not": hopeless,
            "not_without_a_reason": texts(&self.unsaved),
        })
    }
}

fn add_all<K: Ord>(mine: &mut BTreeMap<K, u64>, others: BTreeMap<K, u64>) {
    for (key, count) in others {
        *mine.entry(key).or_default() += count;
    }
}

/// How a process ended, in a word or two.
pub(super) fn exit_name(exit: Option<u8>) -> String {
    exit.map_or_else(|| "killed".to_owned(), |exit| exit.to_string())
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
