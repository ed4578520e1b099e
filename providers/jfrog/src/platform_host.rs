//! The host of a platform, by which platforms are told apart.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// The longest host name, in characters (RFC 1035 section 2.3.4, less its root). It keeps a credentials id short, too.
const MAX_NAME: usize = 253;

/// A host in lower case, without a dot at its end, and with its port if that is not the scheme's own.
///
/// One host has one spelling, so equal texts mean the same host. A text in any other spelling is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlatformHost(String);

/// The text is no host in that spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoPlatformHost;

impl PlatformHost {
    /// The host of a URL.
    pub(crate) fn of(url: &Url) -> Result<Self, NoPlatformHost> {
        let name = url.host_str().ok_or(NoPlatformHost)?;
        // `host.` and `host` are the same name.
        let name = name.strip_suffix('.').unwrap_or(name);
        match url.port() {
            Some(port) => format!("{name}:{port}").parse(),
            None => name.parse(),
        }
    }
}

impl FromStr for PlatformHost {
    type Err = NoPlatformHost;

    fn from_str(text: &str) -> Result<Self, NoPlatformHost> {
        let (name, port) = match text.rsplit_once(':') {
            // The last colon of an IPv6 address stands in its brackets.
            Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
            _ => (text, None),
        };
        let is_name = name.len() <= MAX_NAME
            && !name.ends_with('.')
            && Host::parse(name).is_ok_and(|host| host.to_string() == name);
        let is_port = |port: &str| port.parse::<u16>().is_ok_and(|number| number.to_string() == port);
        if is_name && port.is_none_or(is_port) { Ok(Self(text.to_owned())) } else { Err(NoPlatformHost) }
    }
}

impl fmt::Display for PlatformHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Option<String> {
        PlatformHost::of(&Url::parse(url).unwrap()).ok().map(|host| host.to_string())
    }

    #[test]
    fn one_host_has_one_spelling() {
        for url in ["https://EXAMPLE.jfrog.io", "https://example.jfrog.io:443/path", "https://example.jfrog.io./"] {
            assert_eq!(of(url).as_deref(), Some("example.jfrog.io"), "{url}");
        }
        assert_eq!(of("https://tools.example.com:8082").as_deref(), Some("tools.example.com:8082"));
        assert_eq!(of("https://bücher.example").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(of("http://[0:0::1]:8082").as_deref(), Some("[::1]:8082"));
        assert_eq!(of("http://127.1").as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn what_is_written_can_be_read_again() {
        for url in [
            "https://example.jfrog.io",
            "https://tools.example.com:8082",
            "https://my_tools",
            "https://bücher.example",
            "http://[::1]",
            "http://[::1]:8082",
            "http://127.0.0.1:443",
        ] {
            let host = PlatformHost::of(&Url::parse(url).unwrap()).unwrap();
            assert_eq!(host.to_string().parse(), Ok(host), "{url}");
        }
    }

    #[test]
    fn what_no_dns_would_find_is_no_host() {
        assert_eq!(of(&format!("https://{}", ["a"; 127].join("."))).map(|host| host.len()), Some(MAX_NAME));
        assert_eq!(of(&format!("https://{}", ["a"; 128].join("."))), None);
        assert_eq!(of("https://example.jfrog.io.."), None);
    }

    #[test]
    fn another_spelling_is_refused() {
        for text in [
            "",
            ".",
            "EXAMPLE.jfrog.io",
            "example.jfrog.io.",
            "example.jfrog.io:",
            "example.jfrog.io:+1",
            "example.jfrog.io:0443",
            "example.jfrog.io:65536",
            "example.jfrog.io/",
            "user@example.jfrog.io",
            "https://example.jfrog.io",
            "example.jfrog.io ",
            "bücher.example",
            "%65xample.jfrog.io",
            "[0:0::1]",
            "[::1",
            "::1",
            "127.1",
        ] {
            assert_eq!(text.parse::<PlatformHost>(), Err(NoPlatformHost), "{text:?}");
        }
    }
}
