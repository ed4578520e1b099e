//! What tasks do to their secret: the state machine of PROTOCOL 2.2 and the behaviour of PROTOCOL 6.

use std::time::SystemTime;

use crate::fields::Object;
use crate::state::custom::DAY;
use crate::state::secret::{Secret, SecretState};
use crate::state::task::{Action, NewTask, Status, Task, TaskError, Trigger};
use crate::state::version::{Deletion, Version};

/// Tasks kept per secret (PROTOCOL 2.2).
const KEPT_TASKS: usize = 100;
/// Versions kept per secret (PROTOCOL 6.8).
const KEPT_VERSIONS: usize = 50;
/// A failed deletion is tried again daily, for up to this many days (PROTOCOL 2.1).
const RETRY_DAYS: u32 = 10;

/// What a job reports for a creation.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    pub(crate) id: String,
    pub(crate) payload: Object,
}

impl Secret {
    /// Appends a task and forgets the oldest finished ones.
    pub(super) fn add_task(&mut self, task: Task) {
        if let Some(custom) = &mut self.custom {
            custom.task_count += 1;
        }
        self.tasks.push(task);
        while self.tasks.len() > KEPT_TASKS {
            let Some(oldest) = self.tasks.iter().position(|task| task.status.is_final()) else { return };
            self.tasks.remove(oldest);
        }
    }

    /// Finishes a creation: the new version becomes `current`. Returns the deletion task of the version that is pushed
    /// out: only `current` and `previous` keep data.
    pub(super) fn credentials_created(
        &mut self,
        task_id: &str,
        credentials: Credentials,
        by: &str,
        now: SystemTime,
    ) -> Option<NewTask> {
        let task = self.tasks.iter_mut().find(|task| task.id == task_id)?;
        let trigger = task.trigger;
        let automatic = trigger == Trigger::AutomaticRotation;
        let creator = if automatic { by } else { task.created_by.as_str() };
        let mut version = match self.versions.first_mut() {
            // The version that was announced when the secret was created.
            Some(first) if trigger == Trigger::SecretCreation => std::mem::replace(first, Version::pending(by, now)),
            _ => Version::pending(creator, now),
        };
        version.created_at = now;
        version.auto_rotated = automatic;
        version.data = Some(credentials.payload);
        version.credentials_id = Some(credentials.id);
        if let Some(metadata) = task.version_metadata.take() {
            version.custom_metadata = Some(metadata);
        }
        task.version_id = Some(version.id.clone());
        task.enter(Status::Created, by, now);
        if let Some(custom) = &mut self.custom {
            version.expires = custom.ttl.map(|ttl| now + ttl);
            custom.next_rotation = custom.rotation_after(now);
            custom.last_rotation_failed = Some(false);
        }
        if trigger == Trigger::SecretCreation {
            self.versions.clear();
        }
        self.versions.push(version);
        self.state = SecretState::Active;
        self.updated_at = now;
        self.forget_old_versions();
        let pushed_out = self.versions.len().checked_sub(3)?;
        self.destroy_version(pushed_out, trigger, by, now)
    }

    /// Finishes a deletion.
    pub(super) fn credentials_deleted(&mut self, task_id: &str, by: &str, now: SystemTime) {
        let Some(task) = self.tasks.iter_mut().find(|task| task.id == task_id) else { return };
        task.enter(Status::Deleted, by, now);
        let version = task.version_id.clone();
        if let Some(version) = self.versions.iter_mut().find(|known| Some(&known.id) == version.as_ref()) {
            version.deletion = None;
        }
    }

    /// Finishes a task as `failed`. A failed deletion is tried again on another day.
    pub(super) fn task_failed(&mut self, task_id: &str, errors: Vec<TaskError>, by: &str, now: SystemTime) {
        let Some(task) = self.tasks.iter_mut().find(|task| task.id == task_id) else { return };
        task.enter(Status::Failed, by, now);
        task.errors = errors;
        let (action, trigger, version) = (task.action, task.trigger, task.version_id.clone());
        if let Some(custom) = &mut self.custom {
            custom.last_failed_task = Some(task_id.to_owned());
        }
        match action {
            Action::Create => self.creation_failed(trigger),
            Action::Delete => {
                let version = self.versions.iter_mut().find(|known| Some(&known.id) == version.as_ref());
                if let Some(deletion) = version.and_then(|version| version.deletion.as_mut()) {
                    deletion.retry_at = next_attempt(deletion.since, now);
                }
            }
        }
    }

    /// Removes a task. An unfinished creation counts as failed; an unfinished deletion is not tried again.
    pub(super) fn remove_task(&mut self, task_id: &str) {
        let Some(position) = self.tasks.iter().position(|task| task.id == task_id) else { return };
        let task = self.tasks.remove(position);
        if task.action == Action::Create && !task.status.is_final() {
            self.creation_failed(task.trigger);
        }
    }

    fn creation_failed(&mut self, trigger: Trigger) {
        if trigger == Trigger::SecretCreation {
            self.state = SecretState::Deactivated;
        } else if let Some(custom) = &mut self.custom {
            custom.last_rotation_failed = Some(true);
        }
    }

    /// Drops the data of a version at once. Returns the task that deletes its credentials, if the version had any.
    pub(crate) fn destroy_version(
        &mut self,
        index: usize,
        trigger: Trigger,
        by: &str,
        now: SystemTime,
    ) -> Option<NewTask> {
        let is_current = index + 1 == self.versions.len();
        let version = self.versions.get_mut(index)?;
        version.data.take()?;
        if is_current {
            self.state = SecretState::Destroyed;
            if let Some(custom) = &mut self.custom {
                custom.next_rotation = None;
            }
        }
        // Only custom credentials have to be deleted somewhere else.
        self.custom.as_ref()?;
        version.deletion = Some(Deletion { trigger, since: now, retry_at: None });
        Some(deletion_task(version, trigger, by))
    }

    /// The next attempt at a deletion that is outstanding and has no task.
    pub(super) fn retry_deletion(&mut self, index: usize, by: &str) -> Option<NewTask> {
        let version = self.versions.get_mut(index)?;
        let deletion = version.deletion.as_mut()?;
        deletion.retry_at = None;
        let trigger = deletion.trigger;
        Some(deletion_task(version, trigger, by))
    }

    fn forget_old_versions(&mut self) {
        while self.versions.len() > KEPT_VERSIONS {
            let Some(oldest) = self.versions.iter().position(|version| !version.is_outstanding()) else { return };
            self.versions.remove(oldest);
        }
    }
}

fn deletion_task(version: &Version, trigger: Trigger, by: &str) -> NewTask {
    NewTask {
        action: Action::Delete,
        trigger,
        version_id: Some(version.id.clone()),
        by: by.to_owned(),
        version_metadata: None,
    }
}

/// The next whole day after the first attempt, up to the tenth.
fn next_attempt(since: SystemTime, now: SystemTime) -> Option<SystemTime> {
    (1..=RETRY_DAYS).map(|day| since + DAY * day).find(|at| *at > now)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn deletions_are_tried_again_on_ten_days() {
        let since = SystemTime::UNIX_EPOCH;
        let mut now = since;
        let mut attempts = 0;
        while let Some(at) = next_attempt(since, now) {
            // Each attempt takes an hour to fail.
            now = at + Duration::from_secs(3600);
            attempts += 1;
        }
        assert_eq!(attempts, 10);
    }
}
