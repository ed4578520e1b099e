//! What is asked of the platform, and what is published.

use credjob::Exit;
use credjob::http::script::{Answer, Call};
use serde_json::json;

use crate::life::{ADMIN, Surroundings, TASK_MARKER};
use crate::{TOKENS, count, sent, web_page};

#[tokio::test(start_paused = true)]
async fn every_token_that_was_asked_for_is_published() {
    let surroundings = Surroundings::new()
        .with("SM_REFRESHABLE_VALUE", "true")
        .with("SM_INCLUDE_REFERENCE_TOKEN_VALUE", "true")
        .with("SM_USERNAME_VALUE", "build");
    surroundings.live().await;
    let payload = surroundings.reported()["credentials"]["payload"].clone();
    let names: Vec<_> = payload.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["access_token", "reference_token", "refresh_token"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_asked_for_is_not_published() {
    let surroundings = Surroundings::new();
    surroundings.live().await;
    assert_eq!(surroundings.reported()["credentials"]["payload"].as_object().map(serde_json::Map::len), Some(1));
}

#[tokio::test(start_paused = true)]
async fn the_description_is_the_marker_and_then_the_users_text() {
    let surroundings = Surroundings::new().with("SM_DESCRIPTION_VALUE", "for the build & the \"tests\"");
    surroundings.live().await;
    let descriptions = surroundings.platform.descriptions();
    let (marker, text) = descriptions[0].split_once(' ').expect("a marker and a text");
    assert!(marker.starts_with(&format!("{TASK_MARKER}-")), "{marker}");
    assert_eq!(text, "for the build & the \"tests\"");
}

#[tokio::test(start_paused = true)]
async fn a_pasted_artifactory_url_leads_to_the_platform() {
    let surroundings = Surroundings::new().with("SM_JFROG_BASE_URL_VALUE", "https://example.jfrog.io/artifactory/");
    surroundings.live().await;
    assert_eq!(sent(&surroundings), [format!("POST {TOKENS}"), format!("GET {TOKENS}/me")]);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_gives_no_reference_token_gets_its_access_token_back() {
    let surroundings = Surroundings::new().with("SM_INCLUDE_REFERENCE_TOKEN_VALUE", "true");
    let old = surroundings.platform.clone();
    old.forget_reference_tokens();
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported_failure().0, "JFROG_TOKEN_MISSING");
    assert_eq!(surroundings.platform.live(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_not_accepted_at_first_is_published_once_it_is() {
    let surroundings = Surroundings::new();
    let refusal = json!({ "errors": [{ "code": "UNAUTHORIZED", "message": "Token failed verification" }] });
    surroundings.script.expect(Call::get("/tokens/me"), Answer::json(401, &refusal));
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    surroundings.published_id();
    assert_eq!(surroundings.platform.live(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_never_accepted_is_revoked() {
    let surroundings = Surroundings::new();
    surroundings.platform.refuse_new_tokens();
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported_failure().0, "JFROG_TOKEN_NOT_ACCEPTED");
    assert_eq!(surroundings.platform.live(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_may_not_read_itself_is_a_working_token() {
    for status in [403, 404] {
        let surroundings = Surroundings::new();
        surroundings.script.expect(Call::get("/tokens/me"), Answer::status(status));
        assert_eq!(surroundings.live().await.exit, Exit::Done);
        surroundings.published_id();
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_for_other_services_is_not_tried_on_this_one() {
    let surroundings = Surroundings::new().with("SM_AUDIENCE_VALUE", "jfrt@*");
    surroundings.live().await;
    surroundings.published_id();
    assert_eq!(count(&surroundings, "GET"), 0);
}

#[tokio::test(start_paused = true)]
async fn longer_endless_and_forced_expiries_are_accepted_and_revoked() {
    for (seconds, forced) in [("21601", ""), ("0", ""), ("60", "true")] {
        let surroundings =
            Surroundings::new().with("SM_EXPIRES_IN_SECONDS_VALUE", seconds).with("SM_FORCE_REVOCABLE_VALUE", forced);
        surroundings.live().await;
        let id = surroundings.published_id();
        let surroundings = surroundings.next_task().deleting(&id);
        surroundings.live().await;
        assert_eq!(surroundings.platform.live(), 0, "{seconds}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_login_may_stand_in_a_custom_credentials_secret() {
    let surroundings = Surroundings::new()
        .with_login(json!({ "secret_type": "custom_credentials", "credentials_content": { "access_token": ADMIN } }));
    surroundings.live().await;
    surroundings.published_id();
}

#[tokio::test(start_paused = true)]
async fn a_line_break_after_the_login_does_no_harm() {
    let surroundings =
        Surroundings::new().with_login(json!({ "secret_type": "arbitrary", "payload": format!("{ADMIN}\n") }));
    surroundings.live().await;
    surroundings.published_id();
}

#[tokio::test(start_paused = true)]
async fn the_credentials_id_names_the_token_and_its_platform() {
    for (base, platform) in [
        ("https://example.jfrog.io", "example.jfrog.io"),
        ("https://EXAMPLE.JFrog.io:443/artifactory/", "example.jfrog.io"),
        ("https://example.jfrog.io.", "example.jfrog.io"),
        ("https://tools.jfrog.io:8082/path", "tools.jfrog.io:8082"),
    ] {
        let surroundings = Surroundings::new().with("SM_JFROG_BASE_URL_VALUE", base);
        // Scripted, since the stand-in's platform is not below a path.
        let token_id = "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c";
        let minted = json!({ "token_id": token_id, "access_token": "canary-new-token" });
        surroundings.script.expect(Call::post(TOKENS), Answer::json(200, &minted));
        surroundings.script.expect(Call::get("/tokens/me"), Answer::status(404));
        surroundings.live().await;
        assert_eq!(surroundings.published_id(), format!("{token_id}@{platform}"), "{base}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_web_page_does_not_prove_that_a_token_works() {
    let surroundings = Surroundings::new();
    surroundings.platform.refuse_new_tokens();
    surroundings.script.expect(Call::get("/tokens/me"), web_page());
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported_failure().0, "JFROG_TOKEN_NOT_ACCEPTED", "it was tried again");
    assert_eq!(surroundings.platform.live(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_only_meets_a_web_page_is_revoked() {
    let surroundings = Surroundings::new();
    for _ in 0..100 {
        surroundings.script.expect(Call::get("/tokens/me"), web_page());
    }
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported_failure().0, "JFROG_WEB_PAGE");
    assert_eq!(surroundings.platform.live(), 0);
}
