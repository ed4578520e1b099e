//! Every call of a run is answered with an echo of every secret that went through, as the service, a proxy or an attacker could do it. Nothing of it
//! may be in any place.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use credjob::contract::redact::REDACTED;
use credjob_testkit::target::Target;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, LocalSet};

use super::forms::{echo, forms};
use super::places::{PLACES, Places};
use crate::support::certificate::CertificateTarget;
use crate::support::gateway::{Gateway, Seen, Speech, Step};
use crate::support::jfrog::JfrogTarget;
use crate::support::trial::{DEADLINE, Trial};
use crate::support::{CERTIFICATE, JFROG, evidence, program};

/// How many runs are under way at once: most of them wait to try again.
const AT_ONCE: usize = 24;

/// Where the client and the provider cut a message, and where a code or an id.
const MESSAGE: usize = 500;
const WORD: usize = 128;

/// How often a call of a run meets an echo before it is let through: what is tried again is tried again soon, and the run need not last until its deadline.
const ECHOES: usize = 2;

/// In how many runs at least an echo gets as far as the log writer: in every run whose answers say why something is refused.
const REDACTED_RUNS: usize = 50;

/// What the answer looks like.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// An error body of Secrets Manager, IAM and JFrog at once.
    Status(&'static str),
    /// Status 200 with a text.
    Text,
    /// Status 200 with the page of a proxy.
    Page,
    /// Status 200 with JSON whose fields have other types.
    OtherJson,
}

const SHAPES: [Shape; 12] = [
    Shape::Status("400"),
    Shape::Status("401"),
    Shape::Status("403"),
    Shape::Status("404"),
    Shape::Status("409"),
    Shape::Status("302"),
    Shape::Status("429"),
    Shape::Status("500"),
    Shape::Status("503"),
    Shape::Text,
    Shape::Page,
    Shape::OtherJson,
];

/// The calls of a run, and what others must meet before so that it is made at all.
const STEPS: [(Step, &[(Step, Shape)]); 9] = [
    (Step::Token, &[]),
    (Step::SecretRead, &[]),
    (Step::Create, &[]),
    (Step::Try, &[]),
    (Step::List, &[(Step::Create, Shape::Status("500"))]),
    (Step::Revoke, &[(Step::TaskUpdate, Shape::Status("400"))]),
    (Step::TaskUpdate, &[]),
    (Step::TaskRead, &[(Step::TaskUpdate, Shape::Status("404"))]),
    (Step::VersionList, &[(Step::TaskUpdate, Shape::Status("404")), (Step::TaskRead, Shape::Status("404"))]),
];

/// The calls that any provider's run makes.
const COMMON: [Step; 4] = [Step::Token, Step::TaskUpdate, Step::TaskRead, Step::VersionList];

#[tokio::test]
async fn an_echo_in_any_answer_is_in_no_place() {
    let permits = Rc::new(Semaphore::new(AT_ONCE));
    let mut under_way = JoinSet::new();
    let mut tally = Tally::default();
    let every_run = async {
        for (number, ((step, before), shape)) in
            STEPS.iter().flat_map(|step| SHAPES.map(|shape| (step, shape))).enumerate()
        {
            let case = Case { step: *step, before, shape, number };
            let permits = Rc::clone(&permits);
            under_way.spawn_local(async move {
                let _permit = permits.acquire().await.expect("it is never closed");
                let mut tally = case.run(JFROG, |target: &JfrogTarget| Some(target.server.address())).await;
                if COMMON.contains(&case.step) {
                    tally.add(case.run(CERTIFICATE, |_: &CertificateTarget| None).await);
                }
                tally
            });
        }
        while let Some(ended) = under_way.join_next().await {
            tally.add(ended.expect("no leak"));
        }
    };
    LocalSet::new().run_until(every_run).await;
    assert_eq!(tally.runs, SHAPES.len() * (STEPS.len() + COMMON.len()));
    assert!(
        tally.redacted >= REDACTED_RUNS,
        "{} runs would have leaked: the echoes do not reach the log",
        tally.redacted
    );
    tally.write_evidence();
}

/// One kind of call, and how all its answers look.
#[derive(Debug)]
struct Case {
    step: Step,
    before: &'static [(Step, Shape)],
    shape: Shape,
    number: usize,
}

impl Case {
    /// One run of a create task. No secret is found in any place.
    async fn run<T: Target>(&self, binary: &str, platform: fn(&T) -> Option<SocketAddr>) -> Tally {
        let mut trial = Trial::<T>::with(program(binary)).await;
        let gateway = self.gateway(trial.emulated.emulator().url(), platform(&trial.target)).await;
        let pending = trial.create_task().await;
        let job = gateway.job(trial.emulated.job(&pending, 0).await.expect("dispatched"));
        let started = trial.start_job(job, DEADLINE).await;
        trial.end_run(started).await;
        assert!(gateway.calls(self.step) > 0, "{binary}, {self:?}: the call is made");

        let mut canaries = trial.emulated.canaries(&[&pending]).await;
        canaries.extend(&trial.target.canaries());
        let seen = gateway.seen();
        for Seen { field, value } in &seen {
            canaries.add(field, value);
        }
        let places = Places::of(trial.last(), &trial.emulated, &pending).await;
        let leaks: Vec<String> =
            places.leaks(&canaries).iter().map(|(place, leak)| format!("{place}: {leak}")).collect();
        assert!(leaks.is_empty(), "{binary}, {self:?}: {}", leaks.join("; "));
        assert!(trial.last().finished.summary().is_some(), "{binary}, {self:?}: the run ends as it should");
        let run = trial.last();
        assert!(!run.command_line.is_empty(), "{binary}, {self:?}: the command line is read");
        let redacted = usize::from(run.finished.stderr_text().contains(REDACTED));
        Tally { runs: 1, redacted, echoed: seen.into_iter().map(|seen| seen.field).collect() }
    }

    async fn gateway(&self, service: &str, platform: Option<SocketAddr>) -> Gateway {
        let gateway = Gateway::start(service, platform).await;
        let (step, shape, before, number) = (self.step, self.shape, self.before, self.number);
        let turns = AtomicUsize::new(0);
        gateway.plan(move |asked, seen| {
            let before = || before.iter().find(|(known, _)| *known == asked).map(|(_, shape)| *shape);
            let shape = if asked == step { Some(shape) } else { before() };
            let turn = || number + turns.load(Ordering::Relaxed);
            if asked == step && turns.fetch_add(1, Ordering::Relaxed) >= ECHOES {
                return None;
            }
            shape.map(|shape| shape.answer(seen, turn()))
        });
        gateway
    }
}

impl Shape {
    /// The answer. Each turn, another secret stands in each field.
    fn answer(self, seen: &[Seen], turn: usize) -> Speech {
        let secret = |field: usize| seen[(turn + field) % seen.len()].value.as_str();
        let short =
            |field| forms(secret(field)).into_iter().take(7).map(|(_, text)| text).collect::<Vec<_>>().join(" ");
        let headers = [
            ("Location", format!("https://example.com/?{}", secret(0))),
            ("WWW-Authenticate", format!("Bearer error=\"{}\"", short(1))),
            ("Retry-After", secret(2).to_owned()),
            ("Set-Cookie", format!("session={}", short(3))),
            ("X-Global-Transaction-Id", short(1)),
            ("Content-Type", self.content_type(secret(2))),
        ];
        // A text that is cut before it is redacted lets half a secret out.
        let text =
            |field, limit| "x".repeat(if turn.is_multiple_of(2) { limit - 10 } else { 0 }) + " " + &echo(secret(field));
        let (message, code, detail, trace) = (text(0, MESSAGE), text(1, WORD), text(2, MESSAGE), text(3, WORD));
        let body = match self {
            Self::Status(_) => json!({
                "errors": [{ "code": code, "message": message, "detail": detail, "more_info": trace }],
                "trace": trace, "errorCode": code, "errorMessage": message, "context": { "requestId": trace },
            })
            .to_string(),
            Self::Text => message,
            Self::Page => format!("<html><title>{code}</title>{message}</html>"),
            Self::OtherJson => json!({
                "access_token": [message], "expires_in": code, "id": message, "status": code, "secret_type": trace,
                "token_id": message, "tokens": [{ "token_id": code, "description": message }],
                "versions": [{ "id": code }], "state_description": message, "errors": message,
            })
            .to_string(),
        };
        let status = if let Self::Status(status) = self { status } else { "200" };
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Speech::answer(&format!("{status} {}", secret(3)), &headers, body)
    }

    fn content_type(self, secret: &str) -> String {
        match self {
            Self::Status(_) | Self::OtherJson => format!("application/json; boundary={secret}"),
            Self::Text => format!("text/{secret}"),
            Self::Page => format!("text/html; charset={secret}"),
        }
    }
}

/// What was tried.
#[derive(Default)]
struct Tally {
    runs: usize,
    /// Runs whose log would have held a secret.
    redacted: usize,
    echoed: BTreeSet<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.redacted += other.redacted;
        self.echoed.extend(other.echoed);
    }

    fn write_evidence(&self) {
        let (calls, shapes, forms, places) = (STEPS.len(), SHAPES.len(), forms("").len(), PLACES.len());
        let (runs, kinds) = (self.runs, self.echoed.len());
        let section = format!(
            "\
## Leaks

Each call of a run is answered, twice, with the secrets that went over the wire before it: in the status line, the headers and the body, as errors and as \
success, each secret in {forms} forms. {runs} runs of the job binaries at `CREDJOB_LOG=trace`; after each, {places} places are searched for every secret: {}.

| Calls that meet echoes | Shapes of an answer | Kinds of secrets | Forms of an echo | Runs | Places searched | Secrets found |
|--:|--:|--:|--:|--:|--:|--:|
| {calls} | {shapes} | {kinds} | {forms} | {runs} | {places} | 0 |

Kinds of secrets, by the field that held them: {}.
",
            PLACES.join(", "),
            self.echoed.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", "),
        );
        evidence::write("30-leaks", &section);
    }
}
