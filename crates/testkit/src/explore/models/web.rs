//! A provider whose system is reached through `job.http()`.

use std::time::Duration;

use credjob::http::{HttpError, Response, WireRequest};
use credjob::prelude::*;
use serde_json::json;

use super::super::{Call, HttpSystem, Live, Scene, System, View};
use super::store::Store;
use super::{CREDENTIAL, ModelCredentials, ModelParams};

const BASE: &str = "https://system.test/credentials";
/// The login of the system.
const LOGIN: &str = "canary-login-0123456789";
/// The secret that holds the login.
const LOGIN_SECRET: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";
/// Several tries fit into the time for verifying.
const TRY_TIMEOUT: Duration = Duration::from_secs(5);
/// How the system says that there is no such credential, which no proxy says.
const NO_SUCH: &str = "no_such_credential";

/// A provider with a login secret, that lists its leftovers and tries what it has made.
pub fn scene(name: &str) -> Scene {
    let secret = json!({ "secret_type": "arbitrary", "payload": LOGIN });
    let scene = Scene::http(name, || WebProvider { lists: true }, WebSystem::default);
    with_canaries(scene).with_secret(LOGIN_SECRET, secret).with("SM_LOGIN_SECRET_ID_VALUE", LOGIN_SECRET)
}

/// A provider that reads no secret.
pub fn scene_without_login(name: &str) -> Scene {
    with_canaries(Scene::http(name, || WebProvider { lists: true }, WebSystem::default))
}

/// A provider that reads no secret and cannot list its leftovers.
pub fn scene_without_leftovers(name: &str) -> Scene {
    with_canaries(Scene::http(name, || WebProvider { lists: false }, WebSystem::default))
}

fn with_canaries(scene: Scene) -> Scene {
    scene.with_canary("login", LOGIN).with_canary("credential", CREDENTIAL)
}

/// Makes credentials by HTTP.
pub struct WebProvider {
    /// Whether leftovers can be listed.
    pub lists: bool,
}

impl WebProvider {
    async fn login(job: &Job<ModelParams>) -> Result<(), Failure> {
        if let Some(id) = &job.params().login_secret_id {
            job.read_secret(id).await?.pointer("/payload")?;
        }
        Ok(())
    }
}

impl CredentialsProvider for WebProvider {
    type Params = ModelParams;
    type Credentials = ModelCredentials;
    type Codes = ();

    async fn create(&self, job: &Job<ModelParams>) -> Result<Created<ModelCredentials>, Failure> {
        Self::login(job).await?;
        let marker = job.marker();
        let request = Request::post("create", BASE).json(&json!({ "marker": marker.as_str() })).never().creating();
        let answer = job.http().send(request).await?.json()?;
        let id = CredentialsId::new(answer["id"].as_str().unwrap_or_default())?;
        let token = answer["token"].as_str().unwrap_or_default();
        Ok(Created::new(id, ModelCredentials { token: Secret::new(token.to_owned()) }))
    }

    async fn verify(&self, job: &Job<ModelParams>, created: &Created<ModelCredentials>) -> Result<(), Failure> {
        let request = Request::get("try", format!("{BASE}/{}", created.id.as_str())).attempt_timeout(TRY_TIMEOUT);
        let tried = job.http().send(request).await.and_then(|answer| answer.json());
        // Whatever is wrong, the next try may go well: a fresh credential takes its time.
        tried.map(drop).map_err(|error| Failure::from(error).transient())
    }

    async fn delete(&self, job: &Job<ModelParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        Self::login(job).await?;
        match job.http().send(Request::delete("delete", format!("{BASE}/{}", id.as_str()))).await {
            // A proxy's page is no answer of the system.
            Ok(answer) => Ok(answer.json().map(|_| Deletion::Deleted)?),
            Err(error) if is_gone(&error) => Ok(Deletion::AlreadyGone),
            Err(error) => Err(error.into()),
        }
    }

    async fn leftovers(&self, job: &Job<ModelParams>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        if !self.lists {
            return Ok(Leftovers::Unsupported);
        }
        Self::login(job).await?;
        let answer = job.http().send(Request::get("list", BASE)).await?;
        let list = answer.json()?;
        let list = list["credentials"].as_array().ok_or_else(|| answer.bad("without a list"))?;
        let found = list.iter().filter_map(|one| {
            let marker = one["marker"].as_str().filter(|marker| task.finds(marker))?;
            Some(Leftover::new(CredentialsId::new(one["id"].as_str()?).ok()?, marker))
        });
        Ok(Leftovers::Found(found.collect()))
    }
}

fn is_gone(error: &HttpError) -> bool {
    let body = error.response().filter(|response| response.status == 404).and_then(|response| response.json().ok());
    body.is_some_and(|body| body["code"] == NO_SUCH)
}

/// A system behind HTTP.
#[derive(Debug, Default)]
pub struct WebSystem(Store);

impl System for WebSystem {
    fn live(&self) -> Vec<Live> {
        self.0.live()
    }

    fn add_existing(&mut self, text: &str) -> String {
        self.0.add_existing(text)
    }
}

impl HttpSystem for WebSystem {
    fn call_of(request: &WireRequest) -> Call {
        let one = request.url().path().trim_matches('/').contains('/');
        match (request.method().as_str(), one) {
            ("POST", _) => Call::Create,
            ("DELETE", _) => Call::Delete,
            (_, true) => Call::Verify,
            (_, false) => Call::List,
        }
    }

    fn answer(&mut self, request: &WireRequest, view: View) -> Response {
        let id = request.url().path().rsplit('/').next().unwrap_or_default();
        let gone = || Response::new(404, format!(r#"{{"code":"{NO_SUCH}"}}"#));
        match Self::call_of(request) {
            Call::Create => {
                let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
                let id = self.0.create(body["marker"].as_str().unwrap_or_default());
                Response::new(201, format!(r#"{{"id":"{id}","token":"{CREDENTIAL}"}}"#))
            }
            Call::Delete if self.0.delete(id, view) => Response::new(200, "{}"),
            Call::Verify if self.0.has(id) => Response::new(200, "{}"),
            Call::List => {
                let list = self.0.list(view).into_iter();
                let list: Vec<String> =
                    list.map(|Live { id, marker }| format!(r#"{{"id":"{id}","marker":"{marker}"}}"#)).collect();
                Response::new(200, format!(r#"{{"credentials":[{}]}}"#, list.join(",")))
            }
            _ => gone(),
        }
    }
}
