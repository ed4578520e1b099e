//! The connection URL of a server, `postgres://user:password@host:port/database?...`, read and written.

use credjob::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::PostgresFailure;
use crate::server_name::ServerName;

/// PostgreSQL's port.
const DEFAULT_PORT: u16 = 5432;
/// The parameter that says how far the server is checked.
const SSL_MODE: &str = "sslmode";
/// The one value that checks the certificate and the host.
const VERIFY_FULL: &str = "verify-full";

/// A connection URL, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Composed {
    pub(crate) server: ServerName,
    pub(crate) database: String,
    pub(crate) user: String,
    pub(crate) password: Secret<String>,
    /// Everything behind the `?`, as written, but `sslmode`.
    query: Vec<String>,
}

impl Composed {
    /// Reads a URL. It must not ask for less than verify-full.
    pub(crate) fn parse(text: &Secret<String>) -> Result<Self, PostgresFailure> {
        let bad = |why| PostgresFailure::BadLogin { why };
        let url = Url::parse(text.expose().trim())
            .map_err(|_| bad("the connection URL cannot be read; it must name one host"))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(bad("the connection URL does not begin with postgres://"));
        }
        let host = url.host_str().ok_or_else(|| bad("the connection URL names no host"))?;
        let server = ServerName::new(host, url.port().unwrap_or(DEFAULT_PORT))
            .map_err(|_| bad("the connection URL names no usable host"))?;
        let database = decoded(url.path().trim_start_matches('/')).filter(|name| !name.is_empty());
        let user = decoded(url.username()).filter(|name| !name.is_empty());
        let password = url.password().and_then(decoded).filter(|password| !password.is_empty());
        let query = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let (modes, query): (Vec<&str>, Vec<&str>) = query.partition(|pair| pair.split('=').next() == Some(SSL_MODE));
        if modes.iter().any(|mode| mode.split_once('=').is_none_or(|(_, mode)| mode != VERIFY_FULL)) {
            return Err(PostgresFailure::WeakTls);
        }
        Ok(Self {
            server,
            database: database.ok_or_else(|| bad("the connection URL names no database"))?,
            user: user.ok_or_else(|| bad("the connection URL names no user"))?,
            password: password.map(Secret::new).ok_or_else(|| bad("the connection URL holds no password"))?,
            query: query.into_iter().map(str::to_owned).collect(),
        })
    }

    /// The parts of a login that is no URL.
    pub(crate) fn of_parts(server: ServerName, database: String, user: String, password: Secret<String>) -> Self {
        Self { server, database, user, password, query: Vec::new() }
    }

    /// The URL of the same place for another user.
    pub(crate) fn for_user(&self, user: &str, password: &Secret<String>) -> Secret<String> {
        let [user, password, database] =
            [user, password.expose(), &self.database].map(|text| utf8_percent_encode(text, KEPT).to_string());
        let mut url = format!("postgres://{user}:{password}@{}/{database}?", self.server);
        for pair in &self.query {
            url.push_str(pair);
            url.push('&');
        }
        url.push_str("sslmode=verify-full");
        Secret::new(url)
    }
}

/// All but what RFC 3986 section 2.3 leaves alone.
const KEPT: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Composed, PostgresFailure> {
        Composed::parse(&Secret::new(text.to_owned()))
    }

    #[test]
    fn the_url_of_ibm_cloud_databases_is_taken_apart() {
        let url =
            "postgres://ibm_cloud_1:p%40ss-word@1.b.databases.appdomain.cloud:31000/ibmclouddb?sslmode=verify-full";
        let composed = parse(url).unwrap();
        assert_eq!(composed.server.to_string(), "1.b.databases.appdomain.cloud:31000");
        assert_eq!((composed.database.as_str(), composed.user.as_str()), ("ibmclouddb", "ibm_cloud_1"));
        assert_eq!(composed.password.expose(), "p@ss-word");
    }

    #[test]
    fn the_url_of_the_new_role_is_the_logins_with_another_user() {
        let composed =
            parse("postgresql://u:canary-password@db/my%20db?connect_timeout=5&sslmode=verify-full&application_name=x")
                .unwrap();
        let url = composed.for_user("sm-1", &Secret::from("canary-new-password"));
        let expected = "postgres://sm-1:canary-new-password@db:5432/my%20db?connect_timeout=5&application_name=x&sslmode=verify-full";
        assert_eq!(url.expose(), expected);
    }

    #[test]
    fn anything_weaker_than_verify_full_is_refused() {
        for mode in ["disable", "allow", "prefer", "require", "verify-ca", "", "VERIFY-FULL"] {
            let result = parse(&format!("postgres://u:password@db/x?sslmode={mode}"));
            assert!(matches!(result, Err(PostgresFailure::WeakTls)), "{mode}");
        }
        assert!(matches!(
            parse("postgres://u:password@db/x?sslmode=verify-full&sslmode=require"),
            Err(PostgresFailure::WeakTls)
        ));
        assert!(parse("postgres://u:password@db/x").is_ok(), "nothing is asked for: verify-full");
    }

    #[test]
    fn what_is_no_usable_url_is_refused() {
        for url in [
            "",
            "db",
            "https://u:password@db/x",
            "postgres://u:password@/x",
            "postgres://u:password@db",
            "postgres://u@db/x",
            "postgres://:password@db/x",
            "postgres://u:password@a:1,b:2/x",
            "postgres://u:%ff%fe@db/x",
        ] {
            assert!(matches!(parse(url), Err(PostgresFailure::BadLogin { .. })), "{url:?}");
        }
    }
}
