//! What is said to the server while a role is taken away.

use credjob_sql::{Identifier, literal};

/// $1 name or NULL, $2 OID or NULL, $3 the role that is to take over, or NULL.
pub(crate) const FIND: &str = "
SELECT r.oid, r.rolname::text AS name, r.rolsuper OR r.rolname = current_user AS untouchable,
  pg_has_role(current_user, r.oid, 'USAGE') AS has_its_rights, current_database()::text AS database, o.oid IS NOT NULL AS has_owner,
  COALESCE(o.rolsuper OR o.rolcreaterole OR o.rolreplication OR o.rolbypassrls OR o.rolname = current_user, false) AS owner_is_privileged
FROM pg_roles r LEFT JOIN pg_roles o ON o.rolname = $3 WHERE r.rolname = $1 OR r.oid = $2";

/// The databases in which something hangs on the role ($1); what hangs on shared objects is taken away in the login's own.
pub(crate) const PLACES: &str = "
SELECT DISTINCT COALESCE(d.datname::text, current_database()::text) FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid
WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1";

/// What still hangs on the role ($1). Built from the catalog: the server's own text is translated and unbounded.
pub(crate) const HOLDERS: &str = "
SELECT DISTINCT CASE WHEN s.dbid = 0 OR d.datname = current_database() THEN (SELECT concat_ws(' ',
    CASE s.deptype WHEN 'o' THEN 'owner of' WHEN 'a' THEN 'privileges on' ELSE 'named by' END, i.type, i.identity)
    FROM pg_identify_object(s.classid, s.objid, s.objsubid) i)
  ELSE 'objects in database ' || d.datname END
FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid
WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 ORDER BY 1 LIMIT 20";

/// A role that was found.
pub(crate) struct Target {
    pub(crate) oid: u32,
    pub(crate) name: Identifier,
    pub(crate) has_its_rights: bool,
    /// The database of the first session.
    pub(crate) database: String,
    pub(crate) heir: Heir,
}

/// Who takes over what the role owns.
pub(crate) enum Heir {
    Role(Identifier),
    Nobody(&'static str),
}

/// What the guard of [`clean_up_statements`] answers: division by zero.
pub(crate) const GUARD: &str = "22012";

/// One transaction: what the role owns goes to the heir, then its privileges, default privileges and policies are taken away.
///
/// `DROP OWNED` would drop what is still owned, so a guard before it undoes everything if there is any. Default privileges and
/// user mappings are "owned" too, but are nobody's data: `DROP OWNED` is the way to take them away.
pub(crate) fn clean_up_statements(target: &Target) -> String {
    let Target { oid, name, .. } = target;
    let reassign = match &target.heir {
        Heir::Role(heir) => format!("REASSIGN OWNED BY {name} TO {heir};\n"),
        Heir::Nobody(_) => String::new(),
    };
    let nobodys =
        ["pg_default_acl", "pg_user_mapping"].map(|catalog| format!("{}::regclass", literal(catalog))).join(", ");
    format!(
        "BEGIN;\n{reassign}SELECT 1 / (CASE WHEN EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass \
         AND refobjid = {oid} AND deptype = 'o' AND classid NOT IN ({nobodys}) \
         AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) THEN 0 ELSE 1 END);\n\
         DROP OWNED BY {name};\nCOMMIT"
    )
}
