//! The allow-list of hosts (DESIGN 7).

use credjob::http::{HostGuard, HostListError};
use url::Url;

use crate::input::{CANARY, first_line, text};
use crate::judge::none_holds;

const PARAMETER: &str = "BASE_URL";

/// An input is a list in the first line, and a URL in the second.
pub(super) fn check(data: &[u8]) {
    let (list, url) = first_line(data);
    let (list, url) = (text(list), text(url));
    no_login_is_shown(&list);
    let Ok(url) = Url::parse(url.trim()) else { return };
    // No other scheme is ever asked.
    let Some(host) = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) else { return };
    assert!(HostGuard::closed().check(&url, PARAMETER).is_err(), "a closed guard lets {host} pass");
    if let Ok(guard) = HostGuard::parse(&list)
        && guard.check(&url, PARAMETER).is_ok()
    {
        assert!(entries(&list).any(|entry| covers(entry, &url)), "{host} is not on the list");
    }
    listed_by_its_own_name(&url, host);
}

fn listed_by_its_own_name(url: &Url, host: &str) {
    let allows = |list: &str| HostGuard::parse(list).map(|guard| guard.check(url, PARAMETER).is_ok());
    // A comma may stand in a host, but it separates entries.
    if let Ok(allowed) = allows(host)
        && !host.contains(',')
    {
        assert!(allowed, "{host} does not allow itself");
        assert!(allows(&format!("*.{host}")) != Ok(true), "a suffix allows itself");
    }
    let guard = HostGuard::closed();
    guard.allow_from_secret(url.as_str());
    assert!(guard.check(url, PARAMETER).is_ok(), "a URL of the secret does not allow itself");
}

fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(|character: char| character == ',' || character.is_whitespace()).filter(|entry| !entry.is_empty())
}

/// Whether an entry allows the host and port of a URL, decided on names as a URL parser writes them.
fn covers(entry: &str, url: &Url) -> bool {
    let (suffix, name) = entry.strip_prefix("*.").map_or((false, entry), |name| (true, name));
    let Ok(listed) = Url::parse(&format!("https://{name}/")) else { return false };
    let plain = |host: &str| host.trim_end_matches('.').to_owned();
    let (Some(listed_host), Some(host)) = (listed.host_str().map(plain), url.host_str().map(plain)) else {
        return false;
    };
    // The parser drops the port that https has anyway.
    let has_port = name.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    let port_fits = !has_port || listed.port_or_known_default() == url.port_or_known_default();
    port_fits && if suffix { host.ends_with(&format!(".{listed_host}")) } else { host == listed_host }
}

/// The part of an entry before `@` may be a login.
fn no_login_is_shown(list: &str) {
    let refusal = HostGuard::parse(&list.replace('@', &format!("{CANARY}@"))).err();
    none_holds(&refusal.as_ref().map(HostListError::to_string), CANARY);
}
