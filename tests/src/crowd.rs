//! 200 jobs at once, and a service that takes 20 requests a second.

use std::time::{Duration, Instant};

use credjob_emulator::{Fault, Options};
use credjob_testkit::emulated::{Emulated, Pending};
use credjob_testkit::leak::assert_no_leak;
use credjob_testkit::process::Finished;
use credjob_testkit::target::Target as _;
use serde_json::json;

use crate::support::evidence;
use crate::support::jfrog::{CREATE, JfrogTarget};
use crate::support::release::Released as _;
use crate::support::trial::RETRY_LIMIT;

/// How many jobs start at once, and how many requests a second the service takes: what it asks its clients to stay below
/// (PROTOCOL 6.9).
const JOBS: usize = 200;
const REQUESTS_A_SECOND: usize = 20;

/// Every tenth secret asks for a scope that the platform refuses.
const REFUSED_EVERY: usize = 10;

/// As many answers to a creating request are lost.
const LOST_ANSWERS: usize = 20;

/// The service can answer all requests that succeed in half of this time.
const LONGEST: Duration = Duration::from_secs(60);

/// What became of all tasks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    delivered: usize,
    refused: usize,
    dangling: usize,
    orphaned: usize,
    unreported: usize,
}

#[tokio::test]
async fn two_hundred_jobs_at_twenty_requests_a_second_keep_the_promise() {
    let target = JfrogTarget::start().await.expect("the stand-in starts");
    target.server.script(CREATE.0, CREATE.1, [Fault::ResponseLost; LOST_ANSWERS]);
    let options = Options { task_concurrency: JOBS, rate_limit: Some(REQUESTS_A_SECOND), ..Options::default() };
    let setup = Emulated::with(JfrogTarget::binary(), &target.settings()).options(options).retry_limit(RETRY_LIMIT);
    let emulated = setup.start().await.expect("the emulator starts");
    let started = Instant::now();
    let mut crowd = Vec::new();
    for number in 0..JOBS {
        crowd.push(ask(&emulated, number).await);
    }
    emulated.emulator().wait_idle().await;
    let took = started.elapsed();

    let counts = count(&emulated, &target, &crowd).await;
    let (requests, refused) = traffic(&emulated);
    println!(
        "{JOBS} jobs in {took:?}: {counts:?}; {requests} requests to Secrets Manager, {refused} of them answered with 429"
    );
    evidence::write("21-crowd", &section(&counts));
    let refused_by_platform = JOBS / REFUSED_EVERY;
    let expected = Counts { delivered: JOBS - refused_by_platform, refused: refused_by_platform, ..Counts::default() };
    assert_eq!(counts, expected);
    assert!(refused > 0, "the limit was met");
    assert_eq!(target.server.faults_left(), 0, "every answer that was to be lost was lost");
    assert!(took < LONGEST, "{took:?}");
}

/// A new secret, whose job starts at once.
async fn ask(emulated: &Emulated, number: usize) -> Pending {
    let refused = [("scope", json!("no-such-scope"))];
    let changed = if number.is_multiple_of(REFUSED_EVERY) { &refused[..] } else { &[] };
    emulated.create_named(&format!("crowd-{number}"), changed).await.expect("the secret is taken")
}

async fn count(emulated: &Emulated, target: &JfrogTarget, crowd: &[Pending]) -> Counts {
    let mut counts = Counts::default();
    let mut owned = 0;
    for pending in crowd {
        for version in emulated.versions(&pending.secret_id).await.expect("the versions are listed") {
            if version["payload_available"] == true {
                let id = version["id"].as_str().expect("a version has an id");
                let version = emulated.version(&pending.secret_id, id).await.expect("its data can be read");
                let works = target.works(&version["credentials_content"]).await.expect("it can be tried");
                owned += 1;
                counts.dangling += usize::from(!works);
            }
        }
        match emulated.task(pending).await["status"].as_str() {
            Some("credentials_created") => counts.delivered += 1,
            Some("failed") => counts.refused += 1,
            _ => counts.unreported += 1,
        }
        look_at_the_log(emulated, target, pending).await;
    }
    counts.orphaned = target.live().await.expect("counted").expect("the stand-in counts").saturating_sub(owned);
    counts
}

/// The last process of each run has ended with exit code 0; every one has one summary, and no secret in its log.
async fn look_at_the_log(emulated: &Emulated, target: &JfrogTarget, pending: &Pending) {
    let mut canaries = emulated.canaries(&[pending]).await;
    canaries.extend(&target.settings().canaries());
    let logs = emulated.emulator().job_logs(&pending.task_id);
    assert_eq!(logs.last().and_then(|log| log.exit), Some(0));
    for finished in logs.into_iter().map(Finished::from) {
        assert_no_leak("standard error", &finished.stderr, &canaries);
        let summary = finished.summary().expect("a run ends with one summary");
        assert_eq!(finished.exit.map(i64::from), Some(summary.exit_code), "{}", summary.event);
    }
}

/// How many requests Secrets Manager got from the jobs, and how many it answered with 429. In no second were there more
/// others than it takes.
fn traffic(emulated: &Emulated) -> (usize, usize) {
    let requests = emulated.emulator().requests();
    let of_jobs = requests.iter().filter(|request| request.connection.is_some() && request.path.starts_with("/api/"));
    let (refused, taken): (Vec<_>, Vec<_>) = of_jobs.partition(|request| request.status == Some(429));
    for (first, next) in taken.iter().zip(taken.iter().skip(REQUESTS_A_SECOND)) {
        let apart = next.at.duration_since(first.at).unwrap_or_default();
        assert!(apart >= Duration::from_secs(1), "{} requests in {apart:?}", REQUESTS_A_SECOND + 1);
    }
    (refused.len() + taken.len(), refused.len())
}

fn section(counts: &Counts) -> String {
    let Counts { delivered, refused, dangling, orphaned, unreported } = counts;
    format!(
        "\
## {JOBS} jobs at once

The emulator's job runner starts {JOBS} JFrog jobs, release binaries, at the same moment. Secrets Manager takes \
{REQUESTS_A_SECOND} requests in any second and answers the others with 429, without `Retry-After`; the platform refuses what \
every tenth secret asks for, and its answers to the first {LOST_ANSWERS} creating requests are lost.

| Jobs | Delivered | Failed, as the platform refused | Dangling | Orphaned | Unreported |
|--:|--:|--:|--:|--:|--:|
| {JOBS} | {delivered} | {refused} | {dangling} | {orphaned} | {unreported} |
"
    )
}
