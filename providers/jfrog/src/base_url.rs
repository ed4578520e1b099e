//! The platform's base URL, from what the secret's owner pasted.

use url::{Host, Url};

use crate::JfrogFailure;
use crate::platform_host::PlatformHost;
use crate::token_id::TokenId;

/// Where the services of a platform hang below its base URL: what people paste along with it.
const SERVICES: [&str; 3] = ["/artifactory", "/access", "/ui"];

/// The URL of a JFrog platform, without a service's path and without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    url: Url,
    host: PlatformHost,
}

impl BaseUrl {
    /// Reads the parameter JFROG_BASE_URL.
    pub(crate) fn parse(text: &str) -> Result<Self, JfrogFailure> {
        let bad = |why| JfrogFailure::BadBaseUrl { why };
        let mut url = Url::parse(text.trim()).map_err(|_| bad("it is not a URL"))?;
        match (url.scheme(), url.host()) {
            (_, None) => return Err(bad("it names no host")),
            ("https", Some(_)) => {}
            ("http", Some(host)) if is_loopback(&host) => {}
            ("http", Some(_)) => return Err(bad("it is not encrypted")),
            _ => return Err(bad("its scheme is not https")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("it holds a user name or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("it holds a query or a fragment"));
        }
        let path = platform_path(url.path()).to_owned();
        url.set_path(&path);
        let host = PlatformHost::of(&url).map_err(|_| bad("it names an impossible host"))?;
        Ok(Self { url, host })
    }

    /// The host, with its port if one is needed.
    pub(crate) fn host(&self) -> &PlatformHost {
        &self.host
    }

    /// The tokens of the platform (PROVIDERS 1: `/access/...` hangs off the platform, not off Artifactory).
    pub(crate) fn tokens(&self) -> Url {
        self.below("/access/api/v1/tokens")
    }

    /// One token.
    pub(crate) fn token(&self, id: &TokenId) -> Url {
        self.below(&format!("/access/api/v1/tokens/{id}"))
    }

    /// The token that a request is made with.
    pub(crate) fn own_token(&self) -> Url {
        self.below("/access/api/v1/tokens/me")
    }

    /// The tokens whose description begins with `prefix`.
    pub(crate) fn tokens_described(&self, prefix: &str) -> Url {
        let mut url = self.tokens();
        // The wildcard may stand only at the end. Form encoding leaves `*` as it is.
        url.query_pairs_mut().append_pair("description", &format!("{prefix}*"));
        url
    }

    fn below(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.url.path().trim_end_matches('/')));
        url
    }
}

fn platform_path(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let service = SERVICES.into_iter().find_map(|service| path.strip_suffix(service));
    service.unwrap_or(path).trim_end_matches('/')
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests;
