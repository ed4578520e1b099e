//! A service that cannot be reached for a while, or takes no more requests.

use std::io::ErrorKind;
use std::time::Duration;

use credjob_emulator::{Call, Emulator, Fault, Options};
use tokio::net::TcpStream;

use crate::raw_client::{RawClient, job_key};
use crate::world::World;

const SECRETS: &str = "/api/v2/secrets";

async fn connect(emulator: &Emulator) -> Result<TcpStream, ErrorKind> {
    TcpStream::connect(emulator.url().trim_start_matches("http://")).await.map_err(|error| error.kind())
}

#[tokio::test]
async fn offline_the_port_refuses_connections_and_online_it_answers_with_the_same_state() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let client = RawClient::new(&world.emulator);
    let token = client.token(world.emulator.api_key()).await;
    world.emulator.go_offline().await.expect("the port is kept");
    assert_eq!(connect(&world.emulator).await.map(drop), Err(ErrorKind::ConnectionRefused));
    world.publish(&made.secret, &made.task, "tok-1").await;
    world.emulator.go_online().expect("the port is free");
    let (status, secret) =
        client.send("GET", &format!("{SECRETS}/{}", made.secret), &token, "").await.expect("an answer");
    assert_eq!((status, secret.contains("t0k3n")), (200, true));
}

#[tokio::test]
async fn going_offline_ends_a_request_that_hangs() {
    let world = World::new().await;
    let made = world.create("a1").await;
    let client = RawClient::new(&world.emulator);
    let token = client.token(&job_key(&world.emulator, &made.task)).await;
    world.emulator.faults().script(Call::TaskRead, [Fault::HangBefore]);
    let path = format!("{SECRETS}/{}/tasks/{}", made.secret, made.task);
    let cut = async {
        while world.emulator.faults().remaining(Call::TaskRead) > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        world.emulator.go_offline().await
    };
    let (answer, offline) = tokio::join!(client.send("GET", &path, &token, ""), cut);
    assert_eq!((answer, offline.is_ok()), (None, true));
}

#[tokio::test]
async fn going_offline_or_online_twice_changes_nothing() {
    let world = World::new().await;
    world.emulator.go_online().expect("it is online");
    world.emulator.go_offline().await.expect("the port is kept");
    world.emulator.go_offline().await.expect("it is offline");
    world.emulator.go_online().expect("the port is free");
    assert!(connect(&world.emulator).await.is_ok());
}

#[tokio::test]
async fn a_stopped_emulator_does_not_come_back() {
    let world = World::new().await;
    world.emulator.stop().await;
    world.emulator.go_online().expect("nothing to do");
    assert_eq!(connect(&world.emulator).await.map(drop), Err(ErrorKind::ConnectionRefused));
}

#[tokio::test]
async fn beyond_its_rate_the_service_answers_429_until_the_second_is_over() {
    let world = World::with(Options { rate_limit: Some(3), ..Options::default() }).await;
    let client = RawClient::new(&world.emulator);
    let token = client.token(world.emulator.api_key()).await;
    for expected in [200, 200, 200, 429] {
        assert_eq!(client.send("GET", SECRETS, &token, "").await.map(|(status, _)| status), Some(expected));
    }
    let (_, body) = client.send("GET", SECRETS, &token, "").await.expect("an answer");
    assert!(body.contains("too_many_requests"), "{body}");
    world.emulator.clock().advance(Duration::from_secs(1));
    assert_eq!(client.send("GET", SECRETS, &token, "").await.map(|(status, _)| status), Some(200));
}

#[tokio::test]
async fn neither_iam_nor_the_owner_in_process_meets_the_rate_limit() {
    let world = World::with(Options { rate_limit: Some(0), ..Options::default() }).await;
    let client = RawClient::new(&world.emulator);
    client.token(world.emulator.api_key()).await;
    assert!(world.tasks(&world.create("a1").await.secret).await.len() == 1);
}

#[tokio::test]
async fn a_request_beyond_the_rate_takes_no_fault() {
    let world = World::with(Options { rate_limit: Some(0), ..Options::default() }).await;
    let made = world.create("a1").await;
    let client = RawClient::new(&world.emulator);
    let token = client.token(&job_key(&world.emulator, &made.task)).await;
    world.emulator.faults().script(Call::TaskRead, [Fault::Html]);
    let path = format!("{SECRETS}/{}/tasks/{}", made.secret, made.task);
    assert_eq!(client.send("GET", &path, &token, "").await.map(|(status, _)| status), Some(429));
    assert_eq!(world.emulator.faults().remaining(Call::TaskRead), 1);
}
