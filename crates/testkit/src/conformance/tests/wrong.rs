//! A provider that does one thing wrong.

use std::time::Duration;

use credjob::contract::CodeInfo;
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
    HugePayload,
    ListsNothing,
    ListsAnotherMarker,
    CannotListWhatIsThere,
    ListsAllAsOwn,
    NoLeftovers,
    Blocks,
    BlocksWhenUnanswered,
    DeletesNothing,
    DeletesAll,
    FailsWhenGone,
    PastesIds,
    GuessesByPrefix,
    ErrorIsGone,
    NoMarkerOnIt,
    NoMarker,
    RepeatsBlindly,
    PresumesSuccess,
    SaysNothingCreated,
    OneForAll,
    EndsTheOld,
    LogsTheToken,
    TokenIsTheId,
    UndeclaredCode,
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
    /// The id is not ours.
    #[error("the id is not ours")]
    BadId,
    /// The answer cannot be read.
    #[error("the answer cannot be read")]
    BadAnswer,
    /// It does not work.
    #[error("it does not work")]
    Dead,
}

/// A provider of items.
pub(super) struct Model {
    pub(super) wrong: Wrong,
}

impl Model {
    fn is(&self, wrong: Wrong) -> bool {
        self.wrong == wrong
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
                return Ok((id, token));
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
        Ok((text("id")?, text("token")?))
    }

    async fn remove(&self, job: &Job<ModelParams>, path: &str) -> Result<Deletion, Failure> {
        let request = Request::delete("delete", format!("{}/items{path}", job.params().base_url))
            .host_from_parameter("BASE_URL")
            .bearer(&self.login(job).await?)
            .idempotent();
        match job.http().send(request).await {
            Ok(answer) if answer.status == 204 => Ok(Deletion::Deleted),
            Ok(_) => Err(ModelFailure::BadAnswer.into()),
            Err(error) if error.status() == Some(404) && !self.is(Wrong::FailsWhenGone) => Ok(Deletion::AlreadyGone),
            Err(_) if self.is(Wrong::ErrorIsGone) => Ok(Deletion::AlreadyGone),
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
            id = format!("{id}.{token}");
        }
        Ok(Created::new(CredentialsId::new(id)?, ModelCredentials { token: Secret::new(token) }))
    }

    async fn delete(&self, job: &Job<ModelParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        let id = id.as_str();
        match self.wrong {
            Wrong::DeletesNothing => return Ok(Deletion::Deleted),
            Wrong::DeletesAll => return self.remove(job, "?prefix=").await,
            Wrong::GuessesByPrefix => {
                return self.remove(job, &format!("?prefix={}", id.replace(['/', '.'], ""))).await;
            }
            Wrong::PastesIds => return self.remove(job, &format!("/{id}")).await,
            _ => {}
        }
        let id = if self.is(Wrong::TokenIsTheId) { id.split('.').next().unwrap_or_default() } else { id };
        if !id.starts_with("item-") || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(ModelFailure::BadId.into());
        }
        self.remove(job, &format!("/{id}")).await
    }

    async fn verify(&self, job: &Job<ModelParams>, created: &Created<ModelCredentials>) -> Result<(), Failure> {
        match self.wrong {
            Wrong::MakesADeadOne | Wrong::PresumesSuccess => return Ok(()),
            Wrong::VerifyRefuses => return Err(ModelFailure::Dead.into()),
            _ => {}
        }
        let request = Request::get("try", format!("{}/me", job.params().base_url))
            .host_from_parameter("BASE_URL")
            .bearer(&created.credentials.token)
            .safe();
        match job.http().send(request).await {
            Ok(_) => Ok(()),
            Err(error) if error.status() == Some(401) => Err(ModelFailure::Dead.into()),
            Err(error) => Err(error.into()),
        }
    }

    async fn leftovers(&self, job: &Job<ModelParams>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        match self.wrong {
            Wrong::ListsNothing => return Ok(Leftovers::none()),
            Wrong::NoLeftovers => return Ok(Leftovers::Unsupported),
            _ => {}
        }
        let request = Request::get("list", format!("{}/items", job.params().base_url))
            .host_from_parameter("BASE_URL")
            .bearer(&self.login(job).await?)
            .safe();
        let answer = job.http().send(request).await?.json()?;
        let mut found = Vec::new();
        for item in answer["items"].as_array().into_iter().flatten() {
            let text = |name: &str| item[name].as_str().unwrap_or_default();
            let marker = match self.wrong {
                Wrong::ListsAllAsOwn => job.marker().to_string(),
                Wrong::ListsAnotherMarker => format!("{} of somebody", text("label")),
                _ => text("label").to_owned(),
            };
            if task.finds(&marker) {
                found.push(Leftover::new(CredentialsId::new(text("id"))?, marker));
            }
        }
        if self.is(Wrong::CannotListWhatIsThere) && !found.is_empty() {
            return Err(ModelFailure::BadAnswer.into());
        }
        Ok(Leftovers::Found(found))
    }
}

/// The model, with codes that are not as they should be.
pub(super) struct BadlyCoded(pub(super) Model);

/// Codes that no derive would have let through.
pub(super) struct BadCodes;

impl credjob::contract::FailureCodes for BadCodes {
    const CODES: &'static [CodeInfo] =
        &[CodeInfo { code: "MODEL_dead", meaning: "It is dead.", nothing_created: false, transient: false }];
}

impl CredentialsProvider for BadlyCoded {
    type Params = ModelParams;
    type Credentials = ModelCredentials;
    type Codes = BadCodes;

    async fn create(&self, job: &Job<ModelParams>) -> Result<Created<ModelCredentials>, Failure> {
        self.0.create(job).await
    }

    async fn delete(&self, job: &Job<ModelParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        self.0.delete(job, id).await
    }
}
