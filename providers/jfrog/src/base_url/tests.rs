use super::*;

fn tokens(base: &str) -> String {
    BaseUrl::parse(base).unwrap_or_else(|failure| panic!("{base}: {failure}")).tokens().to_string()
}

fn why(base: &str) -> &'static str {
    match BaseUrl::parse(base) {
        Err(JfrogFailure::BadBaseUrl { why }) => why,
        other => panic!("{base:?} gave {other:?}"),
    }
}

#[test]
fn a_pasted_service_path_or_slash_is_taken_off() {
    for base in [
        "https://example.jfrog.io",
        " https://example.jfrog.io/ ",
        "https://example.jfrog.io//",
        "https://example.jfrog.io/artifactory",
        "https://example.jfrog.io/artifactory/",
        "https://example.jfrog.io/access",
        "https://example.jfrog.io/ui/",
        "https://EXAMPLE.jfrog.io:443",
    ] {
        assert_eq!(tokens(base), "https://example.jfrog.io/access/api/v1/tokens", "{base}");
    }
}

#[test]
fn a_port_and_a_path_of_the_platform_stay() {
    assert_eq!(tokens("https://tools.example.com:8082/"), "https://tools.example.com:8082/access/api/v1/tokens");
    assert_eq!(
        tokens("https://tools.example.com/jfrog/artifactory"),
        "https://tools.example.com/jfrog/access/api/v1/tokens"
    );
    assert_eq!(
        tokens("https://tools.example.com/my-artifactory"),
        "https://tools.example.com/my-artifactory/access/api/v1/tokens"
    );
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for base in ["http://127.0.0.1:8082", "http://localhost:8082", "http://[::1]:8082"] {
        assert!(BaseUrl::parse(base).is_ok(), "{base}");
    }
    for base in ["http://example.jfrog.io", "http://localhost.example.com", "http://127.0.0.1.example.com"] {
        assert_eq!(why(base), "it is not encrypted", "{base}");
    }
}

#[test]
fn what_is_no_base_url_is_refused() {
    assert_eq!(why(""), "it is not a URL");
    assert_eq!(why("example.jfrog.io"), "it is not a URL");
    assert_eq!(why("data:text/plain,x"), "it names no host");
    assert_eq!(why("ftp://example.jfrog.io"), "its scheme is not https");
    assert_eq!(why("https://user@example.jfrog.io"), "it holds a user name or a password");
    assert_eq!(why("https://:secret@example.jfrog.io"), "it holds a user name or a password");
    assert_eq!(why("https://example.jfrog.io?x=1"), "it holds a query or a fragment");
    assert_eq!(why("https://example.jfrog.io/#x"), "it holds a query or a fragment");
    assert_eq!(why(&format!("https://{}", ["a"; 128].join("."))), "it names an impossible host");
}

#[test]
fn the_failure_names_the_variable_and_not_the_value() {
    let text = BaseUrl::parse("https://user:s3cret@example.jfrog.io").unwrap_err().to_string();
    assert!(text.contains("SM_JFROG_BASE_URL_VALUE") && !text.contains("s3cret"), "{text}");
}

#[test]
fn a_description_is_encoded_and_its_wildcard_is_not() {
    let base = BaseUrl::parse("https://example.jfrog.io/jfrog").unwrap();
    assert_eq!(
        base.tokens_described("sm-1 & 2-").as_str(),
        "https://example.jfrog.io/jfrog/access/api/v1/tokens?description=sm-1+%26+2-*"
    );
}

#[test]
fn one_token_hangs_below_the_tokens() {
    let base = BaseUrl::parse("https://example.jfrog.io").unwrap();
    let id = "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c".parse().unwrap();
    assert_eq!(
        base.token(&id).as_str(),
        "https://example.jfrog.io/access/api/v1/tokens/7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c"
    );
    assert_eq!(base.own_token().as_str(), "https://example.jfrog.io/access/api/v1/tokens/me");
}
