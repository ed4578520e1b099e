//! Scripted faults, seen from a raw socket.

use std::time::Duration;

use credjob_emulator::{Call, Fault, RequestCaller};
use serde_json::json;

use crate::raw_client::{RawClient, job_key};
use crate::world::{Made, World};

const REPORT: &str = r#"{"status":"credentials_created","credentials":{"id":"tok-1","payload":{"token":"t0k3n"}}}"#;

struct Job {
    world: World,
    client: RawClient,
    token: String,
    made: Made,
}

impl Job {
    async fn start() -> Self {
        let world = World::new().await;
        let made = world.create("a1").await;
        let client = RawClient::new(&world.emulator);
        let token = client.token(&job_key(&world.emulator, &made.task)).await;
        Self { world, client, token, made }
    }

    fn path(&self) -> String {
        format!("/api/v2/secrets/{}/tasks/{}", self.made.secret, self.made.task)
    }

    async fn report(&self) -> Option<(u16, String)> {
        self.client.send("PUT", &self.path(), &self.token, REPORT).await
    }

    async fn status(&self) -> String {
        self.world.newest(&self.made.secret).await["status"].as_str().expect("a status").to_owned()
    }
}

#[tokio::test]
async fn a_lost_request_closes_the_connection_and_applies_nothing() {
    let job = Job::start().await;
    job.world.emulator.faults().script(Call::TaskUpdate, [Fault::RequestLost]);
    assert_eq!(job.report().await, None);
    assert_eq!(job.status().await, "processing");
    assert_eq!(job.report().await.expect("the script is used up").0, 200);
}

#[tokio::test]
async fn a_lost_response_closes_the_connection_after_applying() {
    let job = Job::start().await;
    job.world.emulator.faults().script(Call::TaskUpdate, [Fault::ResponseLost]);
    assert_eq!(job.report().await, None);
    assert_eq!(job.status().await, "credentials_created");
    assert_eq!(job.report().await.expect("an answer").0, 400);
}

#[tokio::test]
async fn a_hang_answers_nothing() {
    for (fault, expected) in [(Fault::HangBefore, "processing"), (Fault::HangAfter, "credentials_created")] {
        let job = Job::start().await;
        job.world.emulator.faults().script(Call::TaskUpdate, [fault]);
        let answer = tokio::time::timeout(Duration::from_millis(150), job.report()).await;
        assert!(answer.is_err(), "{fault}");
        assert_eq!(job.status().await, expected, "{fault}");
    }
}

#[tokio::test]
async fn answers_can_be_wrong_with_and_without_effect() {
    let cases = [
        (Fault::Status(503), 503, "service_unavailable", "processing"),
        (Fault::StatusAfter(500), 500, "internal_server_error", "credentials_created"),
        (Fault::Garbage, 200, "sm-task-", "processing"),
        (Fault::GarbageAfter, 200, "sm-task-", "credentials_created"),
        (Fault::Html, 200, "<html>", "processing"),
    ];
    for (fault, status, text, expected) in cases {
        let job = Job::start().await;
        job.world.emulator.faults().script(Call::TaskUpdate, [fault]);
        let (found, body) = job.report().await.expect("an answer");
        assert_eq!((found, body.contains(text)), (status, true), "{fault}: {body}");
        assert_eq!(job.status().await, expected, "{fault}");
    }
}

#[tokio::test]
async fn a_token_request_of_a_job_can_fail() {
    let job = Job::start().await;
    let key = job_key(&job.world.emulator, &job.made.task);
    job.world.emulator.faults().script(Call::IamToken, [Fault::Status(429)]);
    assert_eq!(job.client.log_in(&key).await.0, 429);
    assert_eq!(job.client.log_in(&key).await.0, 200);
}

#[tokio::test]
async fn administrators_meet_no_fault() {
    let job = Job::start().await;
    job.world.emulator.faults().script(Call::TaskRead, [Fault::RequestLost]);
    let admin = job.client.token(job.world.emulator.api_key()).await;
    assert_eq!(job.client.send("GET", &job.path(), &admin, "").await.expect("an answer").0, 200);
    assert_eq!(
        job.world.get(&format!("/secrets/{}/tasks/{}", job.made.secret, job.made.task)).await["status"],
        "processing"
    );
    assert_eq!(job.world.emulator.faults().remaining(Call::TaskRead), 1);
    assert_eq!(job.client.send("GET", &job.path(), &job.token, "").await, None);
}

#[tokio::test]
async fn a_script_can_let_requests_pass() {
    let job = Job::start().await;
    job.world.emulator.faults().script(Call::TaskRead, [Fault::Pass, Fault::Status(404)]);
    for expected in [200, 404, 200] {
        assert_eq!(job.client.send("GET", &job.path(), &job.token, "").await.expect("an answer").0, expected);
    }
}

#[tokio::test]
async fn requests_are_recorded_with_their_fault_and_without_bodies() {
    let job = Job::start().await;
    job.world.emulator.faults().script(Call::TaskUpdate, [Fault::ResponseLost]);
    job.report().await;
    let record = job.world.emulator.requests().pop().expect("a request");
    assert_eq!((record.call, record.fault, record.status), (Some(Call::TaskUpdate), Some(Fault::ResponseLost), None));
    assert_eq!(record.caller, RequestCaller::Job { task: Some(job.made.task.clone()) });
    assert!(record.connection.is_some());
    assert!(!format!("{:?}", job.world.emulator.requests()).contains("t0k3n"));
    assert_eq!(json!(record.path), json!(job.path()));
}
