//! The loop that lets time pass and starts job runs, and the life of one run.

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::runner::environment::RETRY_COUNT;
use crate::runner::process;
use crate::runner::run::StartOrder;
use crate::shared::Shared;
use crate::state::TaskError;

/// Sleeps at most this long, so that no date is too far for a timer.
const LONGEST_SLEEP: Duration = Duration::from_secs(24 * 60 * 60);

/// Runs until `stopping` says so, then stops every run and waits for the processes to end.
pub(crate) async fn run_engine(shared: Arc<Shared>, mut stopping: watch::Receiver<bool>) {
    let mut changes = shared.changes.subscribe();
    let mut runs = JoinSet::new();
    loop {
        changes.mark_unchanged();
        let (starts, sleep) = shared.look(|state, now| (state.take_starts(), until(state.next_due(now), now)));
        for start in starts {
            runs.spawn(run_job(Arc::clone(&shared), start));
        }
        tokio::select! {
            // The sender lives in `shared`, which this future holds.
            _ = changes.changed() => {}
            () = tokio::time::sleep(sleep) => {}
            Some(_) = runs.join_next() => {}
            _ = stopping.wait_for(|stop| *stop) => break,
        }
    }
    shared.look(|state, _| state.stop_all_runs());
    while runs.join_next().await.is_some() {}
}

fn until(due: Option<SystemTime>, now: SystemTime) -> Duration {
    due.map_or(LONGEST_SLEEP, |due| due.duration_since(now).unwrap_or(Duration::ZERO)).min(LONGEST_SLEEP)
}

/// Starts the process of a run, again after a failure up to the retry limit, and notes how it went.
async fn run_job(shared: Arc<Shared>, mut order: StartOrder) {
    let (grace, log_limit) = shared.look(|state, _| (state.settings.kill_grace, state.settings.log_limit));
    let mut last: Option<std::io::Result<ExitStatus>> = None;
    for retry in 0..=order.program.retry_limit {
        if *order.stop.borrow() {
            break;
        }
        set_retry_count(&mut order.environment, retry);
        let outputs =
            shared.with(|state, now| Some(state.runs.get_mut(&order.task_id)?.process_started(log_limit, now)));
        let Some(outputs) = outputs else { return };
        let ending = process::run(&order.program, &order.environment, outputs, &mut order.stop, grace).await;
        let status = ending.as_ref().ok().copied();
        shared.with(|state, now| state.runs.get_mut(&order.task_id).map(|run| run.process_ended(status, now)));
        let again = status.is_some_and(|status| !status.success());
        last = Some(ending);
        if !again {
            break;
        }
    }
    end(&shared, &order, last);
}

fn set_retry_count(environment: &mut [(String, String)], retry: u32) {
    for (name, value) in environment {
        if name == RETRY_COUNT {
            *value = retry.to_string();
        }
    }
}

/// Notes the end of a run. A program that cannot be started fails the task; a failed one does so only by option.
fn end(shared: &Shared, order: &StartOrder, last: Option<std::io::Result<ExitStatus>>) {
    let stopped = *order.stop.borrow();
    shared.with(|state, now| {
        if let Some(run) = state.runs.get_mut(&order.task_id) {
            run.end();
        }
        let what = match last {
            Some(Err(error)) => format!("The job run could not be started: {error}."),
            Some(Ok(status)) if !status.success() && state.settings.fail_on_nonzero_exit && !stopped => {
                format!("The job run ended without a report: {status}.")
            }
            _ => return,
        };
        state.run_failed(&order.task_id, TaskError::new("job_run_failed", what), now);
    });
}
