//! The rules that every provider keeps, and what is this provider's own: the latter in virtual time and without a socket.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]
#![expect(clippy::doc_markdown, reason = "JFrog is a name, not code")]

#[path = "conformance/creating.rs"]
mod creating;
#[path = "conformance/deleting.rs"]
mod deleting;
#[path = "support/life.rs"]
mod life;
#[path = "conformance/lost_answers.rs"]
mod lost_answers;
#[path = "support/platform.rs"]
mod platform;
#[path = "support/provocations.rs"]
mod provocations;
#[path = "conformance/refusals.rs"]
mod refusals;
#[path = "support/server.rs"]
mod server;
#[path = "support/stand_in.rs"]
mod stand_in;

use credjob::http::Response;
use jfrog_provider::JfrogProvider;
use life::Surroundings;
use platform::Platform;

credjob_testkit::conformance!(JfrogProvider, Platform);

const TOKENS: &str = "/access/api/v1/tokens";

/// How many requests of this kind came to the platform.
fn count(surroundings: &Surroundings, method: &str) -> usize {
    surroundings.platform.requests().iter().filter(|request| request.starts_with(method)).count()
}

/// `METHOD path` of what was sent to any platform, also what never arrived.
fn sent(surroundings: &Surroundings) -> Vec<String> {
    let requests = surroundings.script.requests();
    let to_platform = requests.iter().filter(|request| request.host().ends_with(".jfrog.io"));
    to_platform.map(|request| format!("{} {}", request.method(), request.url().path())).collect()
}

/// What a proxy's login page answers in a platform's place.
fn web_page() -> Response {
    Response::new(200, "<!doctype html><title>Log in</title>").with_header("content-type", "text/html; charset=utf-8")
}
