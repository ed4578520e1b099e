//! The explorer over its models: what keeps the promise, what is caught that does not, and what was found.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod by_hand;
mod endings;
mod findings;
mod mutants;
mod naive;
mod promise;
mod sockets;

use credjob_testkit::explore::{Scene, find, models, replay};

/// What shows a failing schedule of a model call by call.
const REPLAY: &str = "cargo run -p credjob-testkit --example explore -- --replay {}";

/// The scene of the models with this name.
fn scene(name: &str) -> Scene {
    let scenes =
        models::scenes(&credjob_testkit::explore::Effort::singles(), &credjob_testkit::explore::Effort::singles());
    scenes.into_iter().map(|(scene, _)| scene).find(|scene| scene.name() == name).expect("a scene of the models")
}

/// Lives through a schedule of a scene and tells it; whether the promise was kept.
fn lived(text: &str) -> (String, bool) {
    let name = text.split(':').next().unwrap();
    let scene = scene(name);
    let (scene, schedule) = find(std::iter::once(&scene), text).unwrap();
    replay(scene, &schedule)
}
