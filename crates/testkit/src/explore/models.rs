//! Model providers and systems: the subjects of the exploration in `examples/explore.rs`, and examples of how to write a
//! model for a provider of your own.

pub mod memory;
mod store;
pub mod web;

use credjob::prelude::*;

use super::{Effort, Scene};

/// Inputs of the models.
#[derive(Params)]
pub struct ModelParams {
    /// The secret with the login; without one the system asks for none.
    pub login_secret_id: Option<SecretId>,
}

/// Outputs of the models.
#[derive(Credentials)]
pub struct ModelCredentials {
    /// The token.
    pub token: Secret<String>,
}

/// The token of every credential of the models.
pub(crate) const CREDENTIAL: &str = "canary-credential-0123456789";

/// Every scene with a model, and how much of it is tried: the first of each kind with `main`, its variations with `rest`.
pub fn scenes(main: &Effort, rest: &Effort) -> Vec<(Scene, Effort)> {
    let main = |scene: Scene| (scene, main.clone());
    let rest = |scene: Scene| (scene, rest.clone());
    vec![
        main(web::scene("web-create")),
        rest(web::scene_without_login("web-create-unread").without_reader()),
        rest(web::scene_without_leftovers("web-create-unlisted").without_leftovers()),
        rest(web::scene("web-delete").deleting()),
        main(memory::scene("memory-create")),
        rest(memory::scene("memory-create-unread").without_reader()),
        rest(memory::scene_without_leftovers("memory-create-unlisted").without_leftovers()),
        rest(memory::scene_with_plain_errors("memory-create-plain").with_plain_errors()),
        rest(memory::scene("memory-delete").deleting()),
    ]
}
