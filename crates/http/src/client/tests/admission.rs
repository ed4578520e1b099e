//! What may not leave the process.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_host_from_a_parameter_needs_the_owners_leave() {
    let script = ScriptedTransport::new();
    let http = client(&script);
    let error = http.send(post().host_from_parameter("BASE_URL")).await.unwrap_err();
    assert!(matches!(error, HttpError::HostNotAllowed { .. }), "{error}");
    let text = error.to_string();
    for part in ["x.example", "BASE_URL", "CREDJOB_ALLOWED_HOSTS", "mint"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(http.ledger().creating().all_not_sent_or_refused());
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn an_allowed_host_from_a_parameter_is_asked() {
    let script = script([ok(), ok()]);
    let http = guarded(&script, HostGuard::parse("*.example").unwrap());
    http.send(get().host_from_parameter("BASE_URL")).await.unwrap();
    let http = client(&script);
    http.guard().allow_from_secret(URL);
    http.send(get().host_from_parameter("BASE_URL")).await.unwrap();
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_guarded_too() {
    let script = ScriptedTransport::new();
    let attempt = client(&script).attempt(&get().host_from_parameter("BASE_URL"), BUDGET).await;
    assert!(matches!(attempt, Attempt::NotSent(Cause { lasting: true, .. })));
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn plain_http_is_for_this_machine_only() {
    let script = script([ok(), ok(), ok()]);
    let http = client(&script);
    for url in ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]:1/"] {
        http.send(Request::get("read", url)).await.unwrap();
    }
    for url in ["http://x.example/", "http://10.0.0.1/", "http://localhost.example/"] {
        let error = http.send(Request::get("read", url)).await.unwrap_err();
        assert!(matches!(error, HttpError::InsecureUrl { .. }), "{error}");
    }
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_url_with_a_login_is_refused_without_showing_it() {
    let script = ScriptedTransport::new();
    for url in ["https://user-canary@x.example/", "https://user-canary:pass-canary@x.example/"] {
        let error = client(&script).send(Request::get("read", url)).await.unwrap_err();
        assert!(matches!(error, HttpError::BadRequest { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_url_of_another_scheme_is_refused() {
    let script = ScriptedTransport::new();
    for url in ["ftp://x.example/", "file:///etc/passwd", "data:text/plain,x", "x.example/path", ""] {
        let request = Request::get("read", url).host_from_parameter("BASE_URL");
        let error = client(&script).send(request).await.unwrap_err();
        assert!(matches!(error, HttpError::BadRequest { .. }), "{url}: {error}");
        assert!(error.to_string().contains("parameter BASE_URL"), "{error}");
    }
}
