use super::*;

fn allows(list: &str, url: &str) -> bool {
    let guard = HostGuard::parse(list).unwrap();
    guard.check(&Url::parse(url).unwrap(), "BASE_URL").is_ok()
}

#[test]
fn an_exact_name_allows_itself_only() {
    assert!(allows("jfrog.example.com", "https://jfrog.example.com/artifactory"));
    assert!(!allows("jfrog.example.com", "https://a.jfrog.example.com/"));
    assert!(!allows("jfrog.example.com", "https://jfrog.example.com.evil.test/"));
    assert!(!allows("jfrog.example.com", "https://xjfrog.example.com/"));
}

#[test]
fn a_wildcard_allows_every_name_below() {
    assert!(allows("*.example.com", "https://a.example.com/"));
    assert!(allows("*.example.com", "https://a.b.example.com/"));
    assert!(!allows("*.example.com", "https://example.com/"));
    assert!(!allows("*.example.com", "https://evilexample.com/"));
}

#[test]
fn case_and_a_trailing_dot_do_not_matter() {
    assert!(allows("JFROG.Example.com", "https://jfrog.exAMPLE.com./"));
    assert!(allows("jfrog.example.com.", "https://jfrog.example.com/"));
    assert!(allows("*.Example.com", "https://A.example.com./"));
}

#[test]
fn an_entry_without_port_allows_every_port() {
    assert!(allows("a.example", "https://a.example:8443/"));
    assert!(allows("127.0.0.1", "http://127.0.0.1:38211/"));
}

#[test]
fn an_entry_with_port_allows_that_port_only() {
    assert!(allows("a.example:8443", "https://a.example:8443/"));
    assert!(!allows("a.example:8443", "https://a.example/"));
    assert!(allows("a.example:443", "https://a.example/"));
    assert!(!allows("a.example:443", "https://a.example:8443/"));
    assert!(allows("*.example:8443", "https://a.example:8443/"));
}

#[test]
fn several_entries_are_separated_by_commas_or_space() {
    for url in ["https://a.example", "https://b.example", "https://c.example"] {
        assert!(allows(" a.example,b.example  c.example,, ", url), "{url}");
    }
}

#[test]
fn addresses_are_compared_as_addresses() {
    assert!(allows("127.0.0.1", "http://0x7f.1/"));
    assert!(allows("[::1]:8080", "http://[0:0:0:0:0:0:0:1]:8080/"));
    assert!(!allows("[::1]:8080", "http://[::1]:8081/"));
    assert!(allows("[::1]", "http://[::1]:8081/"));
}

#[test]
fn an_international_name_is_its_ascii_form() {
    assert!(allows("bücher.example", "https://xn--bcher-kva.example/"));
}

#[test]
fn an_empty_list_allows_nothing_not_even_this_machine() {
    for url in ["https://a.example/", "http://127.0.0.1:1/", "http://localhost/"] {
        assert!(!allows("", url), "{url}");
    }
}

#[test]
fn every_bad_entry_is_named_with_the_variable() {
    let text = HostGuard::parse("ok.example,*,https://x.example,a.example:x,https://u:pass-canary@h.example")
        .unwrap_err()
        .to_string();
    assert!(
        text.starts_with(
            "CREDJOB_ALLOWED_HOSTS: not a host: `*`, `https://x.example`, `a.example:x`, `...@h.example`;"
        ),
        "{text}"
    );
}

#[test]
fn what_is_no_host_is_refused() {
    for entry in [
        "*",
        "*.",
        "a.*.example",
        "**.example",
        "*.127.0.0.1",
        "::1",
        "a.example:99999",
        "a/b",
        "a?b",
        "a#b",
        "a\\b",
        ":443",
    ] {
        assert!(HostGuard::parse(entry).is_err(), "{entry}");
    }
}

#[test]
fn a_host_from_the_login_secret_is_allowed() {
    let guard = HostGuard::closed();
    let url = Url::parse("https://jfrog.example.com/x").unwrap();
    assert!(guard.check(&url, "BASE_URL").is_err());
    guard.clone().allow_from_secret("JFrog.example.com");
    assert!(guard.check(&url, "BASE_URL").is_ok());
}

#[test]
fn a_url_in_the_login_secret_allows_its_port_only() {
    let guard = HostGuard::closed();
    guard.allow_from_secret("https://jfrog.example.com/artifactory");
    let check = |url| guard.check(&Url::parse(url).unwrap(), "BASE_URL").is_ok();
    assert!(check("https://jfrog.example.com/"));
    assert!(!check("https://jfrog.example.com:8443/"));
    guard.allow_from_secret("jfrog.example.com:8443");
    assert!(check("https://jfrog.example.com:8443/"));
}

#[test]
fn the_login_secret_cannot_open_a_whole_domain() {
    let guard = HostGuard::closed();
    for text in ["*.example.com", "*", "", "not a host", "mailto:a@b.example"] {
        guard.allow_from_secret(text);
    }
    assert!(guard.check(&Url::parse("https://a.example.com/").unwrap(), "BASE_URL").is_err());
    assert!(guard.check(&Url::parse("https://b.example/").unwrap(), "BASE_URL").is_err());
}

#[test]
fn the_refusal_names_host_parameter_and_variable() {
    let url = Url::parse("https://u:pass-canary@evil.test:8443/path-canary?q-canary").unwrap();
    let text = HostGuard::closed().check(&url, "JFROG_BASE_URL").unwrap_err().to_string();
    assert_eq!(
        text,
        "the host `evil.test:8443` of parameter JFROG_BASE_URL is not allowed; the owner of the job can allow it by adding it to CREDJOB_ALLOWED_HOSTS"
    );
}
