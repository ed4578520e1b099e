use super::*;

fn marker() -> Marker {
    Marker::new(&"sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10".parse().unwrap(), [1; 6])
}

fn params() -> JfrogParams {
    JfrogParams {
        username: None,
        scope: "applied-permissions/user".to_owned(),
        expires_in_seconds: 0,
        refreshable: false,
        description: None,
        audience: "*@*".to_owned(),
        include_reference_token: false,
        login_secret_id: SecretId::nil(),
        jfrog_base_url: "https://example.jfrog.io".to_owned(),
        force_revocable: false,
    }
}

#[test]
fn a_description_begins_with_the_marker() {
    assert_eq!(description(&marker(), None), marker().as_str());
    assert_eq!(description(&marker(), Some("for the build")), format!("{} for the build", marker()));
}

#[test]
fn a_description_is_cut_to_1024_characters_and_keeps_its_marker() {
    let text = description(&marker(), Some(&"ö".repeat(1024)));
    assert_eq!(text.chars().count(), 1024);
    assert!(text.starts_with(&format!("{} ö", marker())));
}

#[test]
fn what_was_not_asked_for_is_not_sent() {
    let order = order(&params(), &marker());
    assert_eq!(order.get("username"), None);
    assert_eq!(order.get("force_revocable"), None);
    assert_eq!(order["expires_in"], 0);
}

#[test]
fn what_was_asked_for_is_sent() {
    let asked =
        JfrogParams { username: Some("build".to_owned()), force_revocable: true, refreshable: true, ..params() };
    let order = order(&asked, &marker());
    assert_eq!(
        (&order["username"], &order["force_revocable"], &order["refreshable"]),
        (&json!("build"), &json!(true), &json!(true))
    );
}

/// A client whose next request is answered so.
fn answering(answer: credjob::http::script::Answer) -> HttpClient {
    use std::{sync::Arc, time::Duration};

    use credjob::http::script::{Call, ScriptedTransport};
    use credjob::http::{Budget, Clock, HostGuard, Ledger, SeededRandom};

    let script = ScriptedTransport::new();
    script.expect(Call::any(), answer);
    HttpClient::new(
        Arc::new(script),
        Clock::system(),
        Arc::new(SeededRandom::new(1)),
        HostGuard::parse("example.jfrog.io").unwrap(),
        Ledger::new(),
        Budget::lasting(Duration::from_secs(60)),
    )
}

/// Leftovers as the platform lists them, and the platform's list.
async fn listed(base: &str) -> Vec<String> {
    let token = json!({ "token_id": "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c", "description": marker().as_str() });
    let http = answering(Response::from_json(200, &json!({ "tokens": [token] })).into());
    let platform = Platform::new(&http, BaseUrl::parse(base).unwrap());
    let found = platform.leftovers(&Secret::new("canary-login".to_owned()), marker().task()).await.unwrap();
    found.into_iter().map(|leftover| leftover.id.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_reason_is_redacted_before_it_is_cut() {
    let login = Secret::new("canary-half-of-this-is-enough".to_owned());
    // The cut at 500 characters falls into the login.
    let message = format!("{}{}", "x".repeat(490), login.expose());
    let http = answering(Response::from_json(403, &json!({ "errors": [{ "message": message }] })).into());
    let platform = Platform::new(&http, BaseUrl::parse("https://example.jfrog.io").unwrap());
    let failure = platform.mint(&login, &params(), &marker()).await.err().unwrap();
    assert!(failure.source_chain().ends_with("x[redacted]"), "{}", failure.source_chain().replace("canary", ""));
}

#[tokio::test(start_paused = true)]
async fn a_leftover_is_named_like_a_token_that_is_published() {
    assert_eq!(
        listed("https://Example.jfrog.io:8443/ui").await,
        ["7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c@example.jfrog.io:8443"]
    );
}

#[test]
fn a_web_page_is_known_by_its_content_type_or_its_first_character() {
    for kind in ["text/html", "Text/HTML; charset=utf-8", " application/xhtml+xml ;q=1"] {
        assert!(is_web_page(&Response::new(200, "").with_header("content-type", kind)), "{kind}");
    }
    for body in ["<!DOCTYPE html>", "\n <html>"] {
        assert!(is_web_page(&Response::new(200, body).with_header("content-type", "text/plain")), "{body}");
    }
}

#[test]
fn jfrogs_own_answers_are_no_web_pages() {
    assert!(!is_web_page(&Response::new(200, "")));
    assert!(!is_web_page(&Response::new(200, "Token revoked").with_header("content-type", "text/plain")));
    assert!(!is_web_page(&Response::from_json(200, &json!({ "token_id": "<html>" }))));
}
