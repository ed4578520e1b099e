//! What a history is played on: what is there at first, and how processes reach the world.

use std::ffi::OsString;
use std::sync::Arc;

use credjob::http::Transport;

use super::gate::Gate;
use super::keeper::Keeper;
use super::scene::{Scene, Stage};
use super::service::{Asks, Service};
use super::transport::{GateTransport, Web};

/// How the processes of a history reach IAM, the service and a system behind HTTP.
pub(crate) trait Roads {
    /// The service.
    fn keeper(&self) -> Arc<dyn Keeper>;

    /// The network of a new process.
    fn network(&self, gate: &Gate) -> Arc<dyn Transport>;

    /// What its environment says beside what the scene says, now that its network is there; the last word counts.
    fn variables(&self) -> Vec<(OsString, OsString)>;
}

/// What is there before the first process starts.
pub(crate) struct Scenery<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) stage: Stage,
    /// Credentials that the task has nothing to do with; the last one is that of the version before.
    pub(crate) strangers: [String; 2],
    /// What a delete task names.
    pub(crate) target: Option<String>,
}

impl<'a> Scenery<'a> {
    pub(crate) fn of(scene: &'a Scene) -> Self {
        let stage = scene.stage();
        let stranger = (stage.add)("sm-0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d-0123456789ab");
        let old = (stage.add)("made long ago");
        let target =
            (scene.asks == Asks::Delete).then(|| (stage.add)("sm-1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e-ba9876543210"));
        Self { scene, stage, strangers: [stranger, old], target }
    }
}

/// Roads without a socket: every answer is a function call away.
pub(crate) struct Modelled {
    service: Arc<Service>,
    web: Option<Arc<Web>>,
}

impl Modelled {
    pub(crate) fn of(Scenery { scene, stage, strangers: [_, old], .. }: &Scenery<'_>) -> Self {
        let service = Service::new(scene.asks, scene.readable, old.clone(), &scene.secrets);
        Self { service: Arc::new(service), web: stage.web.clone() }
    }
}

impl Roads for Modelled {
    fn keeper(&self) -> Arc<dyn Keeper> {
        let keeper: Arc<Service> = Arc::clone(&self.service);
        keeper
    }

    fn network(&self, gate: &Gate) -> Arc<dyn Transport> {
        Arc::new(GateTransport { gate: gate.clone(), service: Arc::clone(&self.service), web: self.web.clone() })
    }

    fn variables(&self) -> Vec<(OsString, OsString)> {
        Vec::new()
    }
}
