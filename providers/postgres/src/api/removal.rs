//! Taking a role away: the saga of `credjob-sql`, spoken to a PostgreSQL server.

use std::time::Duration;

use credjob::contract::redact::excerpt;
use credjob::prelude::*;
use credjob_sql::saga::{Answer, Next, Saga, Step};
use tokio::time::Instant;
use tokio_postgres::types::Type;

use super::reasons::{NoConnection, Refusal, Trouble};
use super::removal_statements::{FIND, GUARD, HOLDERS, Heir, PLACES, Target, clean_up_statements};
use super::session::{Limits, Place, Server, Session};
use crate::PostgresFailure;
use crate::failure::listed;
use crate::params::GroupName;
use crate::role_id::RoleKey;

/// What the names of IBM's provider begin with.
const IBM_PREFIX: &str = "secrets_manager_";
/// How long the server may take to end the role's sessions.
const END_LIMIT: Duration = Duration::from_secs(10);
const END_PAUSE: Duration = Duration::from_millis(50);

struct Removal<'a> {
    server: &'a Server,
    place: &'a Place<'a>,
    session: Session,
    key: RoleKey,
    owner: Option<&'a GroupName>,
    target: Option<Target>,
}

/// Takes away the login, the sessions and everything that hangs on the role, then the role.
pub(crate) async fn remove(
    server: &Server,
    place: &Place<'_>,
    key: RoleKey,
    owner: Option<&GroupName>,
) -> Result<Deletion, PostgresFailure> {
    let session = server.connect(place, Limits::CleanUp).await.map_err(|error| error.into_failure(server.text()))?;
    let mut removal = Removal { server, place, session, key, owner, target: None };
    let mut saga = Saga::new();
    let deletion = loop {
        match saga.next() {
            Next::Do(step) => saga.answer(removal.take(step).await?),
            Next::Deleted => break Deletion::Deleted,
            Next::AlreadyGone => break Deletion::AlreadyGone,
            Next::Held { holders, reasons } => return Err(held(&holders, reasons)),
        }
    };
    removal.session.close().await;
    Ok(deletion)
}

impl Removal<'_> {
    async fn take(&mut self, step: Step) -> Result<Answer, PostgresFailure> {
        if step == Step::Find {
            return self.find().await;
        }
        let Some(target) = &self.target else { return Ok(Answer::Absent) };
        match step {
            Step::Find => Ok(Answer::Absent),
            Step::CutAccess => self.cut_access(target).await,
            Step::EndSessions => self.end_sessions(target).await,
            Step::ListPlaces => self.list(PLACES, target, "list what hangs on the role").await,
            Step::CleanUp(database) => self.clean_up(target, &database).await,
            Step::Drop => self.drop_role(target).await,
            Step::ListHolders => self.list(HOLDERS, target, "list what hangs on the role").await,
        }
    }

    async fn find(&mut self) -> Result<Answer, PostgresFailure> {
        let (name, oid) = match &self.key {
            RoleKey::Name(name) => (Some(name.as_str()), None),
            RoleKey::Oid(oid) => (None, Some(*oid)),
        };
        let owner = self.owner.map(GroupName::as_str);
        let values: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] =
            &[(&name, Type::TEXT), (&oid, Type::OID), (&owner, Type::TEXT)];
        let rows =
            self.session.ask(FIND, values).await.map_err(|trouble| self.failure(trouble, "look for the role"))?;
        let Some(row) = rows.first() else { return Ok(Answer::Absent) };
        let found: String = row.get("name");
        let is_ours = oid.is_none() || found.starts_with(IBM_PREFIX);
        let name = found.parse().map_err(|_| PostgresFailure::ForeignRole)?;
        if !is_ours || row.get("untouchable") {
            return Err(PostgresFailure::ForeignRole);
        }
        let heir = match self.owner {
            None => Heir::Nobody("set object_owner to a role that takes over what it owns"),
            Some(_) if !row.get::<_, bool>("has_owner") => {
                Heir::Nobody("the role that object_owner names does not exist")
            }
            // It would run the functions that the credential's user wrote, with an administrator's rights.
            Some(_) if row.get("owner_is_privileged") => {
                Heir::Nobody("object_owner must not name an administrator or the login")
            }
            Some(owner) => Heir::Role(owner.identifier().clone()),
        };
        let (oid, has_its_rights, database) = (row.get("oid"), row.get("has_its_rights"), row.get("database"));
        self.target = Some(Target { oid, name, has_its_rights, database, heir });
        Ok(Answer::Done)
    }

    async fn cut_access(&self, target: &Target) -> Result<Answer, PostgresFailure> {
        let name = &target.name;
        match self.session.run(&format!("ALTER ROLE {name} NOLOGIN")).await {
            Ok(()) => {}
            Err(Trouble::Refused(refusal)) if refusal.is("42704") => return Ok(Answer::Absent),
            Err(trouble) => return Err(self.failure(trouble, "take the role's login away")),
        }
        if !target.has_its_rights {
            // To end its sessions and to hand over what it owns. Refused, those steps say what they lack.
            match self.session.run(&format!("GRANT {name} TO CURRENT_USER")).await {
                Ok(()) | Err(Trouble::Refused(_)) => {}
                Err(trouble) => return Err(self.failure(trouble, "join the role")),
            }
        }
        Ok(Answer::Done)
    }

    async fn end_sessions(&self, target: &Target) -> Result<Answer, PostgresFailure> {
        const OPEN: &str = "SELECT count(*) FROM pg_stat_activity WHERE usesysid = $1";
        const END: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usesysid = $1";
        let until = Instant::now() + END_LIMIT;
        loop {
            let open = self.session.ask_one(OPEN, &[(&target.oid, Type::OID)]).await;
            let count: i64 = open.map_err(|trouble| self.failure(trouble, "count sessions"))?.get(0);
            if count == 0 {
                return Ok(Answer::Done);
            }
            let remain = || PostgresFailure::SessionsRemain { server: self.server.text().to_owned(), count };
            match self.session.ask_one(END, &[(&target.oid, Type::OID)]).await {
                Ok(_) if Instant::now() < until => tokio::time::sleep(END_PAUSE).await,
                Ok(_) => return Err(remain()),
                Err(Trouble::Refused(refusal)) if refusal.is("42501") => return Err(remain()),
                Err(trouble) => return Err(self.failure(trouble, "end the role's sessions")),
            }
        }
    }

    async fn list(&self, question: &str, target: &Target, doing: &'static str) -> Result<Answer, PostgresFailure> {
        let rows = self.session.ask(question, &[(&target.oid, Type::OID)]).await;
        let rows = rows.map_err(|trouble| self.failure(trouble, doing))?;
        Ok(Answer::List(rows.iter().filter_map(|row| row.get(0)).collect()))
    }

    async fn clean_up(&self, target: &Target, database: &str) -> Result<Answer, PostgresFailure> {
        if database == target.database {
            return self.clean_up_in(&self.session, target, database).await;
        }
        let place = Place { database, ..*self.place };
        let session = match self.server.connect(&place, Limits::CleanUp).await {
            Ok(session) => session,
            Err(NoConnection::Refused(refusal)) if !refusal.is_passing() => return Ok(not_clean(database, &refusal)),
            Err(error) => return Err(error.into_failure(self.server.text())),
        };
        let answer = self.clean_up_in(&session, target, database).await?;
        session.close().await;
        Ok(answer)
    }

    async fn clean_up_in(&self, session: &Session, target: &Target, database: &str) -> Result<Answer, PostgresFailure> {
        match session.run(&clean_up_statements(target)).await {
            Ok(()) => Ok(Answer::Done),
            Err(Trouble::Refused(refusal)) if !refusal.is_passing() => {
                session.run("ROLLBACK").await.map_err(|trouble| self.failure(trouble, "go on"))?;
                match &target.heir {
                    // Nobody takes over, and something is owned: the guard divided by zero.
                    Heir::Nobody(why) if refusal.is(GUARD) => Ok(Answer::Refused((*why).to_owned())),
                    _ => Ok(not_clean(database, &refusal)),
                }
            }
            Err(trouble) => Err(self.failure(trouble, "take away what hangs on the role")),
        }
    }

    async fn drop_role(&self, target: &Target) -> Result<Answer, PostgresFailure> {
        match self.session.run(&format!("DROP ROLE IF EXISTS {}", target.name)).await {
            Ok(()) => Ok(Answer::Done),
            Err(Trouble::Refused(refusal)) if refusal.is("2BP01") => Ok(Answer::Refused(String::new())),
            Err(trouble) => Err(self.failure(trouble, "drop the role")),
        }
    }

    fn failure(&self, trouble: Trouble, doing: &'static str) -> PostgresFailure {
        trouble.into_failure(self.server.text(), doing)
    }
}

fn not_clean(database: &str, refusal: &Refusal) -> Answer {
    Answer::Refused(format!("the login cannot clean up in database {} ({})", excerpt(database, 63), refusal.sqlstate))
}

fn held(holders: &[String], mut reasons: Vec<String>) -> PostgresFailure {
    reasons.retain(|reason| !reason.is_empty());
    reasons.dedup();
    let held = if holders.is_empty() { "something hangs on it".to_owned() } else { listed(holders) };
    let hint = if reasons.is_empty() { String::new() } else { format!("; {}", listed(&reasons)) };
    PostgresFailure::RoleInUse { held, hint }
}
