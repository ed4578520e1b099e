use credjob_http::{Idempotency, Response};

use super::*;
use crate::testing::{secret_id, task_id};

fn service_error(status: u16) -> ServiceError {
    let body = br#"{"trace":"t-1","errors":[{"code":"not_found","message":"A resource was not found."}]}"#;
    ServiceError::from(&Response::new(status, &body[..]))
}

#[test]
fn not_found_names_the_secret_and_the_trace() {
    let error = ClientError::NotFound { subject: Subject::Secret(secret_id()), error: service_error(404).into() };
    assert_eq!(
        error.to_string(),
        "Secrets Manager does not have secret 3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44 \
         (status 404 not_found: A resource was not found. (trace t-1)); check the id, and that it belongs to this instance"
    );
}

#[test]
fn forbidden_names_the_role_to_give() {
    let error = ClientError::Forbidden {
        subject: Subject::Secret(secret_id()),
        role: "SecretsReader",
        error: service_error(403).into(),
    };
    assert!(
        error
            .to_string()
            .ends_with("give the job's service ID or trusted profile the role SecretsReader on the secret group"),
        "{error}"
    );
}

#[test]
fn the_trace_of_a_header_fills_in_for_a_missing_one() {
    let response = Response::new(503, "").with_header("X-Global-Transaction-ID", "g-1");
    assert_eq!(ServiceError::from(&response).trace.as_deref(), Some("g-1"));
}

#[test]
fn a_refusal_is_not_transient() {
    assert!(
        !ClientError::Refused { subject: Subject::Task(task_id()), error: service_error(409).into() }.is_transient()
    );
}

#[test]
fn a_missing_answer_is_told_without_talk_of_applying() {
    let error = HttpError::BadBody {
        operation: "secret_read",
        host: String::from("sm.example.com"),
        status: 200,
        what: String::from("not JSON"),
        idempotency: Idempotency::Safe,
    };
    let error = ClientError::new(Subject::Tasks(secret_id()), "Reader", error);
    assert_eq!(
        error.to_string(),
        "no answer from Secrets Manager about the tasks of secret 3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44: the answer was not JSON; \
         check that the job's network reaches the instance"
    );
}
