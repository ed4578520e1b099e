use credjob_contract::redact::redact;
use credjob_http::script::{Answer, Call as Expected, ScriptedTransport};
use serde_json::{Value, json};

use super::*;
use crate::testing::{SECRET, error, secret_id, service, token, token_call};
use crate::{FieldMissing, FieldProblem};

async fn read_answer(answer: Answer) -> Result<SecretValue, ClientError> {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1")).expect(Expected::get(&format!("/secrets/{SECRET}")), answer);
    let result = service(&script).secret(&secret_id()).await;
    script.assert_done();
    result
}

async fn read(secret_type: &str, mut fields: Value) -> Result<SecretValue, ClientError> {
    fields["id"] = SECRET.into();
    fields["secret_type"] = secret_type.into();
    fields["name"] = "login".into();
    read_answer(Answer::json(200, &fields)).await
}

async fn value(secret_type: &str, fields: Value) -> SecretValue {
    read(secret_type, fields).await.unwrap()
}

fn problem<T: std::fmt::Debug>(result: Result<T, FieldMissing>) -> FieldProblem {
    result.unwrap_err().problem
}

#[tokio::test(start_paused = true)]
async fn a_read_can_run_in_a_task_of_its_own() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1")).expect(Expected::any(), error(404));
    let service = service(&script);
    let read = tokio::spawn(async move { service.secret(&secret_id()).await });
    assert!(read.await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_secret_knows_its_name_and_type() {
    let secret = value("kv", json!({ "data": { "a": "b" } })).await;
    assert_eq!((secret.name(), secret.secret_type(), secret.id()), (Some("login"), SecretType::Kv, &secret_id()));
}

#[tokio::test(start_paused = true)]
async fn the_payload_of_an_arbitrary_secret_is_a_field() {
    let secret = value("arbitrary", json!({ "payload": "secrets-plain-payload" })).await;
    assert_eq!(secret.pointer("/payload").unwrap().expose(), "secrets-plain-payload");
    assert_eq!(secret.pointer("").unwrap().expose(), "secrets-plain-payload");
}

#[tokio::test(start_paused = true)]
async fn a_payload_that_is_json_can_be_pointed_into() {
    let secret = value("arbitrary", json!({ "payload": r#"{"login":{"password":"secrets-json-payload"}}"# })).await;
    assert_eq!(secret.pointer("/login/password").unwrap().expose(), "secrets-json-payload");
    assert_eq!(secret.pointer("/payload/login/password").unwrap().expose(), "secrets-json-payload");
    assert_eq!(redact("secrets-json-payload"), "[redacted]");
}

#[tokio::test(start_paused = true)]
async fn a_payload_that_is_no_json_has_no_other_field() {
    let secret = value("arbitrary", json!({ "payload": "secrets-plain-payload" })).await;
    assert_eq!(problem(secret.pointer("/token")), FieldProblem::Absent);
}

#[tokio::test(start_paused = true)]
async fn the_leading_slash_may_be_left_out() {
    let secret =
        value("service_credentials", json!({ "credentials": { "connection": { "composed": ["secrets-composed"] } } }))
            .await;
    assert_eq!(secret.pointer("connection/composed/0").unwrap().expose(), "secrets-composed");
}

#[tokio::test(start_paused = true)]
async fn hosts_and_user_names_stay_readable() {
    let secret =
        value("username_password", json!({ "username": "secrets-user-name", "password": "secrets-user-password" }))
            .await;
    assert_eq!(secret.text("/username").unwrap(), "secrets-user-name");
    assert_eq!(redact("secrets-user-name / secrets-user-password"), "secrets-user-name / [redacted]");
}

#[tokio::test(start_paused = true)]
async fn a_certificate_is_no_secret_but_its_key_is() {
    let secret =
        value("imported_cert", json!({ "certificate": "secrets-certificate", "private_key": "secrets-private-key" }))
            .await;
    assert_eq!(secret.text("/certificate").unwrap(), "secrets-certificate");
    assert_eq!(redact("secrets-certificate secrets-private-key"), "secrets-certificate [redacted]");
}

#[tokio::test(start_paused = true)]
async fn a_certificate_may_lack_a_key() {
    let secret = value("imported_cert", json!({ "certificate": "secrets-certificate" })).await;
    assert_eq!(problem(secret.pointer("/private_key")), FieldProblem::Absent);
}

#[tokio::test(start_paused = true)]
async fn numbers_and_booleans_are_read_as_such() {
    let secret = value(
        "custom_credentials",
        json!({ "credentials_content": { "n": 5432, "b": true, "tn": "31234", "tb": "false" } }),
    )
    .await;
    assert_eq!((secret.integer("/n"), secret.integer("/tn")), (Ok(5432), Ok(31234)));
    assert_eq!((secret.boolean("/b"), secret.boolean("/tb")), (Ok(true), Ok(false)));
}

#[tokio::test(start_paused = true)]
async fn a_value_of_another_kind_is_named() {
    let secret = value("kv", json!({ "data": { "n": 5432, "o": {}, "a": [], "f": 1.5, "s": "no number" } })).await;
    let wrong = |wanted, found| FieldProblem::WrongKind { wanted, found };
    assert_eq!(problem(secret.pointer("/n")), wrong("a text", "an integer"));
    assert_eq!(problem(secret.pointer("/o")), wrong("a text", "an object"));
    assert_eq!(problem(secret.integer("/a")), wrong("an integer", "a list"));
    assert_eq!(problem(secret.integer("/f")), wrong("an integer", "a number that is no 64-bit integer"));
    assert_eq!(problem(secret.boolean("/s")), wrong("a boolean", "a text"));
}

#[tokio::test(start_paused = true)]
async fn an_empty_text_is_no_secret() {
    let secret = value("kv", json!({ "data": { "token": "" } })).await;
    assert_eq!(problem(secret.pointer("/token")), FieldProblem::Empty);
}

#[tokio::test(start_paused = true)]
async fn null_is_nothing() {
    let secret = value("kv", json!({ "data": { "token": null, "other": "secrets-other" } })).await;
    assert_eq!(problem(secret.pointer("/token")), FieldProblem::Absent);
}

#[tokio::test(start_paused = true)]
async fn the_chain_of_a_private_certificate_is_a_list() {
    let secret =
        value("private_cert", json!({ "certificate": "c", "private_key": "secrets-k", "ca_chain": ["one", "two"] }))
            .await;
    assert_eq!(secret.text("/ca_chain/1").unwrap(), "two");
    for index in ["2", "+1", "01", "-", ""] {
        assert_eq!(problem(secret.text(&format!("/ca_chain/{index}"))), FieldProblem::Absent, "{index}");
    }
}

#[tokio::test(start_paused = true)]
async fn debug_shows_no_value() {
    let secret = value("kv", json!({ "data": { "token": "secrets-debug-canary" } })).await;
    assert!(!format!("{secret:?}").contains("canary"));
}

#[tokio::test(start_paused = true)]
async fn only_the_wanted_types_pass() {
    let secret = value("kv", json!({ "data": { "a": "b" } })).await;
    assert!(secret.expect_type(&[SecretType::Arbitrary, SecretType::Kv]).is_ok());
    assert!(secret.expect_type(&[SecretType::Arbitrary]).is_err());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_type_is_an_error() {
    let error = read("quantum_key", json!({})).await.unwrap_err();
    assert!(
        matches!(&error, ClientError::UnsupportedType { secret_type, .. } if secret_type == "quantum_key"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_pending_secret_says_what_to_wait_for() {
    let error =
        read("custom_credentials", json!({ "state": 0, "state_description": "pre_activation" })).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "custom_credentials secret {SECRET} holds no data, its state is pre_activation; wait until its task has finished, then try again"
        )
    );
}

#[tokio::test(start_paused = true)]
async fn empty_content_is_no_data() {
    for content in [json!(null), json!({})] {
        let error =
            read("custom_credentials", json!({ "state": 0, "credentials_content": content })).await.unwrap_err();
        assert!(matches!(&error, ClientError::NoData { state, .. } if state == "pre_activation"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn expired_data_says_so() {
    let error = read("iam_credentials", json!({ "state": 5, "state_description": "destroyed" })).await.unwrap_err();
    assert!(error.to_string().contains("has expired or was deleted"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_404_is_not_found_and_a_403_forbidden() {
    assert!(matches!(read_answer(error(404)).await, Err(ClientError::NotFound { .. })));
    assert!(matches!(read_answer(error(403)).await, Err(ClientError::Forbidden { .. })));
    assert!(matches!(read_answer(error(409)).await, Err(ClientError::Refused { .. })));
}

#[tokio::test(start_paused = true)]
async fn another_secret_is_no_answer() {
    let other = json!({ "id": "00000000-1b7a-4d57-9a53-6a2f7be10c44", "secret_type": "kv", "data": { "a": "b" } });
    let script = ScriptedTransport::new().with_backend(move |_| credjob_http::Response::from_json(200, &other));
    script.expect(token_call(), token("t-1"));
    assert!(matches!(service(&script).secret(&secret_id()).await, Err(ClientError::Http { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_secret_with_too_many_texts_is_refused_at_once_and_says_why() {
    let many = json!({ "list": vec!["text"; 1001] });
    for (secret_type, fields) in [
        ("kv", json!({ "data": many })),
        ("service_credentials", json!({ "credentials": many })),
        ("custom_credentials", json!({ "credentials_content": many })),
        ("arbitrary", json!({ "payload": many.to_string() })),
    ] {
        let error = read(secret_type, fields).await.unwrap_err();
        assert!(!error.is_transient() && error.to_string().contains("more than 1000 texts"), "{error}");
    }
}
