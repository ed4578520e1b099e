//! What a transaction depends on, asked in one round trip.

use credjob_sql::Identifier;
use tokio_postgres::types::Type;

use super::session::Session;
use crate::failure::listed;
use crate::params::GroupName;
use crate::{PostgresFailure, PostgresParams, Privileges};

/// What the server says about itself, the login and what the parameters name.
#[expect(clippy::struct_excessive_bools, reason = "answers of the server, each to a question of its own")]
pub(crate) struct Facts {
    pub(crate) may_create_roles: bool,
    pub(crate) database: String,
    pub(crate) valid_until: String,
    pub(crate) has_schema: bool,
    /// Whose later tables the default privileges are about.
    pub(crate) owner: Option<String>,
    pub(crate) may_set_defaults: bool,
    pub(crate) public_may_connect: bool,
    pub(crate) group: Option<Group>,
    pub(crate) group_may_create: bool,
    /// Some of the objects in the schema that the login cannot give access to.
    pub(crate) ungrantable: Vec<String>,
}

/// The role that `grant_role` names.
pub(crate) struct Group {
    is_privileged: bool,
    is_login_itself: bool,
    may_be_granted: bool,
}

/// `public` belongs to the stand-in role `pg_database_owner` since PostgreSQL 15: the tables are made by the database's owner.
/// $1 schema, $2 group or NULL, $3 days, $4 and $5 the privileges to give on tables and sequences.
const QUESTION: &str = "
SELECT me.rolsuper OR me.rolcreaterole AS may_create_roles, d.datname::text AS database,
  to_char((clock_timestamp() + make_interval(days => $3)) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS\"Z\"') AS valid_until,
  n.oid IS NOT NULL AS has_schema, owner.rolname::text AS owner,
  COALESCE(pg_has_role(me.oid, owner.oid, 'USAGE'), false) AS may_set_defaults,
  EXISTS (SELECT FROM aclexplode(COALESCE(d.datacl, acldefault('d', d.datdba))) a
    WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT') AS public_may_connect,
  g.oid IS NOT NULL AS has_group, COALESCE(g.rolsuper OR g.rolcreaterole OR g.rolreplication OR g.rolbypassrls, false) AS group_is_privileged,
  COALESCE(g.oid = me.oid, false) AS group_is_login,
  COALESCE(pg_has_role(me.oid, g.oid, 'MEMBER WITH ADMIN OPTION'), false) AS may_grant_group,
  COALESCE(has_schema_privilege(g.oid, n.oid, 'CREATE'), false) AS group_may_create,
  ARRAY(SELECT format('%I', c.relname) FROM pg_class c WHERE c.relnamespace = n.oid AND CASE
      WHEN c.relkind IN ('r', 'p', 'v', 'm', 'f') THEN NOT has_table_privilege('public', c.oid, 'SELECT') AND
        (SELECT bool_or(NOT has_table_privilege(me.oid, c.oid, p || ' WITH GRANT OPTION')) FROM unnest($4) p)
      WHEN c.relkind = 'S' THEN NOT has_sequence_privilege('public', c.oid, 'SELECT') AND
        (SELECT bool_or(NOT has_sequence_privilege(me.oid, c.oid, p || ' WITH GRANT OPTION')) FROM unnest($5) p)
      ELSE false END ORDER BY 1 LIMIT 6) AS ungrantable
FROM pg_roles me JOIN pg_database d ON d.datname = current_database()
  LEFT JOIN pg_namespace n ON n.nspname = $1
  LEFT JOIN pg_roles stand_in ON stand_in.oid = n.nspowner AND stand_in.rolname = 'pg_database_owner'
  LEFT JOIN pg_roles owner ON owner.oid = CASE WHEN stand_in.oid IS NULL THEN n.nspowner ELSE d.datdba END
  LEFT JOIN pg_roles g ON g.rolname = $2
WHERE me.rolname = current_user";

/// Asks the question.
pub(crate) async fn facts(
    session: &Session,
    params: &PostgresParams,
    schema: &Identifier,
) -> Result<Facts, PostgresFailure> {
    let group = params.grant_role.as_ref().map(GroupName::as_str);
    let days = params.valid_until_days.and_then(|days| i32::try_from(days).ok()).unwrap_or_default();
    let (tables, sequences): (&[&str], &[&str]) = match (group, params.privileges) {
        (Some(_), _) => (&[], &[]),
        (None, Some(Privileges::ReadWrite)) => (&["SELECT", "INSERT", "UPDATE", "DELETE"], &["SELECT", "USAGE"]),
        (None, _) => (&["SELECT"], &["SELECT"]),
    };
    let row = session
        .ask_one(
            QUESTION,
            &[
                (&schema.as_str(), Type::TEXT),
                (&group, Type::TEXT),
                (&days, Type::INT4),
                (&tables, Type::TEXT_ARRAY),
                (&sequences, Type::TEXT_ARRAY),
            ],
        )
        .await
        .map_err(|trouble| trouble.into_failure(session.server(), "read its catalog"))?;
    let has_group: bool = row.get("has_group");
    Ok(Facts {
        may_create_roles: row.get("may_create_roles"),
        database: row.get("database"),
        valid_until: row.get("valid_until"),
        has_schema: row.get("has_schema"),
        owner: row.get("owner"),
        may_set_defaults: row.get("may_set_defaults"),
        public_may_connect: row.get("public_may_connect"),
        group: has_group.then(|| Group {
            is_privileged: row.get("group_is_privileged"),
            is_login_itself: row.get("group_is_login"),
            may_be_granted: row.get("may_grant_group"),
        }),
        group_may_create: row.get("group_may_create"),
        ungrantable: row.get("ungrantable"),
    })
}

/// What can be known to fail before anything is made.
pub(crate) fn check(facts: &Facts, params: &PostgresParams, server: &str) -> Result<(), PostgresFailure> {
    if !facts.may_create_roles {
        return Err(PostgresFailure::MayNotCreateRoles { server: server.to_owned() });
    }
    if !facts.has_schema {
        return Err(PostgresFailure::NoSchema);
    }
    let bad = |why| Err(PostgresFailure::BadGroup { why });
    match (&params.grant_role, &facts.group) {
        (None, _) => {
            if !facts.may_set_defaults {
                tracing::info!(
                    event = "no_default_privileges",
                    "the login may not set default privileges for the schema's owner: tables made later are not covered"
                );
            }
            if !facts.ungrantable.is_empty() {
                let objects = listed(&facts.ungrantable);
                tracing::warn!(
                    event = "not_all_granted",
                    objects,
                    "the login may not grant access to some objects of the schema"
                );
            }
            Ok(())
        }
        (Some(_), None) => bad("there is no such role; name one that exists"),
        (Some(_), Some(group)) if group.is_login_itself => {
            bad("it is the login itself; name a role without rights of an administrator")
        }
        (Some(_), Some(group)) if group.is_privileged => bad(
            "it has rights of an administrator (SUPERUSER, CREATEROLE, REPLICATION or BYPASSRLS); name another role",
        ),
        (Some(_), Some(group)) if !group.may_be_granted => {
            bad("its operator did not allow the login to give it away: GRANT <role> TO <login> WITH ADMIN OPTION")
        }
        (Some(_), Some(_)) => Ok(()),
    }
}
