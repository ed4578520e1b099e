//! Who a request comes from, and what that one may do.

use crate::errors::ServiceError;
use crate::requests::RequestCaller;
use crate::role::{Permission, Role};

/// An identity of the emulated account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Principal {
    /// The IAM id, as `created_by` and `updated_by` show it.
    pub(crate) iam_id: String,
    /// The service roles.
    pub(crate) roles: Vec<Role>,
    /// The only secret group where the roles hold; `None` = everywhere.
    pub(crate) scope: Option<String>,
    /// What kind of identity it is.
    pub(crate) kind: Kind,
}

/// Administrators meet no scripted fault, jobs do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Admin,
    /// A job, and the task it runs for if that is known.
    Job(Option<String>),
}

impl Principal {
    /// The administrator: Manager everywhere, which includes no update of tasks.
    pub(crate) fn admin(iam_id: impl Into<String>) -> Self {
        Self { iam_id: iam_id.into(), roles: vec![Role::Manager], scope: None, kind: Kind::Admin }
    }

    /// Requires an action in a secret group.
    pub(crate) fn require_in(&self, permission: Permission, group: &str) -> Result<(), ServiceError> {
        if self.allows(permission) && self.sees(group) { Ok(()) } else { Err(ServiceError::forbidden()) }
    }

    /// Requires an action on the whole instance: roles in one group are not enough.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), ServiceError> {
        if self.allows(permission) && self.scope.is_none() { Ok(()) } else { Err(ServiceError::forbidden()) }
    }

    /// Requires an action whose result is then cut to what the caller [`Principal::sees`].
    pub(crate) fn require_somewhere(&self, permission: Permission) -> Result<(), ServiceError> {
        if self.allows(permission) { Ok(()) } else { Err(ServiceError::forbidden()) }
    }

    /// Whether the roles hold in a group.
    pub(crate) fn sees(&self, group: &str) -> bool {
        self.scope.as_deref().is_none_or(|scope| scope == group)
    }

    /// Whether scripted faults are meant for this one.
    pub(crate) fn is_job(&self) -> bool {
        matches!(self.kind, Kind::Job(_))
    }

    /// For the request log.
    pub(crate) fn caller(&self) -> RequestCaller {
        match &self.kind {
            Kind::Admin => RequestCaller::Admin,
            Kind::Job(task) => RequestCaller::Job { task: task.clone() },
        }
    }

    fn allows(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| role.allows(permission))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Principal {
        Principal {
            iam_id: "iam-ServiceId-1".to_owned(),
            roles: vec![Role::SecretTaskUpdater, Role::SecretsReader],
            scope: Some("team".to_owned()),
            kind: Kind::Job(None),
        }
    }

    #[test]
    fn roles_in_a_group_hold_there_only() {
        assert_eq!(job().require_in(Permission::SecretRead, "team"), Ok(()));
        assert_eq!(job().require_in(Permission::SecretRead, "default"), Err(ServiceError::forbidden()));
        assert_eq!(job().require(Permission::SecretGroupsList), Err(ServiceError::forbidden()));
        assert_eq!(job().require_somewhere(Permission::SecretsList), Ok(()));
    }

    #[test]
    fn an_admin_may_not_update_tasks() {
        let admin = Principal::admin("IBMid-1");
        assert_eq!(admin.require_in(Permission::SecretTaskUpdate, "default"), Err(ServiceError::forbidden()));
        assert_eq!(admin.require(Permission::ConfigurationCreate), Ok(()));
    }
}
