//! Every fault schedule over the provider's own code, in virtual time and without a socket.
//!
//! A failing schedule is printed with the command that shows it call by call:
//! `CREDJOB_EXPLORE='jfrog-create: 1.create#1=lost' cargo test --manifest-path providers/jfrog/Cargo.toml --test explore`.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]
#![expect(clippy::doc_markdown, reason = "JFrog is a name, not code")]

#[path = "support/stand_in.rs"]
#[expect(dead_code, reason = "the other tests use the rest of it")]
mod stand_in;

use credjob::http::{Response, WireRequest};
use credjob_testkit::evidence;
use credjob_testkit::explore::sockets::Sample;
use credjob_testkit::explore::{Call, Effort, HttpSystem, Live, Scene, System, View, check};
use jfrog_provider::JfrogProvider;
use serde_json::{Value, json};
use stand_in::{Asked, StandIn};

const ADMIN: &str = "canary-admin-token-of-the-stand-in";
const HOST: &str = "example.jfrog.io";
const LOGIN: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";
const TOKENS: &str = "/access/api/v1/tokens";
const COMMAND: &str = "cargo test --manifest-path providers/jfrog/Cargo.toml --test explore";

/// The stand-in as the explorer sees it.
struct Platform(StandIn);

impl System for Platform {
    fn live(&self) -> Vec<Live> {
        let authorization = format!("Bearer {ADMIN}");
        let asked = Asked { method: "GET", path: TOKENS, query: "", authorization: Some(&authorization), body: &[] };
        let (_, list) = self.0.answer(asked);
        let text = |token: &Value, key: &str| token[key].as_str().unwrap_or_default().to_owned();
        let live = |token: &Value| Live::new(format!("{}@{HOST}", text(token, "token_id")), text(token, "description"));
        list["tokens"].as_array().expect("a list of tokens").iter().map(live).collect()
    }

    fn add_existing(&mut self, text: &str) -> String {
        format!("{}@{HOST}", self.0.strangers_token(text))
    }
}

impl HttpSystem for Platform {
    fn call_of(request: &WireRequest) -> Call {
        match (request.method().as_str(), request.url().path()) {
            ("POST", _) => Call::Create,
            ("DELETE", _) => Call::Delete,
            (_, TOKENS) => Call::List,
            _ => Call::Verify,
        }
    }

    fn answer(&mut self, request: &WireRequest, _view: View) -> Response {
        let (status, body) = self.0.answer(Asked {
            method: request.method().as_str(),
            path: request.url().path(),
            query: request.url().query().unwrap_or_default(),
            authorization: request.header("authorization"),
            body: request.body(),
        });
        if body.is_null() { Response::new(status, "") } else { Response::from_json(status, &body) }
    }
}

fn scene(name: &str) -> Scene {
    Scene::http(name, || JfrogProvider, || Platform(StandIn::new(ADMIN)))
        .with_secret(LOGIN, json!({ "secret_type": "arbitrary", "payload": ADMIN }))
        .with_canary("login", ADMIN)
        .with("SM_LOGIN_SECRET_ID_VALUE", LOGIN)
        .with("SM_JFROG_BASE_URL_VALUE", &format!("https://{HOST}"))
        .with("CREDJOB_ALLOWED_HOSTS", "*.jfrog.io")
}

/// A task to create and one to delete, with this much tried on both.
fn scenes(effort: &Effort) -> [(Scene, Effort); 2] {
    [(scene("jfrog-create"), effort.clone()), (scene("jfrog-delete").deleting(), effort.clone())]
}

#[test]
fn single_faults_and_pairs_keep_the_promise_and_what_one_retry_can_save_is_saved() {
    // A replay has no report.
    let Some(report) = check(&scenes(&Effort::brief()), COMMAND) else { return };
    report.assert_saved();
    let section = report.to_markdown(
        "Fault schedules over the JFrog provider",
        "The same program over the provider's own code, with the stand-in for the JFrog platform as the external system.",
    );
    evidence::write(env!("CARGO_TARGET_TMPDIR"), "13-jfrog", &section).expect("the evidence can be written");
}

#[test]
fn a_sample_of_schedules_ends_the_same_over_sockets_as_in_virtual_time() {
    let sample = Sample::of(&scenes(&Effort::singles()).map(|(scene, _)| scene), 40);
    let compared = sample.compare().expect("sockets and emulators");
    let others: Vec<String> = compared.iter().filter(|one| !one.agrees()).map(ToString::to_string).collect();
    assert!(compared.len() == 40 && others.is_empty(), "{} differ:\n{}", others.len(), others.join("\n"));
}

#[test]
#[ignore = "minutes, optimised: `cargo xtask evidence --thorough` runs it"]
fn all_pairs_and_every_triple_on_the_publish_and_undo_paths_keep_the_promise() {
    let Some(report) = check(&scenes(&Effort::triples()), COMMAND) else { return };
    report.assert_saved();
    let section = report.to_markdown(
        "Pairs and triples of faults over the JFrog provider",
        "The same, further: every second fault and event after every first, and all that two faults of the publish and undo paths make with it.",
    );
    evidence::write(env!("CARGO_TARGET_TMPDIR"), "14-jfrog-triples", &section).expect("the evidence can be written");
}
