//! A job written by hand, with the rule that looks right: "when the update fails, delete what was created".

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use credjob::contract::Secret;
use credjob::http::{Attempt, Budget, Clock, HostGuard, HttpClient, Ledger, Request, Response, SeededRandom};
use credjob_testkit::explore::models::web::WebSystem;
use credjob_testkit::explore::{Broken, Effort, Ended, Run, Scene, Start, explore};
use serde_json::{Value, json};

const BASE: &str = "https://system.test/credentials";
const TIMEOUT: Duration = Duration::from_secs(10);

/// What a hand-written job does after a task update that was not answered with 200.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Undo,
    SendAgainForEver,
}

fn undoing(start: Start) -> Run {
    Box::pin(job(start, Then::Undo))
}

fn stubborn(start: Start) -> Run {
    Box::pin(job(start, Then::SendAgainForEver))
}

async fn job(start: Start, then: Then) -> Ended {
    let end = |exit| Ended { exit, last_line: "done".to_owned() };
    let variable = |name: &str| {
        let found = start.variables.iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.to_str()).unwrap_or_default().to_owned()
    };
    let task = format!(
        "{}/api/v2/secrets/{}/tasks/{}",
        variable("SM_INSTANCE_URL"),
        variable("SM_SECRET_ID"),
        variable("SM_SECRET_TASK_ID")
    );
    let http = HttpClient::new(
        Arc::clone(&start.transport),
        Clock::at(SystemTime::UNIX_EPOCH),
        Arc::new(SeededRandom::new(start.seed)),
        HostGuard::closed(),
        Ledger::new(),
        Budget::lasting(Duration::from_secs(100)),
    );
    let Some(token) = ask(&http, &Request::post("token", "https://iam.cloud.ibm.com/identity/token")).await else {
        return end(1);
    };
    let token = Secret::new(token["access_token"].as_str().unwrap_or_default().to_owned());
    let Some(created) = ask(&http, &Request::post("create", BASE).json(&json!({ "marker": "" }))).await else {
        return end(1);
    };
    let id = created["id"].as_str().unwrap_or_default();
    let body = json!({ "status": "credentials_created", "credentials": { "id": id, "payload": {} } });
    let update = Request::put("update", task).bearer(&token).json(&body);
    loop {
        if ask(&http, &update).await.is_some() {
            return end(0);
        }
        if then == Then::Undo {
            ask(&http, &Request::delete("delete", format!("{BASE}/{id}"))).await;
            return end(1);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// The answer, if it is a 2xx with JSON.
async fn ask(http: &HttpClient, request: &Request) -> Option<Value> {
    match http.attempt(request, TIMEOUT).await {
        Attempt::Applied(answer) => Response::json(&answer).ok(),
        _ => None,
    }
}

#[test]
fn undoing_whenever_the_update_fails_is_caught() {
    let report = explore(&[(Scene::foreign("naive", undoing, WebSystem::default), Effort::singles())]);
    let dangling = report.findings().find(|(_, finding)| matches!(finding.broken, Broken::Dangling(_)));
    let (_, dangling) = dangling.expect("a dangling secret");
    assert_eq!(dangling.schedule.to_string(), "1.update#1=answer-lost");
}

#[test]
fn sending_the_update_for_ever_is_caught() {
    let report = explore(&[(Scene::foreign("stubborn", stubborn, WebSystem::default), Effort::singles())]);
    let has = |wanted: fn(&Broken) -> bool| report.findings().any(|(_, finding)| wanted(&finding.broken));
    assert!(has(|broken| matches!(broken, Broken::UpdateAfterRefusal)), "{report}");
    assert!(has(|broken| matches!(broken, Broken::TooLong(_))), "{report}");
}
