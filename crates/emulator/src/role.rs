//! Service roles and what they allow (PROTOCOL 3.4).

/// An IAM service role of Secrets Manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// May update secret tasks, and nothing else. No other role may do that.
    SecretTaskUpdater,
    /// Reads secrets with their data, groups, versions and tasks.
    SecretsReader,
    /// Like [`Role::SecretsReader`] without secret data; lists configurations.
    Reader,
    /// Reads and writes secrets; deletes nothing.
    Writer,
    /// Everything but updating secret tasks.
    Manager,
}

/// An IAM action that a call needs, without the prefix `secrets-manager.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    SecretTaskUpdate,
    SecretTaskRead,
    SecretTasksList,
    SecretTaskDelete,
    SecretRead,
    SecretsList,
    SecretCreate,
    SecretDelete,
    SecretMetadataRead,
    SecretMetadataUpdate,
    SecretActionCreate,
    SecretVersionRead,
    SecretVersionsList,
    SecretVersionCreate,
    SecretVersionMetadataRead,
    SecretVersionMetadataUpdate,
    SecretVersionDataDelete,
    SecretsLocksList,
    SecretLocksList,
    SecretLocksCreate,
    SecretLocksDelete,
    SecretVersionLocksList,
    SecretVersionLocksCreate,
    SecretVersionLocksDelete,
    SecretGroupRead,
    SecretGroupsList,
    SecretGroupCreate,
    SecretGroupUpdate,
    SecretGroupDelete,
    ConfigurationsList,
    ConfigurationRead,
    ConfigurationCreate,
    ConfigurationUpdate,
    ConfigurationDelete,
}

impl Role {
    /// Whether the role has the action.
    pub(crate) fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::SecretTaskUpdater => permission == P::SecretTaskUpdate,
            Self::Reader => reads_metadata(permission) || permission == P::ConfigurationsList,
            Self::SecretsReader => {
                reads_metadata(permission) || matches!(permission, P::SecretRead | P::SecretVersionRead)
            }
            Self::Writer => {
                Self::SecretsReader.allows(permission)
                    || matches!(
                        permission,
                        P::SecretCreate
                            | P::SecretMetadataUpdate
                            | P::SecretActionCreate
                            | P::SecretVersionCreate
                            | P::SecretVersionMetadataUpdate
                            | P::SecretLocksCreate
                            | P::SecretVersionLocksCreate
                            | P::ConfigurationsList
                    )
            }
            Self::Manager => permission != P::SecretTaskUpdate,
        }
    }
}

/// What every reading role has.
fn reads_metadata(permission: Permission) -> bool {
    use Permission as P;
    matches!(
        permission,
        P::SecretGroupRead
            | P::SecretGroupsList
            | P::SecretsList
            | P::SecretMetadataRead
            | P::SecretVersionMetadataRead
            | P::SecretVersionsList
            | P::SecretTasksList
            | P::SecretTaskRead
            | P::SecretsLocksList
            | P::SecretLocksList
            | P::SecretVersionLocksList
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_task_updater_updates_tasks() {
        for role in [Role::Reader, Role::SecretsReader, Role::Writer, Role::Manager] {
            assert!(!role.allows(Permission::SecretTaskUpdate), "{role:?}");
        }
        assert!(Role::SecretTaskUpdater.allows(Permission::SecretTaskUpdate));
    }

    #[test]
    fn the_task_updater_reads_nothing() {
        assert!(!Role::SecretTaskUpdater.allows(Permission::SecretTaskRead));
        assert!(!Role::SecretTaskUpdater.allows(Permission::SecretRead));
    }

    #[test]
    fn readers_differ_in_secret_data_and_configurations() {
        assert!(!Role::Reader.allows(Permission::SecretRead));
        assert!(Role::Reader.allows(Permission::ConfigurationsList));
        assert!(Role::SecretsReader.allows(Permission::SecretRead));
        assert!(!Role::SecretsReader.allows(Permission::ConfigurationsList));
    }

    #[test]
    fn only_a_manager_deletes() {
        assert!(!Role::Writer.allows(Permission::SecretDelete));
        assert!(Role::Writer.allows(Permission::SecretLocksCreate));
        assert!(!Role::Writer.allows(Permission::SecretLocksDelete));
        assert!(!Role::SecretsReader.allows(Permission::SecretVersionLocksCreate));
        assert!(Role::Manager.allows(Permission::SecretDelete));
        assert!(Role::Manager.allows(Permission::SecretTaskDelete));
    }
}
