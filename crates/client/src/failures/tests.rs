use credjob_http::Response;
use credjob_http::script::{Fault, ScriptedTransport};

use super::*;
use crate::testing::{SECRET, error, secret_id, service, task_id, token, token_call, tokens};
use crate::{FieldProblem, SecretType};

async fn failure_of_reading(answer: impl Into<credjob_http::script::Answer>) -> Failure {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1"));
    let answer = answer.into();
    for _ in 0..1000 {
        script.expect(credjob_http::script::Call::any(), answer.clone());
    }
    service(&script).secret(&secret_id()).await.unwrap_err().into()
}

#[tokio::test(start_paused = true)]
async fn each_refusal_of_a_secret_has_its_code() {
    assert_eq!(failure_of_reading(error(404)).await.code(), codes::SECRET_NOT_FOUND);
    assert_eq!(failure_of_reading(error(403)).await.code(), codes::SECRET_FORBIDDEN);
    assert_eq!(failure_of_reading(error(409)).await.code(), codes::SECRET_UNREADABLE);
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_service_makes_a_transient_failure() {
    let failure = failure_of_reading(Fault::Status(503)).await;
    assert_eq!((failure.code(), failure.is_transient()), (codes::SECRET_UNREADABLE, true));
}

#[tokio::test(start_paused = true)]
async fn a_failure_to_read_is_no_unknown_creation() {
    assert!(!failure_of_reading(Fault::ResponseLost).await.is_outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_is_iam_rejected() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), error(403));
    let failure = Failure::from(tokens(&script).token().await.unwrap_err());
    assert_eq!((failure.code(), failure.is_transient()), (codes::IAM_REJECTED, false));
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_iam_is_unreachable() {
    let script = ScriptedTransport::new().with_backend(|_| Response::new(503, ""));
    let failure = Failure::from(tokens(&script).token().await.unwrap_err());
    assert_eq!((failure.code(), failure.is_transient()), (codes::UNREACHABLE, true));
}

#[tokio::test(start_paused = true)]
async fn the_failure_of_a_secret_without_a_token_is_that_of_the_token() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), error(403));
    let failure = Failure::from(service(&script).secret(&secret_id()).await.unwrap_err());
    assert_eq!(failure.code(), codes::IAM_REJECTED);
}

#[tokio::test(start_paused = true)]
async fn a_refused_task_read_is_a_plain_refusal() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1")).expect(credjob_http::script::Call::any(), error(404));
    let failure = Failure::from(service(&script).task(&secret_id(), &task_id()).await.unwrap_err());
    assert_eq!(failure.code(), codes::REFUSED);
}

#[test]
fn a_missing_field_names_type_and_pointer() {
    let failure = Failure::from(FieldMissing::new(SecretType::Kv, "/token", FieldProblem::Absent));
    assert_eq!(failure.code(), codes::SECRET_FIELD_MISSING);
    assert!(failure.message().contains("kv") && failure.message().contains("/token"), "{failure}");
}

#[test]
fn a_wrong_type_has_its_code() {
    let failure = Failure::from(WrongType { found: SecretType::Kv, wanted: vec![SecretType::Arbitrary] });
    assert_eq!(failure.code(), codes::SECRET_WRONG_TYPE);
}

#[test]
fn an_unknown_type_is_a_wrong_type() {
    assert_eq!(ClientError::unsupported(&secret_id(), "quantum_key").code(), codes::SECRET_WRONG_TYPE);
}

#[test]
fn a_secret_without_data_is_unreadable_and_named() {
    let failure = Failure::from(ClientError::no_data(&secret_id(), SecretType::Arbitrary, "destroyed"));
    assert_eq!(failure.code(), codes::SECRET_UNREADABLE);
    assert!(failure.message().contains(SECRET), "{failure}");
}
