//! What is refused, by whom, and what the task then says.

use credjob::Exit;
use credjob::prelude::Secret;
use serde_json::{Value, json};

use crate::life::Surroundings;
use crate::{count, sent};

#[tokio::test(start_paused = true)]
async fn an_expiry_that_could_not_be_revoked_is_refused_before_anything_is_asked() {
    for seconds in ["1", "10800", "21600"] {
        let surroundings = Surroundings::new().with("SM_EXPIRES_IN_SECONDS_VALUE", seconds);
        assert_eq!(surroundings.live().await.exit, Exit::Done);
        let (code, text) = surroundings.reported_failure();
        assert_eq!(code, "JFROG_UNREVOCABLE_EXPIRY");
        assert!(text.contains("SM_EXPIRES_IN_SECONDS_VALUE"), "{text}");
        assert_eq!(sent(&surroundings), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_negative_expiry_is_a_bad_parameter() {
    let surroundings = Surroundings::new().with("SM_EXPIRES_IN_SECONDS_VALUE", "-1");
    surroundings.live().await;
    assert_eq!(surroundings.reported_failure().0, "CREDJOB_BAD_PARAMETER");
    assert_eq!(sent(&surroundings), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_the_jobs_owner_did_not_allow_gets_nothing() {
    for allowed in ["", "other.jfrog.io", "jfrog.io"] {
        let surroundings = Surroundings::new().with("CREDJOB_ALLOWED_HOSTS", allowed);
        assert_eq!(surroundings.live().await.exit, Exit::Done);
        let (code, text) = surroundings.reported_failure();
        assert_eq!(code, "CREDJOB_HOST_NOT_ALLOWED", "{allowed}");
        assert!(text.contains("JFROG_BASE_URL") && text.contains("CREDJOB_ALLOWED_HOSTS"), "{text}");
        assert_eq!(sent(&surroundings), [""; 0], "{allowed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bad_base_url_is_refused_before_anything_is_asked() {
    for url in ["http://example.jfrog.io", "example.jfrog.io", "https://user:pass@example.jfrog.io"] {
        let surroundings = Surroundings::new().with("SM_JFROG_BASE_URL_VALUE", url);
        surroundings.live().await;
        assert_eq!(surroundings.reported_failure().0, "JFROG_BAD_BASE_URL", "{url}");
        assert_eq!(sent(&surroundings), [""; 0], "{url}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_secret_that_does_not_fit_has_a_code_of_its_own() {
    let wrong_type =
        json!({ "secret_type": "username_password", "username": "canary-user", "password": "canary-password" });
    let no_field =
        json!({ "secret_type": "custom_credentials", "credentials_content": { "token": "canary-other-field" } });
    let no_token = json!({ "secret_type": "arbitrary", "payload": r#"{"token":"canary-in-json"}"# });
    for (login, expected) in [
        (wrong_type, "CREDJOB_SECRET_WRONG_TYPE"),
        (no_field, "CREDJOB_SECRET_FIELD_MISSING"),
        (no_token, "JFROG_BAD_LOGIN"),
    ] {
        let surroundings = Surroundings::new().with_login(login);
        assert_eq!(surroundings.live().await.exit, Exit::Done);
        assert_eq!(surroundings.reported_failure().0, expected);
        assert_eq!(sent(&surroundings), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_of_the_platform_have_codes_that_say_what_to_do() {
    let wrong_login = |surroundings: Surroundings| {
        surroundings.with_login(json!({ "secret_type": "arbitrary", "payload": "canary-expired-token" }))
    };
    let cases: [(Surroundings, &str); 3] = [
        (wrong_login(Surroundings::new()), "JFROG_LOGIN_REJECTED"),
        (Surroundings::new().with("SM_EXPIRES_IN_SECONDS_VALUE", "9999999999"), "JFROG_NOT_PERMITTED"),
        (Surroundings::new().with("SM_SCOPE_VALUE", "no-such-scope"), "JFROG_PARAMETERS_REFUSED"),
    ];
    for (surroundings, expected) in cases {
        assert_eq!(surroundings.live().await.exit, Exit::Done);
        let (code, text) = surroundings.reported_failure();
        assert_eq!(code, expected);
        assert!(text.contains("example.jfrog.io"), "{text}");
        assert_eq!(
            (count(&surroundings, "POST"), count(&surroundings, "GET")),
            (1, 0),
            "{expected}: nothing to look for"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn no_secret_stands_in_a_failure() {
    let surroundings =
        Surroundings::new().with_login(json!({ "secret_type": "arbitrary", "payload": "canary-expired-token" }));
    surroundings.live().await;
    let report: Value = surroundings.reported();
    assert!(!report.to_string().contains("canary"), "{report}");
}

#[test]
fn no_secret_shows_in_debug_output() {
    let token = jfrog_provider::JfrogToken {
        access_token: Secret::new("canary-access-token".to_owned()),
        reference_token: Some(Secret::new("canary-reference-token".to_owned())),
        refresh_token: None,
    };
    assert!(!format!("{token:?}").contains("canary"));
}
