//! The system's API: the only file that talks to it. Replace the calls by those of your system.

use credjob::http::HttpClient;
use credjob::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::{Access, {{type_prefix}}Failure};

/// The input that names the system: its host must be allowed by the job's owner.
const HOST_PARAMETER: &str = "BASE_URL";

/// The system at one URL.
pub(crate) struct Api<'a> {
    http: &'a HttpClient,
    base_url: &'a str,
}

/// A token that was created. Unknown fields of the answer are ignored.
#[derive(Deserialize)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) token: Secret<String>,
}

#[derive(Deserialize)]
struct List {
    tokens: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    id: String,
    label: String,
}

impl<'a> Api<'a> {
    pub(crate) fn new(http: &'a HttpClient, base_url: &'a str) -> Self {
        Self { http, base_url: base_url.trim_end_matches('/') }
    }

    /// `POST /tokens`. The marker on the token finds it again when the answer is lost; the request is never blindly repeated.
    pub(crate) async fn create(&self, login: &Secret<String>, marker: &Marker, access: Access) -> Result<Made, Failure> {
        let request = Request::post("create the token", self.url("tokens"))
            .host_from_parameter(HOST_PARAMETER)
            .bearer(login)
            .json(&json!({ "label": marker.as_str(), "access": access.as_option() }))
            .never()
            .creating();
        let response = self.http.send(request).await.map_err(refused)?;
        let made = response.json_as().map_err({{type_prefix}}Failure::BadAnswer)?;
        Ok(made)
    }

    /// `DELETE /tokens/ID`: 204 = deleted, 404 = there is none.
    pub(crate) async fn delete(&self, login: &Secret<String>, id: &CredentialsId) -> Result<Deletion, Failure> {
        let request = Request::delete("delete the token", self.url(&format!("tokens/{}", self.own(id)?)))
            .host_from_parameter(HOST_PARAMETER)
            .bearer(login)
            .idempotent();
        match self.http.send(request).await {
            Ok(_) => Ok(Deletion::Deleted),
            Err(error) if error.status() == Some(404) => Ok(Deletion::AlreadyGone),
            Err(error) => Err(refused(error)),
        }
    }

    /// `GET /tokens?label=PREFIX`: what attempts of `task` made.
    pub(crate) async fn list(&self, login: &Secret<String>, task: &TaskMarker) -> Result<Vec<Leftover>, Failure> {
        let request = Request::get("list the tokens", self.url(&format!("tokens?label={}-", task.as_str())))
            .host_from_parameter(HOST_PARAMETER)
            .bearer(login)
            .safe();
        let list: List = self.http.send(request).await.map_err(refused)?.json_as()?;
        let of_task = list.tokens.into_iter().filter(|token| task.finds(&token.label));
        of_task.map(|token| Ok(Leftover::new(self.credentials_id(&token.id)?, token.label))).collect()
    }

    /// `GET /me`, as the new token.
    pub(crate) async fn check(&self, token: &Secret<String>) -> Result<(), Failure> {
        let request =
            Request::get("try the new token", self.url("me")).host_from_parameter(HOST_PARAMETER).bearer(token).safe();
        match self.http.send(request).await {
            Ok(_) => Ok(()),
            Err(error) if error.status() == Some(401) => Err({{type_prefix}}Failure::TokenNotAccepted.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// `<id>@<host>`: the id alone would name some token of whatever system the parameters name when it is deleted.
    pub(crate) fn credentials_id(&self, id: &str) -> Result<CredentialsId, Failure> {
        let id = CredentialsId::new(format!("{id}@{}", self.host()))?;
        // What is published must be such that `delete` takes it.
        self.own(&id)?;
        Ok(id)
    }

    /// The id of a token of this system, in the characters that its ids have: put those of your system here. One with a slash or a dot would become
    /// another path, hence another token.
    fn own<'id>(&self, id: &'id CredentialsId) -> Result<&'id str, Failure> {
        let plain = |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let own = id.as_str().split_once('@').filter(|(_, host)| *host == self.host());
        own.map(|(id, _)| id).filter(plain).ok_or_else(|| {{type_prefix}}Failure::BadCredentialsId.into())
    }

    fn host(&self) -> &'a str {
        let host = self.base_url.split_once("://").map_or(self.base_url, |(_, host)| host);
        host.split('/').next().unwrap_or(host)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base_url)
    }
}

fn refused(error: HttpError) -> Failure {
    match error.status() {
        Some(401) => {{type_prefix}}Failure::LoginRejected.into(),
        _ => error.into(),
    }
}
