//! A provider whose system is reached by a driver of its own, so that the HTTP ledger knows nothing of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use credjob::prelude::*;
use tokio::time::sleep;

use super::super::{Call, Line, LineError, Live, Scene, System, View};
use super::store::Store;
use super::{CREDENTIAL, ModelCredentials, ModelParams};

/// The driver gives up on a call.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The driver tries so often again to connect, which loses nothing.
const CONNECT_AGAIN: u32 = 2;
/// The wait before.
const CONNECT_PAUSE: Duration = Duration::from_secs(1);

/// A provider that lists its leftovers and says what its errors mean.
pub fn scene(name: &str) -> Scene {
    with_canaries(Scene::driver(
        name,
        |line, system| MemoryProvider { line, system, lists: true, tells: true },
        MemorySystem::default,
    ))
}

/// A provider that cannot list its leftovers.
pub fn scene_without_leftovers(name: &str) -> Scene {
    with_canaries(Scene::driver(
        name,
        |line, system| MemoryProvider { line, system, lists: false, tells: true },
        MemorySystem::default,
    ))
}

/// A provider whose errors say nothing but that something failed.
pub fn scene_with_plain_errors(name: &str) -> Scene {
    with_canaries(Scene::driver(
        name,
        |line, system| MemoryProvider { line, system, lists: true, tells: false },
        MemorySystem::default,
    ))
}

fn with_canaries(scene: Scene) -> Scene {
    scene.with_canary("credential", CREDENTIAL)
}

/// Makes credentials by a driver.
pub struct MemoryProvider {
    /// The connection.
    pub line: Line,
    /// The system.
    pub system: Arc<Mutex<MemorySystem>>,
    /// Whether leftovers can be listed.
    pub lists: bool,
    /// Whether errors say what they mean.
    pub tells: bool,
}

impl MemoryProvider {
    async fn call<T: Send + 'static>(
        &self,
        call: Call,
        work: fn(&mut Store, &str, View) -> T,
        text: &str,
    ) -> Result<T, Failure> {
        let (system, text) = (Arc::clone(&self.system), text.to_owned());
        let work = move |view| work(&mut system.lock().unwrap_or_else(PoisonError::into_inner).0, &text, view);
        let mut answer = self.line.call(call, TIMEOUT, work.clone()).await;
        for _ in 0..CONNECT_AGAIN {
            if !matches!(answer, Err(LineError::NotConnected)) {
                break;
            }
            sleep(CONNECT_PAUSE).await;
            answer = self.line.call(call, TIMEOUT, work.clone()).await;
        }
        answer.map_err(|error| self.failure(error))
    }

    fn failure(&self, error: LineError) -> Failure {
        let failure = Failure::new("MEMORY_FAILED", error.to_string());
        match error {
            _ if !self.tells => failure,
            LineError::NotConnected | LineError::Refused => failure.nothing_created(),
            LineError::Lost | LineError::Unreadable => failure.outcome_unknown(),
        }
    }
}

impl CredentialsProvider for MemoryProvider {
    type Params = ModelParams;
    type Credentials = ModelCredentials;
    type Codes = ();

    async fn create(&self, job: &Job<ModelParams>) -> Result<Created<ModelCredentials>, Failure> {
        let marker = job.marker();
        let id = self.call(Call::Create, |store, marker, _| store.create(marker), marker.as_str()).await?;
        Ok(Created::new(CredentialsId::new(id)?, ModelCredentials { token: Secret::new(CREDENTIAL.to_owned()) }))
    }

    async fn delete(&self, _job: &Job<ModelParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        let deleted = self.call(Call::Delete, Store::delete, id.as_str()).await?;
        Ok(if deleted { Deletion::Deleted } else { Deletion::AlreadyGone })
    }

    async fn leftovers(&self, _job: &Job<ModelParams>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        if !self.lists {
            return Ok(Leftovers::Unsupported);
        }
        let list = self.call(Call::List, |store, _, view| store.list(view), "").await?;
        let found = list.into_iter().filter(|one| task.finds(&one.marker));
        let found = found.filter_map(|one| Some(Leftover::new(CredentialsId::new(one.id).ok()?, one.marker)));
        Ok(Leftovers::Found(found.collect()))
    }
}

/// A system in memory.
#[derive(Debug, Default)]
pub struct MemorySystem(Store);

impl System for MemorySystem {
    fn live(&self) -> Vec<Live> {
        self.0.live()
    }

    fn add_existing(&mut self, text: &str) -> String {
        self.0.add_existing(text)
    }
}
