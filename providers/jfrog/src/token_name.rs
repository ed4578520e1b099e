//! The credentials id of a token: which token, and on which platform.

use std::fmt;
use std::str::FromStr;

use credjob::prelude::{CredentialsId, Failure};

use crate::JfrogFailure;
use crate::platform_host::PlatformHost;
use crate::token_id::TokenId;

/// Between the id and the host. Neither can hold it.
const AT: char = '@';

/// A token and its platform: `<token id>@<host>`.
///
/// The parameters of a secret can be changed while its tokens live, and a platform answers "no such token" for a token of
/// another one, so an id alone would let a live token count as gone (PROVIDERS section 0). The id is given out for the
/// token's own platform only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenName {
    id: TokenId,
    /// `None`: IBM's provider made the token, and its credentials ids do not say where.
    platform: Option<PlatformHost>,
}

/// The text is no name of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoTokenName;

impl TokenName {
    /// The name of a token of this platform.
    pub(crate) fn new(id: TokenId, platform: PlatformHost) -> Self {
        Self { id, platform: Some(platform) }
    }

    /// The id, if this may be a token of the configured platform.
    ///
    /// # Errors
    /// [`JfrogFailure::OtherPlatform`] if it is a token of another one.
    pub(crate) fn id_on(&self, configured: &PlatformHost) -> Result<&TokenId, JfrogFailure> {
        match &self.platform {
            Some(own) if own != configured => {
                Err(JfrogFailure::OtherPlatform { own: own.to_string(), configured: configured.to_string() })
            }
            _ => Ok(&self.id),
        }
    }

    /// The name as Secrets Manager keeps it.
    ///
    /// # Errors
    /// None in practice: a UUID and a host are far shorter than [`CredentialsId::MAX_LEN`].
    pub(crate) fn to_credentials_id(&self) -> Result<CredentialsId, Failure> {
        Ok(CredentialsId::new(self.to_string())?)
    }
}

impl FromStr for TokenName {
    type Err = NoTokenName;

    fn from_str(text: &str) -> Result<Self, NoTokenName> {
        let (id, platform) = match text.split_once(AT) {
            Some((id, platform)) => (id, Some(platform.parse().map_err(|_| NoTokenName)?)),
            None => (text, None),
        };
        Ok(Self { id: id.parse().map_err(|_| NoTokenName)?, platform })
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.platform {
            Some(platform) => write!(f, "{}{AT}{platform}", self.id),
            None => self.id.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c";

    fn host(text: &str) -> PlatformHost {
        text.parse().unwrap()
    }

    fn name(text: &str) -> TokenName {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_is_read_as_it_was_written() {
        for platform in ["example.jfrog.io", "tools.example.com:8082", "[::1]:8082"] {
            let named = TokenName::new(ID.parse().unwrap(), host(platform));
            assert_eq!(named.to_credentials_id().unwrap().as_str(), format!("{ID}@{platform}"));
            assert_eq!(named.to_string().parse(), Ok(named), "{platform}");
        }
    }

    #[test]
    fn the_longest_host_fits_into_a_credentials_id() {
        let longest = host(&format!("{}:65535", ["a"; 127].join(".")));
        assert!(TokenName::new(ID.parse().unwrap(), longest).to_credentials_id().is_ok());
    }

    #[test]
    fn a_uuid_alone_may_be_of_any_platform() {
        let named = name(ID);
        assert_eq!(named.to_string(), ID);
        assert_eq!(named.id_on(&host("example.jfrog.io")).unwrap().to_string(), ID);
    }

    #[test]
    fn the_id_is_for_the_tokens_own_platform_only() {
        let named = name(&format!("{ID}@example.jfrog.io"));
        assert_eq!(named.id_on(&host("example.jfrog.io")).unwrap().to_string(), ID);
        for other in ["other.jfrog.io", "example.jfrog.io:8443", "jfrog.io", "example.jfrog.io.example.com"] {
            let refused = named.id_on(&host(other));
            assert!(matches!(refused, Err(JfrogFailure::OtherPlatform { .. })), "{other}: {refused:?}");
        }
    }

    #[test]
    fn the_refusal_names_both_hosts_and_the_way_out() {
        let refused = name(&format!("{ID}@example.jfrog.io")).id_on(&host("other.jfrog.io")).unwrap_err().to_string();
        for part in ["other.jfrog.io", "set jfrog_base_url back to example.jfrog.io, rotate, then change it"] {
            assert!(refused.contains(part), "{part}: {refused}");
        }
    }

    #[test]
    fn nothing_else_is_a_name() {
        for text in ["", "@", "me", "me@example.jfrog.io", "@example.jfrog.io"] {
            assert_eq!(text.parse::<TokenName>(), Err(NoTokenName), "{text:?}");
        }
        for rest in ["@", "@EXAMPLE.jfrog.io", "@example.jfrog.io@other.jfrog.io", "@example.jfrog.io/ui", " "] {
            assert_eq!(format!("{ID}{rest}").parse::<TokenName>(), Err(NoTokenName), "{rest:?}");
        }
    }
}
