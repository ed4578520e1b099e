//! What counts as revoked, and what never reaches the platform.

use credjob::Exit;
use credjob::http::script::{Answer, Call, Fault};

use crate::life::Surroundings;
use crate::{count, sent, web_page};

/// A token id that no platform knows.
const UNKNOWN: &str = "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c";

#[tokio::test(start_paused = true)]
async fn a_revoked_or_unknown_token_is_deleted_already() {
    let surroundings = Surroundings::new().deleting(UNKNOWN);
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported()["status"], "credentials_deleted");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_revoking_is_asked_again() {
    let surroundings = Surroundings::new();
    surroundings.live().await;
    let id = surroundings.published_id();
    let surroundings = surroundings.next_task().deleting(&id);
    surroundings.script.expect(Call::delete(""), Fault::ResponseLost);
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported()["status"], "credentials_deleted");
    assert_eq!((count(&surroundings, "DELETE"), surroundings.platform.live()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn an_odd_credentials_id_never_reaches_the_platform() {
    for id in [
        "me",
        "revoke",
        "..",
        "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c/../me",
        "1234567890",
        "me@example.jfrog.io",
        "@example.jfrog.io",
        "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c@",
        "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c@EXAMPLE.jfrog.io",
        "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c@https://example.jfrog.io",
        "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c@example.jfrog.io/artifactory",
    ] {
        let surroundings = Surroundings::new().deleting(id);
        surroundings.live().await;
        assert_eq!(surroundings.reported_failure().0, "JFROG_BAD_CREDENTIALS_ID", "{id}");
        assert_eq!(sent(&surroundings), [""; 0], "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_credentials_id_never_reaches_the_platform() {
    let surroundings = Surroundings::new().deleting("");
    surroundings.live().await;
    assert_eq!(surroundings.reported_failure().0, "CREDJOB_MISSING_CREDENTIALS_ID");
    assert_eq!(sent(&surroundings), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_token_of_another_platform_is_a_failure_that_says_so() {
    let surroundings = Surroundings::new();
    let id = surroundings.platform.foreign_token();
    let surroundings = surroundings.deleting(&id);
    surroundings.live().await;
    assert_eq!(surroundings.reported_failure().0, "JFROG_FOREIGN_TOKEN");
}

#[tokio::test(start_paused = true)]
async fn not_found_is_not_taken_for_revoked() {
    let surroundings = Surroundings::new().deleting(UNKNOWN);
    surroundings.script.expect(Call::delete(""), Answer::status(404));
    surroundings.live().await;
    assert_eq!(surroundings.reported_failure().0, "JFROG_NO_TOKEN_API");
}

#[tokio::test(start_paused = true)]
async fn an_undocumented_success_is_not_taken_for_revoked() {
    let surroundings = Surroundings::new().deleting(UNKNOWN);
    surroundings.script.expect(Call::delete(""), Answer::status(202));
    surroundings.live().await;
    assert_eq!(surroundings.reported_failure().0, "JFROG_UNEXPECTED_STATUS");
}

#[tokio::test(start_paused = true)]
async fn a_token_made_by_ibms_provider_is_named_by_its_uuid_alone() {
    let surroundings = Surroundings::new();
    let id = surroundings.platform.strangers_token("made by another provider");
    let surroundings = surroundings.deleting(&id);
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    assert_eq!(surroundings.reported()["status"], "credentials_deleted");
    assert_eq!(surroundings.platform.live(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_not_looked_for_on_another_platform_than_its_own() {
    for base in ["https://other.jfrog.io", "https://example.jfrog.io:8443", "https://below.example.jfrog.io"] {
        let surroundings = Surroundings::new();
        surroundings.live().await;
        let id = surroundings.published_id();
        let made = sent(&surroundings).len();
        let surroundings = surroundings.next_task().deleting(&id).with("SM_JFROG_BASE_URL_VALUE", base);
        assert_eq!(surroundings.live().await.exit, Exit::Done);
        let (code, text) = surroundings.reported_failure();
        assert_eq!(code, "JFROG_OTHER_PLATFORM", "{base}");
        let configured = base.trim_start_matches("https://");
        for part in [configured, "jfrog_base_url back to example.jfrog.io, rotate, then change it"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!((sent(&surroundings).len(), surroundings.platform.live()), (made, 1), "{base}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_platform_may_be_written_in_another_way() {
    for base in
        ["https://EXAMPLE.jfrog.io:443/ui/", "https://example.jfrog.io./artifactory", " https://example.jfrog.io "]
    {
        let surroundings = Surroundings::new();
        surroundings.live().await;
        let id = surroundings.published_id();
        let surroundings = surroundings.next_task().deleting(&id).with("SM_JFROG_BASE_URL_VALUE", base);
        surroundings.live().await;
        assert_eq!(surroundings.reported()["status"], "credentials_deleted", "{base}");
        assert_eq!(surroundings.platform.live(), 0, "{base}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_login_does_not_go_to_a_host_that_is_not_allowed_when_a_token_is_deleted() {
    for id in [UNKNOWN, "7e0eec6b-6d2f-4a6e-9f6b-0d9e8f7a6b5c@example.jfrog.io"] {
        let surroundings = Surroundings::new().with("CREDJOB_ALLOWED_HOSTS", "other.jfrog.io").deleting(id);
        surroundings.live().await;
        assert_eq!(surroundings.reported_failure().0, "CREDJOB_HOST_NOT_ALLOWED");
        assert_eq!(sent(&surroundings), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_web_page_is_not_taken_for_revoked() {
    let surroundings = Surroundings::new();
    surroundings.live().await;
    let id = surroundings.published_id();
    let surroundings = surroundings.next_task().deleting(&id);
    surroundings.script.expect(Call::delete(""), web_page());
    assert_eq!(surroundings.live().await.exit, Exit::Done);
    let (code, text) = surroundings.reported_failure();
    assert_eq!(code, "JFROG_WEB_PAGE");
    assert!(text.contains("example.jfrog.io") && text.contains("proxy"), "{text}");
    assert_eq!(surroundings.platform.live(), 1);
}
