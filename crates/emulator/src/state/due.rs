//! What the clock does: timeouts, expiry, automatic rotation, retries of deletions.

use std::time::SystemTime;

use crate::state::State;
use crate::state::secret::{Secret, SecretState};
use crate::state::task::{Action, NewTask, Status, TaskError, Trigger};

/// The IAM id that Secrets Manager itself acts as.
pub(super) const SERVICE_IAM_ID: &str = "iam-ServiceId-5ec7e75a-0000-4000-8000-00000000e301";

/// Something that happens to a secret at a date.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Due {
    TaskTimeout(String),
    VersionExpiry(String),
    Rotation,
    DeletionRetry(String),
}

impl Secret {
    fn due(&self) -> Vec<(SystemTime, Due)> {
        let timeouts = self.tasks.iter().filter_map(|task| Some((task.deadline?, Due::TaskTimeout(task.id.clone()))));
        let retries = self.versions.iter().filter_map(|version| {
            let retry_at = version.deletion.as_ref()?.retry_at?;
            Some((retry_at, Due::DeletionRetry(version.id.clone())))
        });
        let mut due: Vec<_> = timeouts.chain(retries).collect();
        let Some(custom) = self.custom.as_ref().filter(|_| !self.deleted) else { return due };
        due.extend(self.versions.iter().filter_map(|version| {
            version.data.as_ref()?;
            // The data of a locked version outlives its date, until the last lock goes.
            if version.is_locked() {
                return None;
            }
            Some((version.expires?, Due::VersionExpiry(version.id.clone())))
        }));
        // A rotation that falls due while another creation runs waits for its end.
        // One that a lock forbids waits for the end of the lock.
        if self.state == SecretState::Active && !self.is_creating() && !self.previous_is_locked() {
            due.extend(custom.next_rotation.map(|at| (at, Due::Rotation)));
        }
        due
    }
}

impl State {
    /// Lets everything happen that is due, and starts the tasks that can start. Returns whether anything happened.
    pub(crate) fn settle(&mut self, now: SystemTime) -> bool {
        let mut happened = false;
        while let Some((index, due)) = self.first_due(now) {
            self.happen(index, due, now);
            happened = true;
        }
        self.dispatch(now) || happened
    }

    /// When the next thing happens by itself.
    pub(crate) fn next_due(&self, now: SystemTime) -> Option<SystemTime> {
        let due = self.secrets.iter().flat_map(Secret::due).map(|(at, _)| at);
        let tasks = self.secrets.iter().flat_map(|secret| &secret.tasks);
        let waiting = tasks
            .filter(|task| task.status == Status::Queued)
            .map(|task| task.created_at + self.settings.dispatch_delay);
        // A task that could start already waits for a slot, not for the clock.
        due.chain(waiting.filter(|at| *at > now)).min()
    }

    fn first_due(&self, now: SystemTime) -> Option<(usize, Due)> {
        let all = self
            .secrets
            .iter()
            .enumerate()
            .flat_map(|(index, secret)| secret.due().into_iter().map(move |(at, due)| (at, index, due)));
        let first = all.filter(|(at, ..)| *at <= now).min_by_key(|(at, ..)| *at);
        first.map(|(_, index, due)| (index, due))
    }

    /// Every arm moves its own date away, or [`State::settle`] would not end.
    fn happen(&mut self, index: usize, due: Due, now: SystemTime) {
        let secret = &mut self.secrets[index];
        match due {
            Due::TaskTimeout(task) => {
                let error = TaskError::new("task_timeout", "The task timed out before the job reported a result.");
                self.fail_task(index, &task, vec![error], SERVICE_IAM_ID, now);
                self.stop_run(&task);
            }
            Due::VersionExpiry(version) => {
                let version = secret.version_index(&version);
                let deletion = version.and_then(|version| {
                    secret.destroy_version(version, Trigger::VersionExpiration, SERVICE_IAM_ID, now)
                });
                self.queue_some(index, deletion, now);
            }
            Due::Rotation => {
                if let Some(custom) = &mut secret.custom {
                    custom.next_rotation = custom.rotation_after(now);
                }
                let rotation = NewTask {
                    action: Action::Create,
                    trigger: Trigger::AutomaticRotation,
                    version_id: None,
                    by: SERVICE_IAM_ID.to_owned(),
                    version_metadata: None,
                };
                self.queue(index, rotation, now);
            }
            Due::DeletionRetry(version) => {
                let version = secret.version_index(&version);
                let deletion = version.and_then(|version| secret.retry_deletion(version, SERVICE_IAM_ID));
                self.queue_some(index, deletion, now);
            }
        }
    }
}
