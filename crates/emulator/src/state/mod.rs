//! The state of the emulated instance: everything that requests, the clock and job runs change.

mod configuration;
mod custom;
mod dispatch;
mod due;
mod group;
mod lifecycle;
mod lock;
mod secret;
mod secret_type;
mod task;
mod version;

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde_json::Value;

pub(crate) use configuration::{Configuration, TaskTimeout};
pub(crate) use custom::{Custom, Rotation};
pub(crate) use group::Group;
pub(crate) use lifecycle::Credentials;
pub(crate) use lock::{Lock, MAX_LOCKS};
pub(crate) use secret::{Secret, SecretState};
pub(crate) use secret_type::SecretType;
pub(crate) use task::{Action, NewTask, Status, Task, TaskError, Trigger};
pub(crate) use version::Version;

use crate::errors::ServiceError;
use crate::iam::Iam;
use crate::options::{JobScope, Options};
use crate::patterns::{is_task_id, is_uuid};
use crate::principal::{Kind, Principal};
use crate::random;
use crate::runner::{Job, Run};

/// Tasks of deleted secrets that are remembered for the emulator's owner.
const KEPT_PAST_TASKS: usize = 10_000;
/// The IAM id of the emulator's administrator.
const ADMIN_IAM_ID: &str = "IBMid-110000EMUL";

/// One instance, its IAM and its Code Engine project.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) settings: Options,
    pub(crate) identity: Identity,
    pub(crate) iam: Iam,
    /// Jobs of the local Code Engine by name.
    pub(crate) jobs: BTreeMap<String, Job>,
    pub(crate) groups: Vec<Group>,
    pub(crate) configurations: Vec<Configuration>,
    /// In order of creation. Deleted ones stay while the deletion of their credentials goes on.
    pub(crate) secrets: Vec<Secret>,
    /// Job runs by task id.
    pub(crate) runs: BTreeMap<String, Run>,
    /// Tasks of deleted secrets, as they were then, with their numbers.
    past_tasks: Vec<(u64, Value)>,
    /// Runs whose process the runner has yet to start.
    starts: Vec<String>,
    /// Tasks made so far: their numbers give the order of dispatch.
    tasks_made: u64,
}

/// What the instance is called.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) url: String,
    pub(crate) instance_id: String,
    pub(crate) account_id: String,
}

impl State {
    /// An empty instance and the key of its administrator.
    pub(crate) fn new(settings: Options, url: String, now: SystemTime) -> (Self, String) {
        let identity = Identity { url, instance_id: random::uuid(), account_id: random::uuid().replace('-', "") };
        let profile = Principal {
            iam_id: format!("iam-Profile-{}", random::uuid()),
            roles: settings.job_roles.clone(),
            scope: None,
            kind: Kind::Job(None),
        };
        let mut iam = Iam::new(profile, settings.token_lifetime);
        let admin_key = iam.issue_key(Self::admin(), now);
        let state = Self {
            settings,
            identity,
            iam,
            jobs: BTreeMap::new(),
            groups: vec![Group::default_group(ADMIN_IAM_ID, now)],
            configurations: Vec::new(),
            secrets: Vec::new(),
            runs: BTreeMap::new(),
            past_tasks: Vec::new(),
            starts: Vec::new(),
            tasks_made: 0,
        };
        (state, admin_key)
    }

    pub(crate) fn admin() -> Principal {
        Principal::admin(ADMIN_IAM_ID)
    }

    /// The identity of a job for one task of a secret in a group.
    pub(crate) fn job_principal(&self, iam_id: &str, group: &str, task: Option<&str>) -> Principal {
        Principal {
            iam_id: iam_id.to_owned(),
            roles: self.settings.job_roles.clone(),
            scope: (self.settings.job_scope == JobScope::SecretGroup).then(|| group.to_owned()),
            kind: Kind::Job(task.map(str::to_owned)),
        }
    }

    /// The place of a secret that exists for the API.
    pub(crate) fn secret_index(&self, id: &str) -> Result<usize, ServiceError> {
        if !is_uuid(id) {
            return Err(ServiceError::invalid("id", "must be the id of a secret"));
        }
        let found = self.secrets.iter().position(|secret| secret.id == id && !secret.deleted);
        found.ok_or_else(|| ServiceError::not_found(id))
    }

    /// The place of a secret that has this task; also one that was deleted by force while the task was running.
    pub(crate) fn task_owner(&self, secret_id: &str, task_id: &str) -> Result<usize, ServiceError> {
        if !is_task_id(task_id) {
            return Err(ServiceError::invalid("id", "must be the id of a task"));
        }
        if !is_uuid(secret_id) {
            return Err(ServiceError::invalid("secret_id", "must be the id of a secret"));
        }
        let secret = self.secrets.iter().position(|secret| secret.id == secret_id);
        let index = secret.ok_or_else(|| ServiceError::not_found(secret_id))?;
        match self.secrets[index].task(task_id) {
            Some(_) => Ok(index),
            None if self.secrets[index].deleted => Err(ServiceError::not_found(secret_id)),
            None => Err(ServiceError::not_found(task_id)),
        }
    }

    /// The group with an id, `default` included.
    pub(crate) fn group_index(&self, id: &str) -> Result<usize, ServiceError> {
        self.groups.iter().position(|group| group.id == id).ok_or_else(|| ServiceError::not_found(id))
    }

    pub(crate) fn configuration(&self, name: &str) -> Option<&Configuration> {
        self.configurations.iter().find(|configuration| configuration.name == name)
    }

    /// Names of the configurations that log in with an IAM credentials secret.
    pub(crate) fn referenced_by(&self, secret_id: &str) -> Vec<String> {
        let refers = |configuration: &&Configuration| configuration.api_key_ref.as_deref() == Some(secret_id);
        self.configurations.iter().filter(refers).map(|configuration| configuration.name.clone()).collect()
    }

    /// Every task of the instance, in the order they were made.
    pub(crate) fn all_tasks(&self) -> Vec<Value> {
        let known = self
            .secrets
            .iter()
            .flat_map(|secret| secret.tasks.iter().map(|task| (task.number, task.to_json(&secret.id))));
        let known: BTreeMap<u64, Value> = self.past_tasks.iter().cloned().chain(known).collect();
        known.into_values().collect()
    }

    /// Whether anything is queued, processing, or a process still running.
    pub(crate) fn is_idle(&self) -> bool {
        let unfinished = self.secrets.iter().flat_map(|secret| &secret.tasks).any(|task| !task.status.is_final());
        !unfinished && self.runs.values().all(Run::has_ended)
    }
}
