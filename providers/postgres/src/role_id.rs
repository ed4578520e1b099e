//! The credentials id of a role: `<role>@<host>:<port>`.

use std::str::FromStr;

use credjob::prelude::*;
use credjob_sql::AccountName;

use crate::PostgresFailure;
use crate::server_name::ServerName;

/// Whom a credentials id names.
///
/// The parameters of a secret can be changed while its roles live (PROVIDERS 0). Another server would say that there is no
/// such role, and a role that still works would count as deleted: so the server stands in the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RoleId {
    /// A role of ours, and its server. By hand, a role alone is accepted too.
    Ours(AccountName, Option<ServerName>),
    /// A role that IBM's Go provider made: its OID, on whatever server the login secret names.
    Oid(u32),
}

/// What names a role to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RoleKey {
    Name(AccountName),
    Oid(u32),
}

impl RoleId {
    /// The credentials id of a new role.
    pub(crate) fn of(name: &AccountName, server: &ServerName) -> Result<CredentialsId, Failure> {
        Ok(CredentialsId::new(format!("{name}@{server}"))?)
    }

    /// What to look for on `server`, if the role is one of that server's.
    pub(crate) fn key_on(self, server: &ServerName) -> Result<RoleKey, PostgresFailure> {
        match self {
            Self::Ours(_, Some(own)) if own != *server => {
                Err(PostgresFailure::OtherServer { own: own.to_string(), configured: server.to_string() })
            }
            Self::Ours(name, _) => Ok(RoleKey::Name(name)),
            Self::Oid(oid) => Ok(RoleKey::Oid(oid)),
        }
    }
}

impl FromStr for RoleId {
    type Err = PostgresFailure;

    fn from_str(text: &str) -> Result<Self, PostgresFailure> {
        let bad = |_| PostgresFailure::BadCredentialsId;
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            // 0 is no OID.
            let oid = text.parse().ok().filter(|oid| *oid != 0);
            return oid.map(Self::Oid).ok_or(PostgresFailure::BadCredentialsId);
        }
        match text.split_once('@') {
            Some((name, server)) => {
                let server = server.parse().map_err(|_| PostgresFailure::BadCredentialsId)?;
                Ok(Self::Ours(name.parse().map_err(bad)?, Some(server)))
            }
            None => Ok(Self::Ours(text.parse().map_err(bad)?, None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-0001abcdefff";

    #[test]
    fn a_role_is_looked_for_on_its_own_server_only() {
        let server = ServerName::new("db.example.com", 5432).unwrap();
        let id = RoleId::of(&NAME.parse().unwrap(), &server).unwrap();
        assert_eq!(id.as_str(), format!("{NAME}@db.example.com:5432"));
        let parsed: RoleId = id.as_str().parse().unwrap();
        assert_eq!(parsed.clone().key_on(&server).unwrap(), RoleKey::Name(NAME.parse().unwrap()));
        let other = ServerName::new("db.example.com", 5433).unwrap();
        assert!(matches!(parsed.key_on(&other), Err(PostgresFailure::OtherServer { .. })));
    }

    #[test]
    fn a_number_is_an_oid_of_ibms_provider() {
        assert_eq!("16384".parse::<RoleId>().unwrap(), RoleId::Oid(16384));
        assert_eq!("4294967295".parse::<RoleId>().unwrap(), RoleId::Oid(u32::MAX));
    }

    #[test]
    fn anything_else_is_refused() {
        let at = |server: &str| format!("{NAME}@{server}");
        for text in [
            "",
            "0",
            "4294967296",
            "-1",
            "postgres",
            "secrets_manager_x",
            "postgres@db:5432",
            &at(""),
            &at("db"),
            &at("DB:1"),
        ] {
            assert!(text.parse::<RoleId>().is_err(), "{text:?}");
        }
    }
}
