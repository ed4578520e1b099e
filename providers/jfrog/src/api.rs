//! JFrog's token API: the only file that talks to the platform. Facts: PROVIDERS section 1.

use std::time::Duration;

use credjob::http::HttpClient;
use credjob::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::base_url::BaseUrl;
use crate::failure::{AnswerProblem, Refusal};
use crate::platform_host::PlatformHost;
use crate::token_id::TokenId;
use crate::token_name::TokenName;
use crate::{JfrogFailure, JfrogParams, JfrogToken};

/// The input that names the platform: its host must be allowed by the job's owner.
const HOST_PARAMETER: &str = "JFROG_BASE_URL";
/// One try of a new token: the slice of `verify` (30 s) holds several, so that one that hangs does not undo the token.
const TRY_TIMEOUT: Duration = Duration::from_secs(8);
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 1024;

/// A JFrog platform.
pub(crate) struct Platform<'a> {
    http: &'a HttpClient,
    base: BaseUrl,
}

/// A token that was created.
pub(crate) struct Minted {
    pub(crate) name: TokenName,
    pub(crate) token: JfrogToken,
}

/// The answer to creating. Unknown fields are ignored.
#[derive(Deserialize)]
struct MintAnswer {
    token_id: String,
    access_token: Secret<String>,
    reference_token: Option<Secret<String>>,
    refresh_token: Option<Secret<String>>,
}

/// The answer to listing.
#[derive(Deserialize)]
struct ListAnswer {
    tokens: Vec<ListedToken>,
}

#[derive(Deserialize)]
struct ListedToken {
    token_id: String,
    description: Option<String>,
}

impl<'a> Platform<'a> {
    /// The platform at `base`.
    pub(crate) fn new(http: &'a HttpClient, base: BaseUrl) -> Self {
        Self { http, base }
    }

    /// Its host.
    pub(crate) fn host(&self) -> &PlatformHost {
        self.base.host()
    }

    /// Creates a token. Never sent again when the answer is lost: JFrog knows no idempotency key, names are not unique.
    pub(crate) async fn mint(
        &self,
        login: &Secret<String>,
        params: &JfrogParams,
        marker: &Marker,
    ) -> Result<Minted, Failure> {
        let request = Request::post("create the token", self.base.tokens())
            .host_from_parameter(HOST_PARAMETER)
            .bearer(login)
            .json(&order(params, marker))
            .never()
            .creating();
        let response = self.http.send(request).await.map_err(|error| match error.status() {
            Some(400) if error.is_refused() => {
                JfrogFailure::ParametersRefused { host: self.host().to_string(), refusal: Refusal::of(&error) }.into()
            }
            _ => self.refused(error),
        })?;
        // From here on a token exists. Without its id it can only be found by its marker.
        let unnamed = |problem| {
            Failure::from(JfrogFailure::UnnamedToken { host: self.host().to_string(), problem }).outcome_unknown()
        };
        let answer: MintAnswer = response.json_as().map_err(|error| unnamed(AnswerProblem::Unreadable(error)))?;
        let id = answer.token_id.parse().map_err(|_| unnamed(AnswerProblem::BadId))?;
        let filled = |token: &Secret<String>| !token.expose().is_empty();
        let token = JfrogToken {
            access_token: answer.access_token,
            // Only what was asked for is stored.
            reference_token: answer.reference_token.filter(|token| params.include_reference_token && filled(token)),
            refresh_token: answer.refresh_token.filter(|token| params.refreshable && filled(token)),
        };
        self.check_complete(params, &token)?;
        Ok(Minted { name: self.name(id), token })
    }

    /// Revokes a token.
    pub(crate) async fn revoke(&self, login: &Secret<String>, id: &TokenId) -> Result<Deletion, Failure> {
        const OPERATION: &str = "revoke the token";
        let request = Request::delete(OPERATION, self.base.token(id))
            .host_from_parameter(HOST_PARAMETER)
            .bearer(login)
            .idempotent();
        let response = self.http.send(request).await.map_err(|error| match error.status() {
            Some(400) if error.is_refused() => {
                JfrogFailure::ForeignToken { host: self.host().to_string(), refusal: Refusal::of(&error) }.into()
            }
            // Not "gone": JFrog answers 204 for that. Somebody else answers here, or another route.
            _ => self.refused(error),
        })?;
        match response.status {
            200 if is_web_page(&response) => Err(self.web_page(OPERATION)),
            200 => Ok(Deletion::Deleted),
            204 => Ok(Deletion::AlreadyGone),
            status => {
                Err(JfrogFailure::UnexpectedStatus { host: self.host().to_string(), operation: OPERATION, status }
                    .into())
            }
        }
    }

    /// Lists the tokens that attempts of `task` created.
    pub(crate) async fn leftovers(&self, login: &Secret<String>, task: &TaskMarker) -> Result<Vec<Leftover>, Failure> {
        let request = Request::get("list the tokens", self.base.tokens_described(&format!("{task}-")))
            .host_from_parameter(HOST_PARAMETER)
            .bearer(login)
            .safe();
        let response = self.http.send(request).await.map_err(|error| self.refused(error))?;
        let bad = |problem| JfrogFailure::BadList { host: self.host().to_string(), problem };
        let answer: ListAnswer = response.json_as().map_err(|error| bad(AnswerProblem::Unreadable(error)))?;
        let mut found = Vec::new();
        for listed in answer.tokens {
            // The marker is the first word of a description; a platform that ignores the filter lists strangers too.
            let marker = listed.description.as_deref().and_then(|text| text.split(' ').next()).unwrap_or_default();
            if task.finds(marker) {
                let id: TokenId = listed.token_id.parse().map_err(|_| bad(AnswerProblem::BadId))?;
                found.push(Leftover::new(self.name(id).to_credentials_id()?, marker));
            }
        }
        Ok(found)
    }

    /// Tries a new token on the one call that any token may make.
    ///
    /// Only 401 says that it does not work: a token may lack the right to read itself (403), and a platform before 7.53.1
    /// does not know the call (404).
    pub(crate) async fn try_token(&self, token: &Secret<String>) -> Result<(), Failure> {
        const OPERATION: &str = "try the new token";
        let request =
            Request::get(OPERATION, self.base.own_token()).host_from_parameter(HOST_PARAMETER).bearer(token).safe();
        let request = request.attempt_timeout(TRY_TIMEOUT);
        match self.http.send(request).await {
            Ok(response) if is_web_page(&response) => Err(self.web_page(OPERATION)),
            Ok(_) => Ok(()),
            Err(error) => match error.status() {
                Some(401) => {
                    Err(JfrogFailure::TokenNotAccepted { host: self.host().to_string(), refusal: Refusal::of(&error) }
                        .into())
                }
                Some(403 | 404) => Ok(()),
                _ => Err(error.into()),
            },
        }
    }

    fn check_complete(&self, params: &JfrogParams, token: &JfrogToken) -> Result<(), JfrogFailure> {
        let missing = |what, parameter| JfrogFailure::TokenMissing { host: self.host().to_string(), what, parameter };
        if params.include_reference_token && token.reference_token.is_none() {
            return Err(missing("reference token", "INCLUDE_REFERENCE_TOKEN"));
        }
        if params.refreshable && token.refresh_token.is_none() {
            return Err(missing("refresh token", "REFRESHABLE"));
        }
        Ok(())
    }

    /// What the login meets on every call; anything else keeps the framework's code.
    fn refused(&self, error: HttpError) -> Failure {
        let host = self.host().to_string();
        let refusal = Refusal::of(&error);
        match error.status() {
            Some(401) => JfrogFailure::LoginRejected { host, refusal }.into(),
            Some(403) => JfrogFailure::NotPermitted { host, refusal }.into(),
            Some(404) => JfrogFailure::NoTokenApi { host, refusal }.into(),
            _ => error.into(),
        }
    }

    fn web_page(&self, operation: &'static str) -> Failure {
        JfrogFailure::WebPage { host: self.host().to_string(), operation }.into()
    }

    fn name(&self, id: TokenId) -> TokenName {
        TokenName::new(id, self.host().clone())
    }
}

/// Whether a proxy or a login page answered in the platform's place. JFrog answers calls of its API in JSON or plain text.
fn is_web_page(response: &Response) -> bool {
    let content_type = response.header("content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    ["text/html", "application/xhtml+xml"].iter().any(|page| media_type.eq_ignore_ascii_case(page))
        // A page without a content type, or with a wrong one.
        || response.bytes().trim_ascii_start().starts_with(b"<")
}

/// The body of the creating request.
fn order(params: &JfrogParams, marker: &Marker) -> Value {
    let mut order = json!({
        "scope": params.scope,
        "expires_in": params.expires_in_seconds,
        "refreshable": params.refreshable,
        "description": description(marker, params.description.as_deref()),
        "audience": params.audience,
        "include_reference_token": params.include_reference_token,
    });
    if let Some(username) = &params.username {
        order["username"] = json!(username);
    }
    if params.force_revocable {
        // Only when asked for: platforms before 7.50.3 do not know it.
        order["force_revocable"] = json!(true);
    }
    order
}

/// The marker comes first, so that the search by prefix finds it.
fn description(marker: &Marker, text: Option<&str>) -> String {
    let whole = [marker.as_str(), text.unwrap_or_default()].join(" ");
    whole.trim_end().chars().take(MAX_DESCRIPTION).collect()
}

#[cfg(test)]
mod tests;
