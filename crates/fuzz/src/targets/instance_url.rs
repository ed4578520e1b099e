//! The base URL of a Secrets Manager instance (PROTOCOL 1.1 and 7, row 29).

use credjob::contract::{InstanceUrl, is_loopback_host};
use url::Url;

use crate::input::{CANARY, text};
use crate::judge::none_holds;

pub(super) fn check(data: &[u8]) {
    let text = text(data);
    match text.parse::<InstanceUrl>() {
        Ok(url) => accepted(&text, &url),
        Err(error) => assert!(!error.to_string().is_empty(), "a refusal has a reason"),
    }
    // A line break is refused, so this is always an error.
    let refusal = format!("{text}{CANARY}\nx").parse::<InstanceUrl>().err().map(|error| error.to_string());
    assert!(refusal.is_some(), "a URL with a line break is accepted");
    none_holds(&refusal, CANARY);
}

fn accepted(text: &str, url: &InstanceUrl) {
    let base = url.as_str();
    assert!(base.parse().as_ref() == Ok(url), "a base URL is not its own normal form");
    for ending in ["/", "/api", "/api/v2"] {
        // `https://api` ends in a host.
        let path = base.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
        assert!(!path.is_some_and(|path| path.ends_with(ending)), "a base URL keeps a trailing {ending}");
    }
    assert!(!base.contains(['@', '?', '#', ' ', '\\']), "a base URL holds more than a base");
    let given = host_and_port(text.trim());
    assert!(given.is_some() && host_and_port(base) == given, "a base URL has another host or port than the URL");
    assert!(base.starts_with("https://") || is_loopback_host(url.host()), "plain http leaves this machine");
    let api = Url::parse(&url.api("secrets"));
    assert!(api.is_ok_and(|api| api.path().ends_with("/api/v2/secrets") && api.host_str() == Some(url.host())));
}

fn host_and_port(url: &str) -> Option<(String, Option<u16>)> {
    let url = Url::parse(url).ok()?;
    Some((url.host_str()?.to_owned(), url.port_or_known_default()))
}
