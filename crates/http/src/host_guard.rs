//! Which hosts a parameter may name (DESIGN section 7).
//!
//! Whoever may create a secret chooses its parameters, but the login secret is read with the job's rights. A host that
//! comes from a parameter could therefore carry the login away. It is used only if the job's owner listed it, or if the
//! login secret itself names it.

use std::sync::{Arc, Mutex, PoisonError};

use url::{Host, Url};

/// The variable of the deployed job that lists the hosts a parameter may name.
pub const ALLOWED_HOSTS_VARIABLE: &str = "CREDJOB_ALLOWED_HOSTS";

/// The allow-list of a run. Clones share the hosts added from the login secret.
///
/// Entries are exact names or `*.suffix` (which does not match the suffix itself), without regard to case, with an
/// optional `:port`. An entry without a port allows every port. Loopback hosts are not exempt.
#[derive(Debug, Clone, Default)]
pub struct HostGuard {
    listed: Arc<[Pattern]>,
    from_secret: Arc<Mutex<Vec<Pattern>>>,
}

/// Entries that are not hosts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{ALLOWED_HOSTS_VARIABLE}: not a host: `{}`; list exact names or `*.suffix`, each with an optional :port, separated by commas",
    entries.join("`, `")
)]
pub struct HostListError {
    /// The entries as they were written, without logins.
    pub entries: Vec<String>,
}

/// A host that the job's owner did not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the host `{host}` of parameter {parameter} is not allowed; the owner of the job can allow it by adding it to {ALLOWED_HOSTS_VARIABLE}"
)]
pub struct HostRefused {
    /// The host, with its port if one is written.
    pub host: String,
    /// The parameter that named it.
    pub parameter: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    name: String,
    /// Any name below `name` instead of `name` itself.
    below: bool,
    port: Option<u16>,
}

impl HostGuard {
    /// Reads the value of [`ALLOWED_HOSTS_VARIABLE`]. Entries are separated by commas or white space; an empty list
    /// allows nothing.
    ///
    /// # Errors
    /// Every entry that is not a host.
    pub fn parse(list: &str) -> Result<Self, HostListError> {
        let (mut listed, mut entries) = (Vec::new(), Vec::new());
        for entry in list.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty()) {
            match Pattern::parse(entry) {
                Some(pattern) => listed.push(pattern),
                // A login in front of the host is not shown.
                None => entries.push(match entry.rsplit_once('@') {
                    Some((_, host)) => format!("...@{host}"),
                    None => entry.to_owned(),
                }),
            }
        }
        if !entries.is_empty() {
            return Err(HostListError { entries });
        }
        Ok(Self { listed: listed.into(), from_secret: Arc::default() })
    }

    /// A guard that allows no host from a parameter.
    pub fn closed() -> Self {
        Self::default()
    }

    /// Allows a host that stands inside the login secret: `host`, `host:port` or a whole URL, whose port then counts.
    /// A text that is none of these changes nothing: what it would have allowed stays refused.
    pub fn allow_from_secret(&self, host: &str) {
        let pattern = match Url::parse(host) {
            Ok(url) if url.has_host() => Pattern::of_url(&url),
            _ => Pattern::parse(host).filter(|pattern| !pattern.below),
        };
        if let Some(pattern) = pattern {
            // One push, so a panic elsewhere leaves the list whole.
            self.from_secret.lock().unwrap_or_else(PoisonError::into_inner).push(pattern);
        }
    }

    /// Says whether a request may go to the host of `url`, which `parameter` named.
    ///
    /// # Errors
    /// [`HostRefused`], whose text says what the job's owner can do.
    pub fn check(&self, url: &Url, parameter: &'static str) -> Result<(), HostRefused> {
        let wanted = Pattern::of_url(url);
        let allowed = wanted.as_ref().is_some_and(|wanted| {
            let from_secret = self.from_secret.lock().unwrap_or_else(PoisonError::into_inner);
            self.listed.iter().chain(from_secret.iter()).any(|pattern| pattern.allows(wanted))
        });
        if allowed {
            return Ok(());
        }
        let host = match (wanted, url.port()) {
            (Some(wanted), Some(port)) => format!("{}:{port}", wanted.name),
            (Some(wanted), None) => wanted.name,
            (None, _) => String::new(),
        };
        Err(HostRefused { host, parameter })
    }
}

impl Pattern {
    /// Reads `name`, `name:port`, `*.suffix` or `*.suffix:port`; an IPv6 address stands in brackets.
    fn parse(entry: &str) -> Option<Self> {
        let (below, rest) = match entry.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, entry),
        };
        // What a URL parser would take for something else than a host and a port.
        if rest.is_empty() || rest.contains(['/', '\\', '@', '?', '#', '*']) || rest.contains(char::is_control) {
            return None;
        }
        let port = match rest.rsplit_once(':') {
            Some((_, port)) if !port.ends_with(']') => Some(port.parse().ok()?),
            _ => None,
        };
        let url = Url::parse(&format!("https://{rest}/")).ok()?;
        if below && !matches!(url.host(), Some(Host::Domain(_))) {
            return None;
        }
        Some(Self { below, port, ..Self::of_url(&url)? })
    }

    /// The exact host and port of a URL. The parser has brought the name to lower case, punycode and plain addresses.
    fn of_url(url: &Url) -> Option<Self> {
        let host = url.host_str()?;
        Some(Self {
            // `host.` and `host` are the same name.
            name: host.strip_suffix('.').unwrap_or(host).to_owned(),
            below: false,
            port: url.port_or_known_default(),
        })
    }

    fn allows(&self, wanted: &Self) -> bool {
        let name = if self.below {
            wanted
                .name
                .strip_suffix(&self.name)
                .and_then(|front| front.strip_suffix('.'))
                .is_some_and(|front| !front.is_empty())
        } else {
            wanted.name == self.name
        };
        name && (self.port.is_none() || self.port == wanted.port)
    }
}

#[cfg(test)]
mod tests;
