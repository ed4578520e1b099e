use credjob_http::script::{Answer, Call as Expected, ScriptedTransport};
use serde_json::json;

use super::*;
use crate::testing::{SECRET, error, secret_id, service, token, token_call};

fn bulk(path: &str, method: fn(&str) -> Expected, answer: Answer) -> ScriptedTransport {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("locks-token"));
    script.expect(method(&format!("/secrets/{SECRET}{path}")), answer);
    script
}

fn locked() -> Answer {
    Answer::json(
        200,
        &json!({ "secret_id": SECRET, "secret_group_id": "default", "secret_type": "custom_credentials", "secret_name": "crm",
            "versions": [{ "version_id": "7a6b5c4d-3e2f-4a1b-9c8d-7e6f5a4b3c2d", "version_alias": "current",
                "locks": ["billing-app"], "payload_available": true }] }),
    )
}

#[tokio::test(start_paused = true)]
async fn a_page_of_locks_is_read() {
    let body = json!({ "total_count": 7, "limit": 1, "offset": 0, "locks": [{ "name": "billing-app", "created_at": 5,
        "secret_version_alias": "previous" }] });
    let script = bulk("/locks", Expected::get, Answer::json(200, &body));
    let page = service(&script).locks(&secret_id(), None, &LockQuery::default()).await.unwrap();
    assert_eq!((page.total_count, page.locks[0].name.as_str()), (7, "billing-app"));
    assert_eq!(page.locks[0].secret_version_alias.as_deref(), Some("previous"));
    assert_eq!(page.locks[0].created_at, None, "an odd side field hides no lock");
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn locks_are_created_and_the_answer_names_every_locked_version() {
    let script = bulk("/versions/previous/locks_bulk", Expected::post, locked());
    let lock = NewLock { name: "billing-app".to_owned(), description: None, attributes: None };
    let previous = "previous".parse().unwrap();
    let answer = service(&script).create_locks(&secret_id(), Some(&previous), &[lock], None).await.unwrap();
    assert_eq!(answer.versions[0].locks, ["billing-app"]);
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_about_the_locks_of_the_secret() {
    let script = bulk("/locks_bulk", Expected::delete, error(403));
    let text = service(&script).delete_locks(&secret_id(), None, &[]).await.unwrap_err().to_string();
    assert!(text.contains("the locks of secret") && text.contains("Manager"), "{text}");
    script.assert_done();
}

#[test]
fn the_query_of_a_list_is_encoded() {
    let script = ScriptedTransport::new();
    let query = LockQuery { sort: Some("-name".to_owned()), search: Some("a&b=c".to_owned()), ..LockQuery::default() };
    let url = service(&script).locks_url(&secret_id(), None, "locks", &query.pairs());
    assert!(url.ends_with("/locks?sort=-name&search=a%26b%3Dc"), "{url}");
}

#[test]
fn a_version_is_an_alias_or_an_id() {
    for good in ["current", "previous", "7a6b5c4d-3e2f-4a1b-9c8d-7e6f5a4b3c2d"] {
        assert_eq!(good.parse::<VersionName>().unwrap().to_string(), good);
    }
    for bad in ["", "Current", "../tasks", "7a6b5c4d"] {
        assert!(bad.parse::<VersionName>().is_err(), "{bad}");
    }
}
