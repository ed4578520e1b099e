//! `credjob secret-locks` and its relatives.

mod args;
mod given;
mod show;

use std::process::ExitCode;

use credjob_client::{LockPage, LockQuery, SecretsManager, VersionName};
use credjob_contract::SecretId;

pub(crate) use args::LocksCommand;

use crate::problem::Problem;
use crate::runtime::block_on;
use crate::service::{Lookup, Said, ServiceArgs, connect, failed, id, of_process, patience};
use args::{NamesArgs, NewLocksArgs, QueryArgs, SecretArgs, VersionArgs};

/// Runs one of the commands.
pub(crate) fn run(command: &LocksCommand) -> Result<ExitCode, Problem> {
    use LocksCommand as C;
    let service = match command {
        C::SecretLocks(arguments) => &arguments.service,
        C::SecretLocksBulkCreate(arguments) => &arguments.service,
        C::SecretLocksBulkDelete(arguments) => &arguments.service,
        C::SecretVersionLocks(arguments) => &arguments.service,
        C::SecretVersionLocksBulkCreate(arguments) => &arguments.service,
        C::SecretVersionLocksBulkDelete(arguments) => &arguments.service,
    };
    block_on(async { Ok(answer(command, service, &of_process).await?.print(service.format)) })
}

async fn answer(command: &LocksCommand, service: &ServiceArgs, lookup: Lookup<'_>) -> Result<Said, Problem> {
    use LocksCommand as C;
    let call = |target: Result<Target, Problem>| Ok(Call { target: target?, service, lookup });
    match command {
        C::SecretLocks(arguments) => call(Target::secret(&arguments.secret))?.list(&arguments.query).await,
        C::SecretVersionLocks(arguments) => call(Target::version(&arguments.version))?.list(&arguments.query).await,
        C::SecretLocksBulkCreate(arguments) => call(Target::secret(&arguments.secret))?.create(&arguments.locks).await,
        C::SecretVersionLocksBulkCreate(arguments) => {
            call(Target::version(&arguments.version))?.create(&arguments.locks).await
        }
        C::SecretLocksBulkDelete(arguments) => call(Target::secret(&arguments.secret))?.delete(&arguments.names).await,
        C::SecretVersionLocksBulkDelete(arguments) => {
            call(Target::version(&arguments.version))?.delete(&arguments.names).await
        }
    }
}

/// What is locked: a secret (its current version), or one of its versions.
struct Target {
    secret: SecretId,
    version: Option<VersionName>,
}

impl Target {
    fn secret(arguments: &SecretArgs) -> Result<Self, Problem> {
        Ok(Self { secret: id("--id", &arguments.id)?, version: None })
    }

    fn version(arguments: &VersionArgs) -> Result<Self, Problem> {
        Ok(Self { secret: id("--secret-id", &arguments.secret_id)?, version: Some(id("--id", &arguments.id)?) })
    }
}

/// One command. The other flags are checked before the login.
struct Call<'a> {
    target: Target,
    service: &'a ServiceArgs,
    lookup: Lookup<'a>,
}

impl Call<'_> {
    fn connect(&self) -> Result<SecretsManager, Problem> {
        connect(self.service.service_url.as_deref(), self.lookup)
    }

    async fn list(self, arguments: &QueryArgs) -> Result<Said, Problem> {
        let mut query = given::query(arguments)?;
        let service = self.connect()?;
        let Target { secret, version } = &self.target;
        let mut found = page(&service, secret, version.as_ref(), &query).await?;
        // An empty page ends the list, or a total that never comes true would go on for ever.
        while arguments.all_pages && (found.locks.len() as u64) < found.total_count {
            query.offset = Some(u32::try_from(found.locks.len()).unwrap_or(u32::MAX));
            let next = page(&service, secret, version.as_ref(), &query).await?;
            if next.locks.is_empty() {
                break;
            }
            found.locks.extend(next.locks);
            found.total_count = next.total_count;
        }
        Ok(Said::new(show::page(&found), show::page_document(&found)))
    }

    async fn create(self, arguments: &NewLocksArgs) -> Result<Said, Problem> {
        let mode = given::mode(arguments)?;
        let locks = given::locks(arguments)?;
        let Target { secret, version } = &self.target;
        let locked = self.connect()?.create_locks(secret, version.as_ref(), &locks, mode).await;
        let locked = locked.map_err(|error| failed(&error))?;
        Ok(Said::new(show::versions(&locked), show::versions_document(&locked)))
    }

    async fn delete(self, arguments: &NamesArgs) -> Result<Said, Problem> {
        let names = given::names(arguments)?;
        let Target { secret, version } = &self.target;
        let left = self.connect()?.delete_locks(secret, version.as_ref(), &names).await;
        let left = left.map_err(|error| failed(&error))?;
        Ok(Said::new(show::versions(&left), show::versions_document(&left)))
    }
}

/// One page, with time of its own.
async fn page(
    service: &SecretsManager,
    secret: &SecretId,
    version: Option<&VersionName>,
    query: &LockQuery,
) -> Result<LockPage, Problem> {
    service.renew_budget(patience(service.instance()));
    service.locks(secret, version, query).await.map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests;
