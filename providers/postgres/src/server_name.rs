//! The server that a role lives on: host and port, by which servers are told apart.

use std::fmt;

use credjob_sql::Fingerprint;
use url::Host;

/// The longest host name, in characters (RFC 1035 section 2.3.4, less its root).
const MAX_NAME: usize = 253;

/// `host:port`, the host in lower case and without a dot at its end. Equal servers have equal texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerName {
    host: Host,
    port: u16,
}

/// The text is no host, or the port no port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoServerName;

impl ServerName {
    /// Reads a host as people write it.
    pub(crate) fn new(host: &str, port: u16) -> Result<Self, NoServerName> {
        let name = host.strip_suffix('.').unwrap_or(host);
        let host = Host::parse(name).map_err(|_| NoServerName)?;
        let fits = !name.is_empty() && name.len() <= MAX_NAME && port != 0;
        if fits { Ok(Self { host, port }) } else { Err(NoServerName) }
    }

    /// The host to connect to and to find in the certificate; an IPv6 address without brackets.
    pub(crate) fn host(&self) -> String {
        match &self.host {
            Host::Ipv6(address) => address.to_string(),
            host => host.to_string(),
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What the names of roles say about their server.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.to_string())
    }
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_one_spelling() {
        for (host, spelling) in [
            ("DB.example.com", "db.example.com:5432"),
            ("db.example.com.", "db.example.com:5432"),
            ("[0::1]", "[::1]:5432"),
        ] {
            let server = ServerName::new(host, 5432).unwrap();
            assert_eq!(server.to_string(), spelling);
            assert_eq!(server.fingerprint(), Fingerprint::of(spelling));
        }
        assert_eq!(ServerName::new("[::1]", 1).unwrap().host(), "::1");
    }

    #[test]
    fn what_is_no_host_or_no_port_is_refused() {
        for (host, port) in [("", 5432), (".", 5432), ("u@db", 5432), ("::1", 5432), ("a b", 5432), ("db", 0)] {
            assert_eq!(ServerName::new(host, port), Err(NoServerName), "{host:?}");
        }
    }
}
