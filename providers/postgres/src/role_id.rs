//! The credentials id of a role: its name, or the OID of a role that IBM's provider made.

use std::str::FromStr;

use credjob_sql::AccountName;

use crate::PostgresFailure;
use crate::server_name::ServerName;

/// Whom a credentials id names.
///
/// The parameters of a secret can be changed while its roles live (PROVIDERS 0). Another server would say that there is no
/// such role, and a role that still works would count as deleted: so the name carries the fingerprint of its server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RoleId {
    /// A role of ours, on the server that its name says.
    Ours(AccountName),
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
    /// What to look for on `server`, if the role is one of that server's.
    pub(crate) fn key_on(self, server: &ServerName) -> Result<RoleKey, PostgresFailure> {
        match self {
            Self::Ours(name) if name.is_on(server.fingerprint()) => Ok(RoleKey::Name(name)),
            Self::Ours(_) => Err(PostgresFailure::OtherServer { configured: server.to_string() }),
            Self::Oid(oid) => Ok(RoleKey::Oid(oid)),
        }
    }
}

impl FromStr for RoleId {
    type Err = PostgresFailure;

    fn from_str(text: &str) -> Result<Self, PostgresFailure> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            // 0 is no OID.
            let oid = text.parse().ok().filter(|oid| *oid != 0);
            return oid.map(Self::Oid).ok_or(PostgresFailure::BadCredentialsId);
        }
        text.parse().map(Self::Ours).map_err(|_| PostgresFailure::BadCredentialsId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made on `db.example.com:5432`.
    const NAME: &str = "sm-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10-0001abcdefff-9039ab61";

    #[test]
    fn a_role_is_looked_for_on_its_own_server_only() {
        let parsed: RoleId = NAME.parse().unwrap();
        for host in ["db.example.com", "DB.example.com", "db.example.com."] {
            let server = ServerName::new(host, 5432).unwrap();
            assert_eq!(parsed.clone().key_on(&server).unwrap(), RoleKey::Name(NAME.parse().unwrap()), "{host}");
        }
        for (host, port) in [("db.example.com", 5433), ("db.example.org", 5432), ("10.0.0.1", 5432)] {
            let other = ServerName::new(host, port).unwrap();
            let Err(failure) = parsed.clone().key_on(&other) else { panic!("{other}") };
            assert!(
                matches!(&failure, PostgresFailure::OtherServer { configured } if *configured == other.to_string())
            );
        }
    }

    #[test]
    fn a_number_is_an_oid_of_ibms_provider() {
        assert_eq!("16384".parse::<RoleId>().unwrap(), RoleId::Oid(16384));
        assert_eq!("4294967295".parse::<RoleId>().unwrap(), RoleId::Oid(u32::MAX));
    }

    #[test]
    fn anything_else_is_refused() {
        let marker = &NAME[..52];
        for text in [
            "",
            "0",
            "4294967296",
            "-1",
            "postgres",
            "secrets_manager_x",
            marker,
            &format!("{marker}@db.example.com:5432"),
            &format!("{NAME}@db.example.com:5432"),
            &NAME.to_uppercase(),
        ] {
            assert!(text.parse::<RoleId>().is_err(), "{text:?}");
        }
    }
}
