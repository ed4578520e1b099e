use credjob_contract::{CredentialsId, TaskStatus};
use credjob_http::script::{Answer, Call as Expected, Fault, ScriptedTransport};
use serde_json::json;
use tokio::time::Instant;

use super::*;
use crate::testing::{TASK_PATH, error, secret_id, service, task, task_id, token, token_call};

const TIMEOUT: Duration = Duration::from_secs(10);

async fn update(answer: impl Into<Answer>) -> UpdateOutcome {
    let script = ScriptedTransport::new();
    script.expect(Expected::put(TASK_PATH), answer);
    let service = service(&script);
    let id = CredentialsId::new("tok-1").unwrap();
    let update = TaskUpdate::Created { id: &id, payload: r#"{"token":"tasks-canary"}"# };
    let outcome =
        service.task_update_once(&Secret::from("tasks-token"), &secret_id(), &task_id(), &update, TIMEOUT).await;
    script.assert_done();
    outcome
}

#[tokio::test(start_paused = true)]
async fn this_task_with_the_status_we_sent_is_applied() {
    let outcome = update(Answer::json(200, &task("credentials_created"))).await;
    assert!(matches!(outcome, UpdateOutcome::Applied(task) if task.id == task_id()));
}

#[tokio::test(start_paused = true)]
async fn any_2xx_will_do() {
    assert!(matches!(update(Answer::json(201, &task("credentials_created"))).await, UpdateOutcome::Applied(_)));
}

#[tokio::test(start_paused = true)]
async fn this_task_with_another_final_status_is_a_reading() {
    let outcome = update(Answer::json(200, &task("failed"))).await;
    assert!(matches!(outcome, UpdateOutcome::Reading(task) if task.status == TaskStatus::Failed));
}

#[tokio::test(start_paused = true)]
async fn this_task_without_a_final_status_is_unknown() {
    assert!(matches!(update(Answer::json(200, &task("processing"))).await, UpdateOutcome::Unknown(_)));
}

#[tokio::test(start_paused = true)]
async fn another_task_is_unknown() {
    let other = json!({ "id": "sm-task-00000000-77c1-4b0e-8d0b-1a9c4e2f6d10", "status": "credentials_created" });
    assert!(matches!(update(Answer::json(200, &other)).await, UpdateOutcome::Unknown(_)));
}

#[tokio::test(start_paused = true)]
async fn a_2xx_without_a_body_is_unknown() {
    let outcome = update(Answer::status(204)).await;
    assert!(matches!(outcome, UpdateOutcome::Unknown(cause) if cause.status == Some(204)));
}

#[tokio::test(start_paused = true)]
async fn a_2xx_with_garbage_is_unknown() {
    assert!(matches!(update(Fault::AppliedGarbage).await, UpdateOutcome::Unknown(_)));
}

#[tokio::test(start_paused = true)]
async fn odd_side_fields_do_not_hide_that_it_was_applied() {
    let answer = json!({ "id": crate::testing::TASK, "status": "credentials_created", "type": 7, "trigger": "new_word", "errors": "odd",
        "secret_version_id": null, "creation_date": 1 });
    let UpdateOutcome::Applied(task) = update(Answer::json(200, &answer)).await else { panic!("not applied") };
    assert_eq!((task.action, task.trigger, task.errors, task.creation_date), (None, None, vec![], None));
}

#[tokio::test(start_paused = true)]
async fn no_connection_is_not_sent() {
    assert!(matches!(update(Fault::ConnectionRefused).await, UpdateOutcome::NotSent(_)));
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_is_not_sent() {
    assert!(matches!(update(Answer::status(429)).await, UpdateOutcome::NotSent(cause) if cause.status == Some(429)));
}

#[tokio::test(start_paused = true)]
async fn a_4xx_is_a_refusal_in_the_words_of_the_service() {
    for status in [400, 401, 403, 404, 409, 412] {
        let outcome = update(error(status)).await;
        let UpdateOutcome::Refused { status: refused, error } = outcome else { panic!("{status}: {outcome:?}") };
        assert_eq!(
            (refused, error.to_string()),
            (status, format!("status {status} some_code: some message (trace t-1)"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn everything_else_is_unknown() {
    for fault in [
        Fault::RequestLost,
        Fault::ResponseLost,
        Fault::Status(408),
        Fault::Status(302),
        Fault::Status(503),
        Fault::Status(500),
    ] {
        assert!(matches!(update(fault).await, UpdateOutcome::Unknown(_)), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hang_is_unknown_when_the_timeout_is_over() {
    let start = Instant::now();
    assert!(matches!(update(Fault::HangAfterApply).await, UpdateOutcome::Unknown(_)));
    assert_eq!(start.elapsed(), TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn updates_stand_in_the_ledger_and_create_nothing_at_the_provider() {
    let script = ScriptedTransport::new();
    script.expect(Expected::put(TASK_PATH), Fault::ResponseLost);
    let service = service(&script);
    service
        .task_update_once(&Secret::from("tasks-token"), &secret_id(), &task_id(), &TaskUpdate::Deleted, TIMEOUT)
        .await;
    let ledger = service.http().ledger();
    assert_eq!((ledger.snapshot()["task_update"].unknown, ledger.creating().sent()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_read_is_repeated_until_it_is_answered() {
    let script = ScriptedTransport::new();
    script
        .expect(token_call(), token("t-1"))
        .expect(Expected::get(TASK_PATH), Fault::Status(503))
        .expect(Expected::get(TASK_PATH), Fault::Garbage)
        .expect(Expected::get(TASK_PATH), Answer::json(200, &task("processing")));
    let task = service(&script).task(&secret_id(), &task_id()).await.unwrap();
    assert_eq!(task.status, TaskStatus::Processing);
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn the_first_401_of_a_read_fetches_a_fresh_token() {
    let script = ScriptedTransport::new();
    script
        .expect(token_call(), token("t-1"))
        .expect(Expected::get(TASK_PATH), error(401))
        .expect(token_call(), token("t-2"))
        .expect(Expected::get(TASK_PATH), Answer::json(200, &task("failed")));
    service(&script).task(&secret_id(), &task_id()).await.unwrap();
    let tokens: Vec<_> =
        script.requests().iter().filter_map(|sent| sent.header("authorization").map(str::to_owned)).collect();
    assert_eq!(tokens, ["Bearer t-1", "Bearer t-2"]);
}

#[tokio::test(start_paused = true)]
async fn the_second_401_of_a_read_is_a_refusal() {
    let script = ScriptedTransport::new();
    script
        .expect(token_call(), token("t-1"))
        .expect(Expected::get(TASK_PATH), error(401))
        .expect(token_call(), token("t-2"))
        .expect(Expected::get(TASK_PATH), error(401));
    let refused = service(&script).task(&secret_id(), &task_id()).await.unwrap_err();
    assert_eq!(refused.status(), Some(401));
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_gone_is_not_found() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1")).expect(Expected::get(TASK_PATH), error(404));
    let gone = service(&script).task(&secret_id(), &task_id()).await.unwrap_err();
    assert!(matches!(gone, ClientError::NotFound { .. }));
    assert_eq!(gone.status(), Some(404));
}

#[tokio::test(start_paused = true)]
async fn a_list_with_an_odd_task_is_unreadable() {
    let script = ScriptedTransport::new()
        .with_backend(|_| credjob_http::Response::from_json(200, &json!({ "tasks": [{ "id": "x" }] })));
    script.expect(token_call(), token("t-1"));
    assert!(matches!(service(&script).tasks(&secret_id()).await, Err(ClientError::Http { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_task_can_be_deleted() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1")).expect(Expected::delete(TASK_PATH), Answer::status(204));
    service(&script).delete_task(&secret_id(), &task_id()).await.unwrap();
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn deleting_a_task_needs_a_manager() {
    let script = ScriptedTransport::new();
    script.expect(token_call(), token("t-1")).expect(Expected::delete(TASK_PATH), error(403));
    let refused = service(&script).delete_task(&secret_id(), &task_id()).await.unwrap_err();
    assert!(refused.to_string().contains("Manager"), "{refused}");
}
