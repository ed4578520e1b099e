use credjob_contract::CredentialsId;
use serde_json::{Value, json};

use super::*;

fn body(update: &TaskUpdate<'_>) -> Value {
    serde_json::from_slice(&update.to_body()).unwrap()
}

#[test]
fn a_publish_carries_the_id_and_the_payload() {
    let id = CredentialsId::new("tok-000193").unwrap();
    let update =
        TaskUpdate::Created { id: &id, payload: r#"{"token":"s3cr3t-demo","max_calls":500,"renewable":false}"# };
    let wanted = json!({
        "status": "credentials_created",
        "credentials": { "id": "tok-000193", "payload": { "token": "s3cr3t-demo", "max_calls": 500, "renewable": false } }
    });
    assert_eq!(body(&update), wanted);
}

#[test]
fn an_id_is_escaped() {
    let id = CredentialsId::new(r#"a"b\c"#).unwrap();
    assert_eq!(body(&TaskUpdate::Created { id: &id, payload: "{}" })["credentials"]["id"], r#"a"b\c"#);
}

#[test]
fn a_publish_is_built_in_one_allocation() {
    let id = CredentialsId::new("tok-1").unwrap();
    let body = TaskUpdate::Created { id: &id, payload: r#"{"token":"s3cr3t-demo"}"# }.to_body();
    assert_eq!(body.len(), body.capacity());
}

#[test]
fn a_deletion_carries_the_status_alone() {
    assert_eq!(body(&TaskUpdate::Deleted), json!({ "status": "credentials_deleted" }));
}

#[test]
fn a_failure_carries_its_errors() {
    let update = TaskUpdate::Failed(vec![TaskError::new("ERR20004", "Tenant quota reached.")]);
    let wanted =
        json!({ "status": "failed", "errors": [{ "code": "ERR20004", "description": "Tenant quota reached." }] });
    assert_eq!(body(&update), wanted);
}

#[test]
fn errors_beyond_the_tenth_are_cut() {
    let update = TaskUpdate::Failed(vec![TaskError::new("ERR1", "x"); 11]);
    assert_eq!(body(&update)["errors"].as_array().unwrap().len(), 10);
}

#[test]
fn a_failure_without_errors_gets_one() {
    assert_eq!(body(&TaskUpdate::Failed(Vec::new()))["errors"][0]["code"], "CREDJOB_INTERNAL");
}
