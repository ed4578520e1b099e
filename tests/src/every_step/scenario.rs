//! Kinds of runs.

use std::fmt;

use credjob_emulator::Call;
use credjob_testkit::emulated::Pending;

use super::step::{Hold, Place, Step};
use crate::support::release::Released;
use crate::support::trial::{DEADLINE, Trial};

/// A kind of run: what it is for, and how far an earlier run of the same task came before it was killed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scenario {
    action: Action,
    killed: Option<Hold>,
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Create,
    Delete,
}

impl Scenario {
    pub(super) const CREATE: Self = Self { action: Action::Create, killed: None };
    pub(super) const DELETE: Self = Self { action: Action::Delete, killed: None };

    const CREATE_AGAIN: Self = Self { action: Action::Create, killed: Some(Hold::Before) };

    /// Those that something is left to do for.
    pub(super) const USUAL: [Self; 3] = [Self::CREATE, Self::CREATE_AGAIN, Self::DELETE];

    pub(super) const ALL: [Self; 6] = [
        Self::CREATE,
        Self::CREATE_AGAIN,
        Self { action: Action::Create, killed: Some(Hold::After) },
        Self::DELETE,
        Self { action: Action::Delete, killed: Some(Hold::Before) },
        Self { action: Action::Delete, killed: Some(Hold::After) },
    ];

    /// Comes to where the run begins. Returns its task and its start number.
    pub(super) async fn begin<T: Released>(self, trial: &mut Trial<T>) -> (Pending, u32) {
        let pending = match self.action {
            Action::Create => trial.create_task().await,
            Action::Delete => trial.delete_task().await,
        };
        let Some(hold) = self.killed else { return (pending, 0) };
        let report = Step { place: Place::Service(Call::TaskUpdate), number: 0 };
        let started = report.start_held(trial, &pending, 0, hold, DEADLINE).await;
        started.process.kill().expect("it runs");
        trial.end_run(started).await;
        (pending, 1)
    }
}

impl Scenario {
    /// What has to exist before the emulator starts a first run: a deletion needs a credential.
    pub(super) async fn begin_under_a_runner<T: Released>(self, trial: &Trial<T>) -> Option<Pending> {
        match self.action {
            Action::Create => None,
            Action::Delete => {
                let created = trial.create_task().await;
                let ended = trial.emulated.wait(&created).await;
                assert_eq!(ended.task["status"], "credentials_created", "the credential to delete is created");
                Some(created)
            }
        }
    }

    /// Makes the emulator start a first run.
    pub(super) async fn start_under_a_runner<T: Released>(self, trial: &Trial<T>, created: Option<Pending>) -> Pending {
        match created {
            None => trial.create_task().await,
            Some(created) => {
                let deletion = trial.emulated.delete_data(&created.secret_id, "current").await;
                deletion.expect("the data may be deleted")
            }
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.action {
            Action::Create => "create",
            Action::Delete => "delete",
        })?;
        match self.killed {
            None => Ok(()),
            Some(Hold::Before) => f.write_str(", re-run before the report"),
            Some(Hold::After) => f.write_str(", re-run after the report"),
        }
    }
}
