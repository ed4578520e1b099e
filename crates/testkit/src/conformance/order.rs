//! What a run is asked to do.

use credjob::http::Response;

use super::mishap::{Mishap, Plan, Step};
use super::probe::Method;
use crate::server::Call;
use crate::target::{Provocation, TargetSettings};

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    /// The id to delete; `None` = create.
    pub(super) delete: Option<String>,
    /// Code Engine has started the container again.
    pub(super) rerun: bool,
    pub(super) deadline: Option<&'static str>,
    pub(super) plan: Option<Plan>,
    pub(super) hangs: Option<Method>,
    /// The external system answers no request.
    pub(super) silent: bool,
    pub(super) then: Then,
    /// Other inputs than the target's.
    pub(super) settings: Option<TargetSettings>,
    /// What is answered in place of the system.
    pub(super) forged: Vec<(Call, Response)>,
}

/// What happens between `create` and `verify`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Then {
    #[default]
    Nothing,
    /// `leftovers` is asked for what was just made.
    List,
    /// Somebody deletes what was just made.
    Delete,
}

impl Order {
    pub(super) fn create() -> Self {
        Self::default()
    }

    pub(super) fn delete(id: &str) -> Self {
        Self { delete: Some(id.to_owned()), ..Self::default() }
    }

    pub(super) fn rerun() -> Self {
        Self { rerun: true, ..Self::default() }
    }

    /// The job that a code comes about by.
    pub(super) fn provoked(provocation: &Provocation) -> Self {
        Self {
            delete: provocation.delete.clone(),
            settings: Some(provocation.settings.clone()),
            forged: provocation.forged.clone(),
            ..Self::default()
        }
    }

    pub(super) fn with(mut self, plan: Plan) -> Self {
        self.plan = Some(plan);
        self
    }

    pub(super) fn at(self, step: Step, mishap: Mishap) -> Self {
        self.with(Plan::new(step, mishap))
    }
}
