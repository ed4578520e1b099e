//! A provider that does one thing wrong.

use std::marker::PhantomData;
use std::time::Duration;

use credjob::contract::{CodeInfo, FailureCodes};
use credjob::prelude::*;
use serde_json::{Value, json};

use super::system::token_of;

/// Longer than a method may keep the thread.
const TOO_LONG: Duration = Duration::from_millis(1600);

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    Nothing,
    MakesTwo,
    MakesADeadOne,
    VerifyRefuses,
    VerifyAcceptsAll,
    HugePayload,
    ListsNothing,
    ListsAnotherMarker,
    CannotListWhatIsThere,
    ListsAllAsOwn,
    ListsTheTaskAsOwn,
    NoLeftovers,
    Blocks,
    BlocksWhenUnanswered,
    DeletesNothing,
    DeletesAll,
    FailsWhenGone,
    FailsWhenUnknown,
    UndoDoesNothing,
    DeletesInHalves,
    ForgetsTheSystem,
    PastesIds,
    GuessesByPrefix,
    ErrorIsGone,
    NoMarkerOnIt,
    NoMarker,
    RepeatsBlindly,
    PresumesSuccess,
    AdoptsOnConflict,
    SaysNothingCreated,
    OneForAll,
    EndsTheOld,
    LogsTheToken,
    TokenIsTheId,
    UndeclaredCode,
    NoAdvice,
}

#[derive(Params)]
pub(super) struct ModelParams {
    /// The system.
    base_url: String,
    /// The login.
    login: SecretId,
}

#[derive(Credentials)]
pub(super) struct ModelCredentials {
    /// The token.
    token: Secret<String>,
}

#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "MODEL")]
pub(super) enum ModelFailure {
    /// The id is not ours. Delete it by hand.
    #[error("the id is none of this system; delete the item by hand")]
    BadId,
    /// The answer cannot be read. Look at the system.
    #[error("the answer cannot be read; look at the system")]
    BadAnswer,
    /// It does not work. Try again.
    #[error("the new item does not work{}", if *advice { "; try again later" } else { "" })]
    Dead {
        /// Whether the text says what to do.
        advice: bool,
    },
}

/// The credentials id of an item: its own id, and its system.
fn named(job: &Job<ModelParams>, id: &str) -> String {
    format!("{id}@{}", system(job))
}

/// The system that the parameters name.
fn system(job: &Job<ModelParams>) -> &str {
    job.params().base_url.trim_start_matches("http://")
}

/// A provider of items.
pub(super) struct Model {
    pub(super) wrong: Wrong,
}

impl Model {
    fn is(&self, wrong: Wrong) -> bool {
        self.wrong == wrong
    }

    fn dead(&self) -> Failure {
        ModelFailure::Dead { advice: !self.is(Wrong::NoAdvice) }.into()
    }

    async fn login(&self, job: &Job<ModelParams>) -> Result<Secret<String>, Failure> {
        Ok(job.read_secret(&job.params().login).await?.pointer("/payload")?)
    }

    async fn post(&self, job: &Job<ModelParams>, label: &str) -> Result<(String, String), Failure> {
        let request = Request::post("create", format!("{}/items", job.params().base_url))
            .host_from_parameter("BASE_URL")
            .bearer(&self.login(job).await?)
            .json(&json!({ "label": label }));
        let request = if self.is(Wrong::RepeatsBlindly) { request.idempotent() } else { request.never() };
        let answer = match job.http().send(request.creating()).await {
            Ok(answer) => answer,
            Err(_) if self.is(Wrong::PresumesSuccess) => {
                let id = format!("item-{label}-0");
                let token = token_of(&id);
                return Ok((named(job, &id), token));
            }
            Err(error) if self.is(Wrong::AdoptsOnConflict) && error.status() == Some(409) => {
                return self.adopt(job, error).await;
            }
            Err(error) => {
                if self.is(Wrong::BlocksWhenUnanswered) {
                    std::thread::sleep(TOO_LONG);
                }
                if self.is(Wrong::UndeclaredCode) {
                    return Err(Failure::new("MODEL_SECRETLY", "nobody knows this code"));
                }
                return Err(error.into());
            }
        };
        let bad = || {
            let failure = Failure::from(ModelFailure::BadAnswer).outcome_unknown();
            if self.is(Wrong::SaysNothingCreated) { failure.nothing_created() } else { failure }
        };
        let answer: Value = answer.json().map_err(|_| bad())?;
        let text = |name: &str| answer[name].as_str().map(ToOwned::to_owned).ok_or_else(bad);
        Ok((named(job, &text("id")?), text("token")?))
    }

    async fn remove(&self, job: &Job<ModelParams>, path: &str) -> Result<Deletion, Failure> {
        let request = Request::delete("delete", format!("{}/items{path}", job.params().base_url))
            .host_from_parameter("BASE_URL")
            .bearer(&self.login(job).await?)
            .idempotent();
        match job.http().send(request).await {
            Ok(answer) if answer.status == 204 => Ok(Deletion::Deleted),
            Ok(_) => Err(ModelFailure::BadAnswer.into()),
            Err(error) if error.status() == Some(404) && !self.is(Wrong::FailsWhenUnknown) => Ok(Deletion::AlreadyGone),
            Err(error) if error.status() == Some(410) && !self.is(Wrong::FailsWhenGone) => Ok(Deletion::AlreadyGone),
            Err(_) if self.is(Wrong::ErrorIsGone) => Ok(Deletion::AlreadyGone),
            Err(error) => Err(error.into()),
        }
    }
}

impl Model {
    async fn list(&self, job: &Job<ModelParams>) -> Result<Vec<Value>, Failure> {
        let request = Request::get("list", format!("{}/items", job.params().base_url))
            .host_from_parameter("BASE_URL")
            .bearer(&self.login(job).await?)
            .safe();
        let answer = job.http().send(request).await?.json()?;
        Ok(answer["items"].as_array().cloned().unwrap_or_default())
    }

    /// Takes the first item that is there for the new one.
    async fn adopt(&self, job: &Job<ModelParams>, error: HttpError) -> Result<(String, String), Failure> {
        let items = self.list(job).await?;
        let Some(id) = items.first().and_then(|item| item["id"].as_str()) else { return Err(error.into()) };
        Ok((named(job, id), token_of(id)))
    }

    /// Takes an item's label away. Whether it had one.
    async fn forget(&self, job: &Job<ModelParams>, id: &str) -> Result<bool, Failure> {
        let request = Request::put("forget", format!("{}/items/{id}/label", job.params().base_url))
            .host_from_parameter("BASE_URL")
            .bearer(&self.login(job).await?)
            .never()
            .not_creating();
        match job.http().send(request).await {
            Ok(_) => Ok(true),
            Err(error) if error.status() == Some(404) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl CredentialsProvider for Model {
    type Params = ModelParams;
    type Credentials = ModelCredentials;
    type Codes = ModelFailure;

    async fn create(&self, job: &Job<ModelParams>) -> Result<Created<ModelCredentials>, Failure> {
        if self.is(Wrong::Blocks) {
            std::thread::sleep(TOO_LONG);
        }
        if self.is(Wrong::EndsTheOld) {
            self.remove(job, "?prefix=").await?;
        }
        let label = match self.wrong {
            Wrong::NoMarker => "a label".replace(' ', "-"),
            Wrong::NoMarkerOnIt => job.marker().as_str()[..4].to_owned(),
            Wrong::OneForAll => {
                drop(job.marker());
                "shared".to_owned()
            }
            _ => job.marker().to_string(),
        };
        let (mut id, mut token) = self.post(job, &label).await?;
        if self.is(Wrong::MakesTwo) {
            self.post(job, &label).await?;
        }
        match self.wrong {
            Wrong::MakesADeadOne => token.push('x'),
            Wrong::HugePayload => token = token.repeat(100_000 / token.len() + 1),
            Wrong::LogsTheToken => tracing::info!(event = "made", token, "made"),
            _ => {}
        }
        if self.is(Wrong::TokenIsTheId) {
            id = id.replace('@', &format!(".{token}@"));
        }
        Ok(Created::new(CredentialsId::new(id)?, ModelCredentials { token: Secret::new(token) }))
    }

    async fn delete(&self, job: &Job<ModelParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        let (id, of) = id.as_str().split_once('@').unwrap_or((id.as_str(), ""));
        match self.wrong {
            Wrong::DeletesNothing => return Ok(Deletion::Deleted),
            Wrong::UndoDoesNothing if job.action() == Some(Action::CreateCredentials) => return Ok(Deletion::Deleted),
            Wrong::DeletesAll => return self.remove(job, "?prefix=").await,
            Wrong::GuessesByPrefix => {
                return self.remove(job, &format!("?prefix={}", id.replace(['/', '.'], ""))).await;
            }
            Wrong::PastesIds => return self.remove(job, &format!("/{id}")).await,
            _ => {}
        }
        let id = if self.is(Wrong::TokenIsTheId) { id.split('.').next().unwrap_or_default() } else { id };
        let ours = of == system(job) || self.is(Wrong::ForgetsTheSystem);
        let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !id.starts_with("item-") || !plain || !ours {
            return Err(ModelFailure::BadId.into());
        }
        if self.is(Wrong::DeletesInHalves) && !self.forget(job, id).await? {
            return Ok(Deletion::AlreadyGone);
        }
        self.remove(job, &format!("/{id}")).await
    }

    async fn verify(&self, job: &Job<ModelParams>, created: &Created<ModelCredentials>) -> Result<(), Failure> {
        match self.wrong {
            Wrong::MakesADeadOne | Wrong::PresumesSuccess | Wrong::VerifyAcceptsAll => return Ok(()),
            Wrong::VerifyRefuses => return Err(self.dead()),
            _ => {}
        }
        let request = Request::get("try", format!("{}/me", job.params().base_url))
            .host_from_parameter("BASE_URL")
            .bearer(&created.credentials.token)
            .safe();
        match job.http().send(request).await {
            Ok(_) => Ok(()),
            Err(error) if error.status() == Some(401) => Err(self.dead()),
            Err(error) => Err(error.into()),
        }
    }

    async fn leftovers(&self, job: &Job<ModelParams>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        match self.wrong {
            Wrong::ListsNothing => return Ok(Leftovers::none()),
            Wrong::NoLeftovers => return Ok(Leftovers::Unsupported),
            _ => {}
        }
        let mut found = Vec::new();
        for item in self.list(job).await? {
            let text = |name: &str| item[name].as_str().unwrap_or_default();
            let marker = match self.wrong {
                Wrong::ListsAllAsOwn => job.marker().to_string(),
                Wrong::ListsTheTaskAsOwn if task.finds(text("label")) => job.marker().to_string(),
                Wrong::ListsAnotherMarker => format!("{} of somebody", text("label")),
                _ => text("label").to_owned(),
            };
            if task.finds(&marker) {
                found.push(Leftover::new(CredentialsId::new(named(job, text("id")))?, marker));
            }
        }
        if self.is(Wrong::CannotListWhatIsThere) && !found.is_empty() {
            return Err(ModelFailure::BadAnswer.into());
        }
        Ok(Leftovers::Found(found))
    }
}

/// The model with the two methods that every provider has, and other codes.
pub(super) struct Bare<C>(pub(super) Model, pub(super) PhantomData<C>);

/// Codes that no derive would have let through.
pub(super) struct BadCodes;

impl FailureCodes for BadCodes {
    const CODES: &'static [CodeInfo] =
        &[CodeInfo { code: "MODEL_dead", meaning: "It is dead.", nothing_created: false, transient: false }];
}

/// A code that nothing ends with, and one of which nobody could show it.
pub(super) struct DeadCodes;

impl FailureCodes for DeadCodes {
    const CODES: &'static [CodeInfo] = &[
        CodeInfo { code: "MODEL_NEVER", meaning: "It never happens. Wait.", nothing_created: false, transient: false },
        CodeInfo { code: "MODEL_UNTESTABLE", meaning: "It is rare. Wait.", nothing_created: false, transient: false },
    ];
}

impl<C: FailureCodes + 'static> CredentialsProvider for Bare<C> {
    type Params = ModelParams;
    type Credentials = ModelCredentials;
    type Codes = C;

    async fn create(&self, job: &Job<ModelParams>) -> Result<Created<ModelCredentials>, Failure> {
        self.0.create(job).await
    }

    async fn delete(&self, job: &Job<ModelParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        self.0.delete(job, id).await
    }
}
