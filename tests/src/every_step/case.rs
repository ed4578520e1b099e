//! One trial: a kind of run, held at one of its calls, and one blow.

use std::fmt;
use std::rc::Rc;

use credjob_testkit::emulated::Pending;

use super::blow::Blow;
use super::scenario::Scenario;
use super::step::{Hold, Step};
use super::together::together;
use crate::support::release::Released;
use crate::support::trial::Trial;

/// A credential was kept because a version may own it (DESIGN 6).
const KEPT: i32 = 5;

#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) provider: &'static str,
    /// All calls of the run, in their order.
    pub(super) calls: Rc<str>,
    pub(super) scenario: Scenario,
    pub(super) step: Step,
    pub(super) hold: Hold,
    pub(super) blow: Blow,
}

/// What became of a task.
pub(super) struct Ended {
    pub(super) status: String,
    /// A credential lives that no version owns. The judge has seen that the last run names it; its exit code says that it was kept.
    pub(super) orphan: bool,
}

impl Case {
    /// Every call of these kinds of runs, held before and after it is applied, under each of these blows.
    pub(super) async fn all<T: Released>(scenarios: &[Scenario], blows: &[Blow]) -> Vec<Self> {
        let quiet = |scenario: Scenario| async move { (scenario, Step::all::<T>(scenario).await) };
        let runs =
            together(scenarios.iter().map(|scenario| (format!("{scenario}, undisturbed"), quiet(*scenario)))).await;
        let mut cases = Vec::new();
        for (scenario, steps) in runs {
            let calls: Vec<String> = steps.iter().map(Step::to_string).collect();
            let calls: Rc<str> = calls.join(", ").into();
            for (step, hold, blow) in each(&steps, blows) {
                cases.push(Self { provider: T::NAME, calls: Rc::clone(&calls), scenario, step, hold, blow });
            }
        }
        cases
    }

    /// Plays all of `cases`, many at once, and names the row of a table for each.
    pub(super) async fn play_all<F: Future<Output = Ended> + 'static>(
        cases: Vec<Self>,
        row: impl Fn(&Self) -> String,
        play: impl Fn(Self) -> F,
    ) -> Vec<(String, Ended)> {
        let trials = cases.into_iter().map(|case| {
            let (name, row, playing) = (case.to_string(), row(&case), play(case));
            (name, async move { (row, playing.await) })
        });
        together(trials).await
    }

    /// Plays the run with its blow, and re-runs as Code Engine makes them, and judges the promise.
    pub(super) async fn play<T: Released>(self) -> Ended {
        let Self { scenario, step, hold, blow, .. } = self;
        let mut trial = Trial::<T>::with(T::binary()).await;
        blow.prepare(&trial).await;
        let (pending, retry) = scenario.begin(&mut trial).await;
        let started = step.start_held(&trial, &pending, retry, hold, blow.deadline()).await;
        blow.strike(&trial, &pending, &started).await;
        trial.end_run(started).await;
        blow.after_the_run(&trial);
        trial.re_run_out(&pending, retry + 1, blow.deadline_of_re_runs()).await;
        blow.after_all(&trial);
        trial.judge(&pending).await;
        trial.ended(&pending).await
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { provider, scenario, step, hold, blow, .. } = self;
        write!(f, "{provider}: {scenario}: {blow} at {step}, {hold:?}")
    }
}

fn each(steps: &[Step], blows: &[Blow]) -> impl Iterator<Item = (Step, Hold, Blow)> {
    let held = steps.iter().flat_map(|step| Hold::BOTH.map(|hold| (*step, hold)));
    held.flat_map(move |(step, hold)| blows.iter().map(move |blow| (step, hold, *blow)))
}

impl<T: Released> Trial<T> {
    /// What became of a task, for the tally.
    pub(super) async fn ended(&self, pending: &Pending) -> Ended {
        let (status, _) = self.ended_as(pending).await;
        let orphan = !self.is_deletion(pending) && self.live().await > self.owned(pending).await;
        assert!(!orphan || self.last().finished.exit == Some(KEPT), "{:?}", self.last().finished);
        Ended { status, orphan }
    }
}
