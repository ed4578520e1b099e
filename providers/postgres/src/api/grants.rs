//! The statements that make a role, all of one transaction.

use credjob::prelude::*;
use credjob_sql::{AccountName, Identifier, IdentifierError, literal};

use super::facts::Facts;
use crate::{PostgresFailure, PostgresParams, Privileges};

/// What a new role gets.
pub(crate) struct Grants<'a> {
    pub(crate) params: &'a PostgresParams,
    pub(crate) schema: &'a Identifier,
    pub(crate) facts: &'a Facts,
}

/// The schema to give access to. The server's own schemas are nobody's to give.
pub(crate) fn schema(params: &PostgresParams) -> Result<Identifier, PostgresFailure> {
    let bad = |why: String| PostgresFailure::BadParameter { parameter: "SCHEMA_NAME", why };
    let name = params.schema_name.as_str();
    if name.starts_with("pg_") || name == "information_schema" {
        return Err(bad("it is a schema of the server itself; name one of yours".to_owned()));
    }
    name.parse().map_err(|why: IdentifierError| bad(why.to_string()))
}

impl Grants<'_> {
    /// One text, one round trip: the role exists with everything or not at all.
    pub(crate) fn statements(&self, role: &AccountName, verifier: &Secret<String>) -> Result<String, PostgresFailure> {
        let role: Identifier =
            role.as_str().parse().map_err(|_| PostgresFailure::NameTaken { server: String::new() })?;
        let mut statements = vec!["BEGIN".to_owned(), self.create(&role, verifier)];
        match &self.params.grant_role {
            // What the role makes belongs to the group, so that the next credential can alter it, too.
            Some(group) if self.facts.group_may_create => {
                statements.push(format!("ALTER ROLE {role} SET role TO {}", literal(group.as_str())));
            }
            Some(_) => {}
            None => self.grants(&role, &mut statements),
        }
        statements.push("COMMIT".to_owned());
        Ok(statements.join(";\n"))
    }

    fn create(&self, role: &Identifier, verifier: &Secret<String>) -> String {
        let params = self.params;
        let options = [
            Some(format!("CREATE ROLE {role} LOGIN PASSWORD {}", literal(verifier.expose()))),
            params.valid_until_days.map(|_| format!("VALID UNTIL {}", literal(&self.facts.valid_until))),
            params.connection_limit.map(|limit| format!("CONNECTION LIMIT {limit}")),
            params.grant_role.as_ref().map(|group| format!("IN ROLE {}", group.identifier())),
        ];
        options.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn grants(&self, role: &Identifier, statements: &mut Vec<String>) {
        let schema = self.schema;
        let (tables, sequences) = match self.params.privileges.unwrap_or(Privileges::ReadOnly) {
            Privileges::ReadOnly => ("SELECT", "SELECT"),
            Privileges::ReadWrite => ("SELECT, INSERT, UPDATE, DELETE", "SELECT, USAGE"),
        };
        if !self.facts.public_may_connect {
            // A name that the server itself gave.
            if let Ok(database) = self.facts.database.parse::<Identifier>() {
                statements.push(format!("GRANT CONNECT ON DATABASE {database} TO {role}"));
            }
        }
        statements.push(format!("GRANT USAGE ON SCHEMA {schema} TO {role}"));
        statements.push(format!("GRANT {tables} ON ALL TABLES IN SCHEMA {schema} TO {role}"));
        statements.push(format!("GRANT {sequences} ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"));
        let owner = self.facts.owner.as_deref().map(str::parse::<Identifier>);
        if let (true, Some(Ok(owner))) = (self.facts.may_set_defaults, owner) {
            let defaults = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT");
            statements.push(format!("{defaults} {tables} ON TABLES TO {role}"));
            statements.push(format!("{defaults} {sequences} ON SEQUENCES TO {role}"));
        }
    }
}
