//! Queueing tasks, starting them one per secret, and what a result does to the instance.

use std::time::SystemTime;

use crate::errors::ServiceError;
use crate::runner::{Run, RunFacts, StartOrder, environment, fits_job_run};
use crate::state::due::SERVICE_IAM_ID;
use crate::state::lifecycle::Credentials;
use crate::state::task::{Action, NewTask, Status, Task, TaskError, Trigger};
use crate::state::{KEPT_PAST_TASKS, State};

/// Runs whose logs are kept; the oldest ended ones are dropped.
const KEPT_RUNS: usize = 2_000;

impl State {
    /// Queues a task and starts it if it can start. Returns its id.
    pub(crate) fn queue(&mut self, index: usize, new: NewTask, now: SystemTime) -> String {
        self.tasks_made += 1;
        let task = Task::new(new, self.tasks_made, now);
        let id = task.id.clone();
        self.secrets[index].add_task(task);
        self.dispatch(now);
        id
    }

    pub(super) fn queue_some(&mut self, index: usize, new: Option<NewTask>, now: SystemTime) {
        if let Some(new) = new {
            self.queue(index, new, now);
        }
    }

    /// Starts queued tasks, oldest first: one per secret, and no more than the instance allows at a time.
    pub(super) fn dispatch(&mut self, now: SystemTime) -> bool {
        let mut started = false;
        while self.processing() < self.settings.task_concurrency.max(1) {
            let Some((index, task)) = self.next_queued(now) else { break };
            self.start(index, &task, now);
            started = true;
        }
        started
    }

    fn processing(&self) -> usize {
        self.secrets.iter().filter(|secret| secret.processing_task().is_some()).count()
    }

    fn next_queued(&self, now: SystemTime) -> Option<(usize, String)> {
        let free = self.secrets.iter().enumerate().filter(|(_, secret)| secret.processing_task().is_none());
        let queued = free.flat_map(|(index, secret)| secret.tasks.iter().map(move |task| (index, task)));
        let ready = queued
            .filter(|(_, task)| task.status == Status::Queued && task.created_at + self.settings.dispatch_delay <= now);
        ready.min_by_key(|(_, task)| task.number).map(|(index, task)| (index, task.id.clone()))
    }

    /// Makes a queued task `processing` and prepares its job run, or fails it if it cannot have one.
    fn start(&mut self, index: usize, task_id: &str, now: SystemTime) {
        match self.prepare_run(index, task_id, now) {
            Ok(run) => {
                self.forget_old_runs();
                self.runs.insert(task_id.to_owned(), run);
                self.starts.push(task_id.to_owned());
            }
            Err(error) => self.fail_task(index, task_id, vec![error], SERVICE_IAM_ID, now),
        }
    }

    fn prepare_run(&mut self, index: usize, task_id: &str, now: SystemTime) -> Result<Run, TaskError> {
        let impossible = |what: &str| TaskError::new("job_run_failed", what);
        let secret = &self.secrets[index];
        let custom = secret.custom.as_ref().ok_or_else(|| impossible("The secret has no configuration."))?;
        let configuration = self
            .configuration(&custom.configuration)
            .ok_or_else(|| impossible("The configuration no longer exists."))?;
        let timeout = configuration.task_timeout.duration;
        let job = self.jobs.get(&configuration.job_name).ok_or_else(|| impossible("The job does not exist."))?.clone();
        let principal = self.job_principal(&configuration.job_iam_id, &secret.group, Some(task_id));
        let needs_key = configuration.api_key_ref.is_some();
        let valid_from = now + self.settings.fresh_key_delay;
        let api_key = needs_key.then(|| self.iam.issue_key(principal.clone(), valid_from));

        let secret = &mut self.secrets[index];
        if let Some(task) = secret.tasks.iter_mut().find(|task| task.id == task_id) {
            task.enter(Status::Processing, SERVICE_IAM_ID, now);
            task.deadline = Some(now + timeout);
        }
        let facts = RunFacts::gather(self, index, task_id, api_key.as_deref(), &job);
        let environment =
            facts.map(|facts| environment(&facts)).ok_or_else(|| impossible("The task no longer exists."))?;
        if !fits_job_run(&environment) {
            return Err(impossible("The job run is larger than the 10 KiB that Code Engine allows."));
        }
        Ok(Run::new(principal, environment, job.program, self.tasks_made))
    }

    /// What the runner has to start now.
    pub(crate) fn take_starts(&mut self) -> Vec<StartOrder> {
        let starts = std::mem::take(&mut self.starts);
        starts.iter().filter_map(|task| self.runs.get(task)?.start_order(task)).collect()
    }

    /// Takes the result of a creation. The caller has checked the task and the payload.
    pub(crate) fn credentials_created(
        &mut self,
        index: usize,
        task_id: &str,
        credentials: Credentials,
        by: &str,
        now: SystemTime,
    ) {
        let deletion = self.secrets[index].credentials_created(task_id, credentials, by, now);
        self.queue_some(index, deletion, now);
        self.dispatch(now);
    }

    /// Takes the result of a deletion.
    pub(crate) fn credentials_deleted(&mut self, index: usize, task_id: &str, by: &str, now: SystemTime) {
        self.secrets[index].credentials_deleted(task_id, by, now);
        self.dispatch(now);
    }

    /// Fails a task.
    pub(crate) fn fail_task(&mut self, index: usize, task_id: &str, errors: Vec<TaskError>, by: &str, now: SystemTime) {
        self.secrets[index].task_failed(task_id, errors, by, now);
        self.dispatch(now);
    }

    /// Fails a task whose job run ended badly, if the job has not reported.
    pub(crate) fn run_failed(&mut self, task_id: &str, error: TaskError, now: SystemTime) {
        let waits = |task: &Task| task.id == task_id && task.status == Status::Processing;
        if let Some(index) = self.secrets.iter().position(|secret| secret.tasks.iter().any(waits)) {
            self.fail_task(index, task_id, vec![error], SERVICE_IAM_ID, now);
        }
    }

    /// Removes a task, and stops its job run if it has one.
    pub(crate) fn remove_task(&mut self, index: usize, task_id: &str, now: SystemTime) {
        self.secrets[index].remove_task(task_id);
        self.stop_run(task_id);
        self.dispatch(now);
    }

    /// Deletes the data of a version and queues the deletion of its credentials.
    pub(crate) fn delete_version_data(
        &mut self,
        index: usize,
        version: usize,
        by: &str,
        now: SystemTime,
    ) -> Result<(), ServiceError> {
        let secret = &mut self.secrets[index];
        let outstanding = secret.versions[version].deletion.is_some();
        let id = &secret.versions[version].id;
        let unfinished =
            secret.tasks.iter().any(|task| !task.status.is_final() && task.version_id.as_ref() == Some(id));
        let deletion = if secret.versions[version].data.is_some() {
            secret.destroy_version(version, Trigger::VersionDataDeletion, by, now)
        } else if outstanding && !unfinished {
            // Cancelled, given up or waiting for tomorrow: the user asks for another attempt now.
            secret.retry_deletion(version, by)
        } else {
            return Err(ServiceError::conflict("the version has no data"));
        };
        secret.updated_at = now;
        self.queue_some(index, deletion, now);
        Ok(())
    }

    /// Deletes a secret with its versions and tasks. A deletion of credentials that is under way, or waits for another
    /// attempt, goes on behind the scenes.
    pub(crate) fn delete_secret(&mut self, index: usize, now: SystemTime) {
        let mut secret = self.secrets.remove(index);
        self.past_tasks.extend(secret.tasks.iter().map(|task| (task.number, task.to_json(&secret.id))));
        let excess = self.past_tasks.len().saturating_sub(KEPT_PAST_TASKS);
        self.past_tasks.drain(..excess);
        let goes_on = |task: &Task| task.action == Action::Delete && task.status == Status::Processing;
        let (kept, gone): (Vec<Task>, Vec<Task>) = std::mem::take(&mut secret.tasks).into_iter().partition(goes_on);
        for task in gone {
            self.stop_run(&task.id);
        }
        secret.versions.retain(|version| {
            let is_retried = version.deletion.as_ref().is_some_and(|deletion| deletion.retry_at.is_some());
            is_retried || kept.iter().any(|task| task.version_id.as_ref() == Some(&version.id))
        });
        if !secret.versions.is_empty() {
            secret.deleted = true;
            secret.tasks = kept;
            self.secrets.insert(index, secret);
        }
        self.dispatch(now);
    }

    /// Asks the process of a run to end.
    pub(super) fn stop_run(&self, task_id: &str) {
        if let Some(run) = self.runs.get(task_id) {
            run.stop();
        }
    }

    /// Asks all processes to end.
    pub(crate) fn stop_all_runs(&self) {
        self.runs.values().for_each(Run::stop);
    }

    fn forget_old_runs(&mut self) {
        while self.runs.len() >= KEPT_RUNS {
            let ended = self.runs.iter().filter(|(_, run)| run.has_ended());
            let Some(oldest) = ended.min_by_key(|(_, run)| run.number).map(|(task, _)| task.clone()) else { return };
            self.runs.remove(&oldest);
        }
    }
}
