//! Everything that a bench has found out, and its JSON.

use serde_json::{Value, json};

use super::figures::{Figures, Line};
use super::goals::{Goal, Verdict};
use super::latency::{DELAY, Latency};
use super::reference;
use super::rsa::Rsa;
use super::spread::Spread;

/// The version of the JSON: it changes when a field changes its meaning or goes.
const VERSION: u32 = 1;

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    /// Pairs of runs of each line.
    pub(crate) runs: usize,
    pub(crate) rsa_runs: usize,
    /// The curl that was measured.
    pub(crate) curl: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) rsa: Option<Rsa>,
    pub(crate) latency: Latency,
    pub(crate) goals: Vec<Goal>,
    /// What the figures cannot show.
    pub(crate) notes: Vec<String>,
}

impl Report {
    /// The targets that were missed, one text each.
    pub(crate) fn missed(&self) -> Vec<String> {
        let missed = self.goals.iter().filter(|goal| goal.verdict() == Verdict::NotMet);
        missed
            .map(|goal| format!("{}, {}: {:.2} > {:.2} {}", goal.run, goal.what, goal.measured, goal.limit, goal.unit))
            .collect()
    }

    /// The whole as JSON.
    pub(crate) fn json(&self) -> Value {
        json!({
            "version": VERSION,
            "runs": self.runs,
            "rsa_runs": self.rsa_runs,
            "curl": self.curl,
            "lines": self.lines.iter().map(line).collect::<Vec<_>>(),
            "rsa": self.rsa.as_ref().map(rsa),
            "latency": {
                "delay_ms": DELAY.as_millis(), "wall_ms": spread(&self.latency.wall), "beyond_round_trips_ms": self.latency.beyond,
                "bare_key_ms": spread(&self.latency.key),
            },
            "targets": self.goals.iter().map(goal).collect::<Vec<_>>(),
            "quoted_from_issue_3": {"columns": reference::HEADS, "rows": reference::ROWS},
            "notes": self.notes,
        })
    }
}

fn line(line: &Line) -> Value {
    json!({
        "run": line.subject.title(), "wire": line.wire.title(), "job": figures(&line.job), "curl": figures(&line.curl),
    })
}

fn rsa(rsa: &Rsa) -> Value {
    let estimate = |of: super::rsa::Estimate| json!({"mean": of.value, "standard_error": of.error});
    json!({
        "line": line(&rsa.line),
        "bare_key": {"cpu_ms": spread(&rsa.key_cpu), "wall_ms": spread(&rsa.key_wall)},
        "less_a_bare_key": {"cpu_ms": estimate(rsa.cpu()), "own_wall_ms": estimate(rsa.own_wall())},
    })
}

fn figures(of: &Figures) -> Value {
    json!({
        "wall_ms": spread(&of.wall), "own_wall_ms": spread(&of.own_wall), "cpu_ms": spread(&of.cpu), "peak_memory_mb": spread(&of.memory),
        "size_bytes": of.size, "requests": of.requests, "connections": of.connections, "instructions": of.instructions,
    })
}

fn spread(of: &Spread) -> Value {
    json!({"median": of.median, "quartiles": [of.low, of.high], "mean": of.mean, "standard_error": of.error})
}

fn goal(goal: &Goal) -> Value {
    json!({
        "run": goal.run, "target": goal.what, "unit": goal.unit, "limit": goal.limit, "stretch": goal.stretch, "measured": goal.measured,
        "standard_error": goal.error, "verdict": goal.verdict().text(),
    })
}
