use super::*;

const HOST: &str = "0d9f1c3e.us-south.secrets-manager.appdomain.cloud";

fn parse(text: &str) -> Result<InstanceUrl, IdError> {
    text.parse()
}

#[test]
fn trailing_slash_and_api_are_cut() {
    for end in ["", "/", "//", "/api", "/api/", "/api/v2", "/api/v2/"] {
        let url = parse(&format!("https://{HOST}{end}")).unwrap();
        assert_eq!(url.as_str(), format!("https://{HOST}"), "{end}");
    }
}

#[test]
fn other_paths_and_ports_stay() {
    assert_eq!(parse("https://proxy.example:8443/sm/api").unwrap().as_str(), "https://proxy.example:8443/sm");
    assert_eq!(parse("https://proxy.example/myapi").unwrap().as_str(), "https://proxy.example/myapi");
}

#[test]
fn host_and_scheme_are_lower_case_and_the_default_port_goes() {
    let url = parse("HTTPS://Example.COM:443/API").unwrap();
    assert_eq!(url.as_str(), "https://example.com/API");
    assert_eq!(url.host(), "example.com");
}

#[test]
fn spaces_around_the_url_do_not_matter() {
    assert_eq!(parse(" https://example.com/\n").unwrap().as_str(), "https://example.com");
}

#[test]
fn a_host_called_like_a_suffix_is_kept() {
    let url = parse("https://api/").unwrap();
    assert_eq!((url.as_str(), url.host()), ("https://api", "api"));
}

#[test]
fn a_suffix_that_stands_there_twice_is_cut_twice() {
    assert_eq!(parse("https://example.com/sm/api//api/v2").unwrap().as_str(), "https://example.com/sm");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for host in ["localhost:1234", "127.0.0.1:80", "127.8.9.1", "[::1]:5000"] {
        assert!(parse(&format!("http://{host}")).is_ok(), "{host}");
    }
    for host in ["example.com", "10.0.0.1", "localhost.example.com", "[::2]", "0.0.0.0"] {
        assert!(parse(&format!("http://{host}")).is_err(), "{host}");
    }
}

#[test]
fn what_is_no_base_url_is_refused() {
    for text in [
        "",
        "example.com",
        "//example.com",
        "https://",
        "ftp://example.com",
        "file:///etc/passwd",
        "unix:/run/x",
        "https://user:pass@example.com",
        "https://@example.com",
        "https://example.com?x=1",
        "https://example.com/?",
        "https://example.com/#top",
        "https://exa mple.com",
        "https://exam\tple.com",
        "https:\\\\example.com",
        "https://example.com:99999",
    ] {
        assert!(parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn an_error_does_not_repeat_the_url() {
    let error = parse("https://user:hunter2@example.com").unwrap_err();
    assert_eq!(error.to_string(), "an instance URL holds no user name or password");
}

#[test]
fn resources_stand_below_api_v2() {
    let url = parse(&format!("https://{HOST}/api")).unwrap();
    assert_eq!(url.api("secrets/1/tasks"), format!("https://{HOST}/api/v2/secrets/1/tasks"));
    assert_eq!(url.api("/secrets"), format!("https://{HOST}/api/v2/secrets"));
}

#[test]
fn private_and_test_instances_are_known_by_their_host() {
    let private = parse("https://0d9f1c3e.private.us-south.secrets-manager.appdomain.cloud").unwrap();
    assert!(private.is_private() && !private.is_test());
    let test = parse("https://0d9f1c3e.us-south.secrets-manager.test.appdomain.cloud/api").unwrap();
    assert!(test.is_test() && !test.is_private());
    let public = parse(&format!("https://{HOST}/.private./secrets-manager.test.appdomain.cloud")).unwrap();
    assert!(!public.is_private() && !public.is_test());
}

#[test]
fn loopback_hosts_are_recognised_without_a_lookup() {
    for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.255.255.255", "::1", "[::1]"] {
        assert!(is_loopback_host(host), "{host}");
    }
    for host in ["", "localhost.", "a.localhost", "127.1", "128.0.0.1", "::", "[127.0.0.1", "::ffff:127.0.0.1"] {
        assert!(!is_loopback_host(host), "{host}");
    }
}
