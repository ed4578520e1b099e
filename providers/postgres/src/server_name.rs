//! The server that a role lives on: host and port, by which servers are told apart.

use std::fmt;
use std::str::FromStr;

use url::Host;

/// The longest host name, in characters (RFC 1035 section 2.3.4, less its root).
const MAX_NAME: usize = 253;

/// `host:port`, the host in lower case and without a dot at its end. Equal servers have equal texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerName {
    host: Host,
    port: u16,
}

/// The text is no server in that spelling.
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
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl FromStr for ServerName {
    type Err = NoServerName;

    fn from_str(text: &str) -> Result<Self, NoServerName> {
        let (host, port) = text.rsplit_once(':').ok_or(NoServerName)?;
        let server = Self::new(host, port.parse().map_err(|_| NoServerName)?)?;
        // One server has one spelling.
        if server.to_string() == text { Ok(server) } else { Err(NoServerName) }
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
            assert_eq!(spelling.parse(), Ok(server));
        }
        assert_eq!(ServerName::new("[::1]", 1).unwrap().host(), "::1");
    }

    #[test]
    fn another_spelling_is_refused() {
        for text in
            ["", "db", "db:", "db:0", "db:05432", "DB:5432", "db.:5432", "db:65536", "u@db:1", "::1:5432", "a b:1"]
        {
            assert_eq!(text.parse::<ServerName>(), Err(NoServerName), "{text:?}");
        }
    }
}
