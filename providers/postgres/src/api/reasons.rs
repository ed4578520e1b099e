//! From what went wrong on a connection to the failure it means. The SQLSTATE decides; texts only go to the log.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity};

use crate::PostgresFailure;
use crate::failure::Detail;

/// How a request on an open connection failed.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server refused it, and undid what it had begun.
    Refused(Refusal),
    /// No answer came: it may have been done or not.
    Lost,
}

/// What the server said.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) sqlstate: String,
    pub(crate) detail: Detail,
}

impl Refusal {
    fn of(error: &DbError) -> Self {
        Self { sqlstate: error.code().code().to_owned(), detail: Detail::new(error.message()) }
    }

    pub(crate) fn is(&self, sqlstate: &str) -> bool {
        self.sqlstate == sqlstate
    }

    /// Whether the same statement may succeed in a moment. XX000 and 23505 are what concurrent GRANTs on one object give.
    pub(crate) fn is_collision(&self) -> bool {
        matches!(self.sqlstate.as_str(), "40001" | "40P01" | "55006" | "55P03" | "XX000" | "23505")
    }

    /// Whether the state of the server is to blame, and not the request (PROVIDERS 15).
    pub(crate) fn is_passing(&self) -> bool {
        self.is_collision()
            || matches!(self.sqlstate.as_str(), "57014" | "57P01" | "57P02" | "57P03" | "57P05")
            || self.sqlstate.starts_with("08")
            || self.sqlstate.starts_with("53")
    }

    /// The failure that this refusal means while the server was to do `doing`.
    pub(crate) fn into_failure(self, server: &str, doing: &'static str) -> PostgresFailure {
        let (server, Self { sqlstate, detail }) = (server.to_owned(), self.clone());
        match sqlstate.as_str() {
            "53300" => PostgresFailure::TooManyConnections { server, detail },
            "42501" => PostgresFailure::NotPermitted { server, doing, detail },
            "25006" => PostgresFailure::ReadOnlyServer { server, detail },
            "3D000" => PostgresFailure::NoDatabase { server, detail },
            code if code.starts_with("28") => PostgresFailure::LoginRejected { server, sqlstate, detail },
            _ if self.is_passing() => PostgresFailure::Busy { server, doing, sqlstate, detail },
            _ => PostgresFailure::ServerError { server, doing, sqlstate, detail },
        }
    }
}

impl Trouble {
    /// An answer that ends the connection comes from a server that stops, maybe after it did what was asked: nobody knows.
    pub(crate) fn of(error: &Error) -> Self {
        match error.as_db_error() {
            Some(said) if !matches!(said.parsed_severity(), Some(Severity::Fatal | Severity::Panic)) => {
                Self::Refused(Refusal::of(said))
            }
            _ => Self::Lost,
        }
    }

    pub(crate) fn into_failure(self, server: &str, doing: &'static str) -> PostgresFailure {
        match self {
            Self::Refused(refusal) => refusal.into_failure(server, doing),
            Self::Lost => PostgresFailure::ConnectionLost { server: server.to_owned(), doing },
        }
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum NoConnection {
    /// The server answered, and refused the login.
    Refused(Refusal),
    /// Anything else.
    Failed(PostgresFailure),
}

impl NoConnection {
    pub(crate) fn of(error: &Error, server: &str) -> Self {
        if let Some(said) = error.as_db_error() {
            return Self::Refused(Refusal::of(said));
        }
        let name = server.to_owned();
        let cause = error.source();
        if let Some(error) = cause.and_then(tls_error) {
            let detail = Detail::new(&error.to_string());
            return Self::Failed(PostgresFailure::UntrustedServer { server: name, why: distrust(&error), detail });
        }
        // The library's own text for a server that answers `N` to the request for TLS; it has no other sign.
        if cause.is_some_and(|cause| cause.to_string() == "server does not support TLS") {
            return Self::Failed(PostgresFailure::NoTls { server: name });
        }
        let io = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
        let why = match io.map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => "connection refused",
            Some(io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe) => {
                "connection cut"
            }
            Some(io::ErrorKind::TimedOut) => "no answer in time",
            Some(_) => "network or DNS error",
            None if error.is_closed() => "connection closed",
            None => "no usable answer",
        };
        Self::Failed(PostgresFailure::Unreachable { server: name, why })
    }

    pub(crate) fn into_failure(self, server: &str) -> PostgresFailure {
        match self {
            Self::Refused(refusal) => refusal.into_failure(server, "log in"),
            Self::Failed(failure) => failure,
        }
    }

    /// Whether the next attempt may be let in.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.is_passing(),
            Self::Failed(failure) => matches!(failure, PostgresFailure::Unreachable { .. }),
        }
    }
}

/// The TLS library's own error, if it is behind this one.
fn tls_error(cause: &(dyn std::error::Error + 'static)) -> Option<rustls::Error> {
    cause.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref::<rustls::Error>().cloned()
}

fn distrust(error: &rustls::Error) -> &'static str {
    use rustls::CertificateError as Certificate;
    match error {
        rustls::Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        ) => "its certificate is for another host",
        rustls::Error::InvalidCertificate(Certificate::UnknownIssuer | Certificate::BadSignature) => {
            "its certificate is signed by another authority"
        }
        rustls::Error::InvalidCertificate(
            Certificate::Expired
            | Certificate::ExpiredContext { .. }
            | Certificate::NotValidYet
            | Certificate::NotValidYetContext { .. },
        ) => "its certificate is not valid today",
        rustls::Error::InvalidCertificate(_) => "its certificate cannot be verified",
        _ => "the TLS handshake failed",
    }
}

#[cfg(test)]
mod tests {
    use credjob::prelude::*;

    use super::*;

    fn failure(sqlstate: &str) -> Failure {
        let refusal = Refusal { sqlstate: sqlstate.to_owned(), detail: Detail::new("canary of the server's text\n") };
        refusal.into_failure("db:5432", "make the role").into()
    }

    #[test]
    fn passing_states_of_the_server_are_transient() {
        for sqlstate in
            ["08006", "57P01", "57P02", "57P03", "53300", "53200", "40001", "40P01", "55006", "55P03", "57014", "XX000"]
        {
            assert!(failure(sqlstate).is_transient(), "{sqlstate}");
        }
    }

    #[test]
    fn refusals_are_not() {
        for (sqlstate, code) in [
            ("28P01", "POSTGRES_LOGIN_REJECTED"),
            ("28000", "POSTGRES_LOGIN_REJECTED"),
            ("42501", "POSTGRES_NOT_PERMITTED"),
            ("3D000", "POSTGRES_NO_DATABASE"),
            ("25006", "POSTGRES_READ_ONLY_SERVER"),
            ("42601", "POSTGRES_SERVER_ERROR"),
        ] {
            let failure = failure(sqlstate);
            assert_eq!((failure.code(), failure.is_transient()), (code, false), "{sqlstate}");
        }
    }

    #[test]
    fn the_servers_text_goes_to_the_log_only() {
        let failure = failure("42601");
        assert!(!failure.message().contains("canary"), "{failure}");
        assert_eq!(failure.source_chain(), "canary of the server's text ");
    }
}
