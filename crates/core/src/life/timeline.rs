//! The one deadline of a run, the slices of its reserve, and what a signal does to them (DESIGN 6).

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use credjob_contract::{Failure, codes};
use credjob_http::Budget;
use tokio::time::Instant;

use crate::watchdog::Watchdog;
use crate::world::StopSignal;

/// Held back for closing, looking, undoing and logging: 20, 10, 25 and 5 seconds (DESIGN 6).
const RESERVE: Slices = Slices { close: 20_000, look: 10_000, undo: 25_000, log: 5_000 };
/// What SIGTERM and SIGINT leave: 8, 4, 10 and 3 seconds (DESIGN 6). Code Engine kills 30 s after SIGTERM.
const AFTER_SIGNAL: Slices = Slices { close: 8_000, look: 4_000, undo: 10_000, log: 3_000 };
/// Below this deadline every slice shrinks in proportion (DESIGN 6).
const FULL_RESERVE_FROM: Duration = Duration::from_secs(120);

/// Milliseconds of each slice.
#[derive(Debug, Clone, Copy)]
struct Slices {
    close: u64,
    look: u64,
    undo: u64,
    log: u64,
}

impl Slices {
    fn total(self) -> Duration {
        Duration::from_millis(self.close + self.look + self.undo + self.log)
    }

    fn scaled(self, part: f64) -> [Duration; 4] {
        [self.close, self.look, self.undo, self.log].map(|millis| Duration::from_millis(millis).mul_f64(part.min(1.0)))
    }
}

/// A step of the reserve. Nobody may borrow another's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slice {
    /// Reporting `failed`.
    Close = 0,
    /// Reading the task after an update whose result is in doubt.
    Look = 1,
    /// Deleting what this run made.
    Undo = 2,
    /// The report of a delete task: all that is left but the time to log.
    Report = 3,
}

impl Slice {
    fn phase(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Look => "look",
            Self::Undo => "undo",
            Self::Report => "report",
        }
    }
}

/// Why a step was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// SIGTERM or SIGINT.
    Stopped,
    /// The time for this step is over.
    TimeUp,
}

impl Cut {
    /// The failure that is reported when a step was cut. `next` says what a person can do.
    pub(crate) fn failure(self, doing: &str, next: &str) -> Failure {
        match self {
            Self::Stopped => Failure::new(codes::TERMINATED, format!("the job was stopped while {doing}; {next}")),
            Self::TimeUp => Failure::new(
                codes::DEADLINE,
                format!(
                    "the job ran out of time while {doing}; {next}, or raise the task timeout and CREDJOB_DEADLINE"
                ),
            ),
        }
    }
}

/// What to do after a create task was cut.
pub(crate) const ROTATE_AGAIN: &str = "rotate the secret to try again";

/// The run's clock face. Cut times reach the provider and the HTTP engine through one shared [`Budget`].
pub(crate) struct Timeline {
    budget: Budget,
    stop: StopSignal,
    watchdog: Watchdog,
    state: Mutex<State>,
    phases: Mutex<BTreeMap<&'static str, Duration>>,
}

struct State {
    end: Instant,
    work_end: Instant,
    left: [Duration; 4],
    running: Option<Slice>,
    stopped: bool,
}

impl Timeline {
    pub(crate) fn start(deadline: Duration, stop: StopSignal, watchdog: Watchdog) -> Self {
        let now = Instant::now();
        let left = RESERVE.scaled(deadline.as_secs_f64() / FULL_RESERVE_FROM.as_secs_f64());
        let end = now + deadline;
        let work_end = end - left.iter().sum::<Duration>();
        let state = State { end, work_end, left, running: None, stopped: false };
        Self { budget: Budget::until(work_end), stop, watchdog, state: Mutex::new(state), phases: Mutex::default() }
    }

    /// The shared cell: what the HTTP engine and the provider see.
    pub(crate) fn budget(&self) -> Budget {
        self.budget.clone()
    }

    /// Whether work may still be started.
    pub(crate) fn may_work(&self, at_least: Duration) -> bool {
        !self.stop.is_on() && self.state().work_end.saturating_duration_since(Instant::now()) >= at_least
    }

    /// Runs a step of the work: a signal cuts it, and so does the start of the reserve.
    pub(crate) async fn work<T>(&self, phase: &'static str, step: impl Future<Output = T>) -> Result<T, Cut> {
        let end = self.state().work_end;
        self.timed(phase, self.work_until(end, step)).await
    }

    /// Runs a step of the work that may not take longer than `at_most`.
    pub(crate) async fn work_for<T>(
        &self,
        phase: &'static str,
        at_most: Duration,
        step: impl Future<Output = T>,
    ) -> Result<T, Cut> {
        let end = self.state().work_end.min(Instant::now() + at_most);
        self.timed(phase, self.work_until(end, step)).await
    }

    /// How long each phase took so far.
    pub(crate) fn phases(&self) -> BTreeMap<&'static str, Duration> {
        self.phases.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn timed<T>(&self, phase: &'static str, step: impl Future<Output = T>) -> T {
        let start = Instant::now();
        let result = step.await;
        *self.phases.lock().unwrap_or_else(PoisonError::into_inner).entry(phase).or_default() += start.elapsed();
        result
    }

    async fn work_until<T>(&self, end: Instant, step: impl Future<Output = T>) -> Result<T, Cut> {
        if self.stop.is_on() {
            self.note_stop();
            return Err(Cut::Stopped);
        }
        self.budget.set(end);
        if end <= Instant::now() {
            return Err(Cut::TimeUp);
        }
        let mut step = pin!(step);
        tokio::select! {
            biased;
            result = &mut step => Ok(result),
            () = self.stop.on() => {
                self.note_stop();
                Err(Cut::Stopped)
            }
            () = self.budget.expired() => Err(Cut::TimeUp),
        }
    }

    /// Runs a step of the reserve: a signal does not cut it, but leaves it less time.
    pub(crate) async fn reserve<T>(&self, slice: Slice, step: impl Future<Output = T>) -> Result<T, Cut> {
        self.timed(slice.phase(), self.reserve_until_cut(slice, step)).await
    }

    async fn reserve_until_cut<T>(&self, slice: Slice, step: impl Future<Output = T>) -> Result<T, Cut> {
        if self.stop.is_on() {
            self.note_stop();
        }
        let _running = self.enter(slice);
        let mut step = pin!(step);
        loop {
            let stopped = self.state().stopped;
            tokio::select! {
                biased;
                result = &mut step => return Ok(result),
                () = self.stop.on(), if !stopped => self.note_stop(),
                () = self.budget.expired() => return Err(Cut::TimeUp),
            }
        }
    }

    fn enter(&self, slice: Slice) -> Running<'_> {
        let now = Instant::now();
        let mut state = self.state();
        state.running = Some(slice);
        self.budget.set(state.slice_end(slice, now));
        Running { timeline: self, slice, since: now }
    }

    fn note_stop(&self) {
        let now = Instant::now();
        let mut state = self.state();
        if state.stopped {
            return;
        }
        state.stopped = true;
        let remaining = state.end.saturating_duration_since(now).min(AFTER_SIGNAL.total());
        let scaled = AFTER_SIGNAL.scaled(remaining.as_secs_f64() / AFTER_SIGNAL.total().as_secs_f64());
        for (left, after) in state.left.iter_mut().zip(scaled) {
            *left = (*left).min(after);
        }
        state.end = now + remaining;
        state.work_end = state.work_end.min(now);
        let cut = state.running.map_or(state.work_end, |slice| state.slice_end(slice, now));
        self.budget.set(cut.min(self.budget.deadline()));
        self.watchdog.end_in(remaining);
        tracing::warn!(
            event = "stopping",
            seconds_left = remaining.as_secs(),
            "asked to stop; closing the task and cleaning up"
        );
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn slice_end(&self, slice: Slice, now: Instant) -> Instant {
        let last = self.end.checked_sub(self.left[3]).unwrap_or(now);
        match slice {
            Slice::Report => last,
            slice => last.min(now + self.left[slice as usize]),
        }
    }
}

/// A slice in use: when it ends, the time it took out of the reserve is gone. Time before the reserve is free.
struct Running<'a> {
    timeline: &'a Timeline,
    slice: Slice,
    since: Instant,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut state = self.timeline.state();
        state.running = None;
        let used = Instant::now().saturating_duration_since(self.since.max(state.work_end));
        if self.slice != Slice::Report {
            let left = &mut state.left[self.slice as usize];
            *left = left.saturating_sub(used);
        }
    }
}

#[cfg(test)]
mod tests;
