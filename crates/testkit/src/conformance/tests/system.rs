//! A system in memory: items by id, each with a label and a token.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use credjob::http::Response;
use serde_json::{Value, json};

use crate::server::{Answer, Asked, StandIn, StandInServer};
use crate::target::{Credential, Provocation, Target, TargetError, TargetSettings};

const LOGIN: &str = "canary-login-of-the-shelf-55aa";

#[derive(Default)]
struct Items {
    /// Label and token by id.
    live: Mutex<BTreeMap<String, (String, String)>>,
    /// The ids of what was deleted on its own.
    gone: Mutex<BTreeSet<String>>,
}

impl Items {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, (String, String)>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn create(&self, order: &Value) -> Answer {
        let label = order["label"].as_str().unwrap_or_default();
        let mut items = self.all();
        // A name that is there already gets a number; `shared` is the one that is replaced.
        let number = items.len();
        let id = if label == "shared" { "item-shared".to_owned() } else { format!("item-{label}-{number}") };
        let token = token_of(&id);
        items.insert(id.clone(), (label.to_owned(), token.clone()));
        Answer::json(201, &json!({ "id": id, "token": token }))
    }
}

/// The token of an item. A real system would not let anybody compute it.
pub(super) fn token_of(id: &str) -> String {
    let hash =
        id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("canary-token-{hash:016x}")
}

impl StandIn for Items {
    fn answer(&self, asked: &Asked) -> Answer {
        if asked.path == "/me" {
            let known = self.all().values().any(|(_, token)| asked.bearer() == Some(token));
            return Answer::empty(if known { 200 } else { 401 });
        }
        if asked.bearer() != Some(LOGIN) {
            return Answer::empty(401);
        }
        match (asked.method.as_str(), asked.path.strip_prefix("/items").unwrap_or_default()) {
            ("POST", "") => self.create(&asked.json()),
            ("GET", "") => {
                let items = self.all();
                let items: Vec<_> = items.iter().map(|(id, (label, _))| json!({ "id": id, "label": label })).collect();
                Answer::json(200, &json!({ "items": items }))
            }
            ("PUT", path) => {
                let id = path.trim_start_matches('/').trim_end_matches("/label");
                let label = self.all().get_mut(id).map(|(label, _)| std::mem::take(label));
                Answer::empty(if label.is_some_and(|label| !label.is_empty()) { 204 } else { 404 })
            }
            ("DELETE", "") => {
                let prefix = asked.query.strip_prefix("prefix=").unwrap_or_default();
                self.all().retain(|id, _| !id.starts_with(prefix));
                Answer::empty(204)
            }
            ("DELETE", id) => {
                let id = id.trim_start_matches('/');
                let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
                match self.all().remove(id) {
                    Some(_) => {
                        gone.insert(id.to_owned());
                        Answer::empty(204)
                    }
                    None if gone.contains(id) => Answer::empty(410),
                    None => Answer::empty(404),
                }
            }
            _ => Answer::empty(404),
        }
    }
}

/// The system.
pub(super) struct Shelf {
    server: StandInServer,
    items: Arc<Items>,
}

impl Target for Shelf {
    async fn start() -> Result<Self, TargetError> {
        let items = Arc::<Items>::default();
        let server = StandInServer::start(Arc::clone(&items)).await?;
        Ok(Self { server, items })
    }

    fn settings(&self) -> TargetSettings {
        TargetSettings::new()
            .param("base_url", self.server.url())
            .secret("login", LOGIN)
            .job_env("CREDJOB_ALLOWED_HOSTS", "127.0.0.1")
    }

    async fn live(&self) -> Result<Option<usize>, TargetError> {
        Ok(Some(self.items.all().len()))
    }

    async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
        Ok(self.items.all().values().any(|(_, token)| payload["token"] == *token))
    }

    async fn provoke(&self, code: &str, _made: &Credential) -> Result<Option<Provocation>, TargetError> {
        let settings = self.settings();
        Ok(Some(match code {
            "MODEL_BAD_ID" => Provocation::delete("nobody", settings),
            "MODEL_BAD_ANSWER" => Provocation::create(settings).answering("POST", "/items", Response::new(200, "[]")),
            "MODEL_DEAD" => Provocation::create(settings).answering("GET", "/me", Response::new(401, "")),
            "MODEL_NEVER" => Provocation::create(settings),
            "MODEL_UNTESTABLE" => Provocation::impossible("the moon would have to be full"),
            _ => return Ok(None),
        }))
    }
}

/// The same, with a parameter that the provider does not have.
pub(super) struct WrongfulShelf(Shelf);

impl Target for WrongfulShelf {
    async fn start() -> Result<Self, TargetError> {
        Ok(Self(Shelf::start().await?))
    }

    fn settings(&self) -> TargetSettings {
        self.0.settings().param("unheard_of", "x")
    }

    async fn live(&self) -> Result<Option<usize>, TargetError> {
        self.0.live().await
    }

    async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
        self.0.works(payload).await
    }
}
