//! Base URLs: of a Secrets Manager instance, and of IAM when it is overridden.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use url::{Position, Url};

use crate::ids::IdError;

/// Host part of every instance in IBM's test environment (PROTOCOL 3.3, "Test rule").
const TEST_HOST: &str = "secrets-manager.test.appdomain.cloud";

/// Marks the host of a private endpoint: `{instance_id}.private.{region}…` (PROTOCOL 4).
const PRIVATE_LABEL: &str = ".private.";

/// The base URL of a Secrets Manager instance, normalised: no trailing `/`, `/api` or `/api/v2` (PROTOCOL 1.1), no user
/// info, query or fragment, and `https` unless the host is this machine.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceUrl {
    text: String,
    host: String,
}

impl InstanceUrl {
    /// The base URL, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host in lower case, without the port; an IPv6 address stands in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether this is a private endpoint, which is only reachable from inside IBM Cloud.
    pub fn is_private(&self) -> bool {
        self.host.contains(PRIVATE_LABEL)
    }

    /// Whether this instance belongs to IBM's test environment.
    pub fn is_test(&self) -> bool {
        self.host.contains(TEST_HOST)
    }

    /// The URL of an API resource: `api("secrets")` is `{base}/api/v2/secrets`. The caller encodes what it puts into
    /// the path.
    pub fn api(&self, path: &str) -> String {
        format!("{}/api/v2/{}", self.text, path.trim_start_matches('/'))
    }
}

impl FromStr for InstanceUrl {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (text, host) = base_url("an instance URL", text, &["/api/v2", "/api"])?;
        Ok(Self { text, host })
    }
}

impl fmt::Display for InstanceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for InstanceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstanceUrl({})", self.text)
    }
}

/// Whether a host is this machine: `localhost`, `127.0.0.0/8` or `::1` (with or without brackets). Other names are not
/// looked up.
pub fn is_loopback_host(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || bare.unwrap_or(host).parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}

/// Checks a base URL and cuts trailing slashes and `suffixes` from its path. Returns the URL and its host.
pub(crate) fn base_url(what: &'static str, text: &str, suffixes: &[&str]) -> Result<(String, String), IdError> {
    let refuse = |why| Err(IdError::new(what, why));
    let text = text.trim();
    // The parser would drop tabs and line breaks and turn `\` into `/` without a word; a text with them is not what its
    // author meant.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return refuse("holds no spaces, control characters or backslashes");
    }
    let Ok(url) = Url::parse(text) else {
        return refuse("is an absolute URL such as `https://host`");
    };
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
        return refuse("is an absolute URL such as `https://host`");
    };
    match url.scheme() {
        "https" => {}
        "http" if is_loopback_host(host) => {}
        _ => return refuse("begins with `https://` (`http://` is for this machine only)"),
    }
    if text.contains('@') {
        return refuse("holds no user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("has no query and no fragment");
    }
    // Of the path only: `https://api` is a host. Repeated, so that what is cut once is not there a second time.
    let mut path = url.path().trim_end_matches('/');
    while let Some(cut) = suffixes.iter().find_map(|suffix| path.strip_suffix(suffix)) {
        path = cut.trim_end_matches('/');
    }
    Ok((format!("{}{path}", &url[..Position::BeforePath]), host.to_owned()))
}

#[cfg(test)]
mod tests;
