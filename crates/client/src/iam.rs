//! One token fetch: the request and the answer (PROTOCOL 3.1 and 3.2).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use credjob_contract::{Auth, Secret};
use credjob_http::{Attempt, HttpClient, HttpError, Request, Response};

use crate::answer::ask;
use crate::service_error::refusal;
use crate::wire::TokenBody;
use crate::{IamError, ServiceError, cr_token, object};

/// The name of a token fetch in the ledger.
const OPERATION: &str = "iam_token";

/// One try may take this long. IAM answers in well under a second; a fetch is repeated at will, so several short tries
/// find a service that fails over (up to 30 s, PROTOCOL 6.9) sooner than one long one.
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// Under the IAM URL.
const TOKEN_PATH: &str = "/identity/token";

/// IAM's code for an API key that it does not know (PROTOCOL 3.1).
const UNKNOWN_KEY_CODE: &str = "BXNIM0415E";

/// The text beside it, by which IBM's own providers recognise it (PROTOCOL 2.1).
const UNKNOWN_KEY_TEXT: &str = "Provided API key could not be found";

/// The longest life believed: a token lives for at most one hour (PROTOCOL 3.3).
const MAX_LIFE: Duration = Duration::from_secs(60 * 60);

/// The longest token used, in bytes: a token is a JWT of one to two thousand, and each request carries it.
const MAX_TOKEN: usize = 16 * 1024;

/// Where tokens come from, and on whose behalf.
pub(crate) struct Iam {
    url: String,
    host: String,
    auth: Auth,
}

/// A token as IAM gave it.
pub(crate) struct Granted {
    pub(crate) token: Secret<String>,
    /// How long it is valid from now on.
    pub(crate) life: Duration,
}

impl Iam {
    pub(crate) fn new(url: &str, auth: Auth) -> Self {
        let base = url.trim_end_matches('/');
        let base = base.strip_suffix(TOKEN_PATH).unwrap_or(base).trim_end_matches('/');
        let host = url::Url::parse(base).ok().and_then(|url| url.host_str().map(str::to_owned));
        Self { url: format!("{base}{TOKEN_PATH}"), host: host.unwrap_or_default(), auth }
    }

    /// Fetches a token, with retries until the budget of `http` ends.
    pub(crate) async fn fetch(&self, http: &HttpClient) -> Result<Granted, IamError> {
        let request = self.request()?;
        ask(http, &request, |response| granted(response, http.clock().wall()))
            .await
            .map_err(|error| self.explain(error))
    }

    /// Tries once. The text of the error is for the log.
    pub(crate) async fn fetch_once(&self, http: &HttpClient, timeout: Duration) -> Result<Granted, String> {
        let request = self.request().map_err(|error| error.to_string())?;
        match http.attempt(&request, timeout).await {
            Attempt::Applied(response) => granted(&response, http.clock().wall()).map_err(|error| error.to_string()),
            Attempt::NotSent(cause) | Attempt::Refused(cause) | Attempt::Unknown(cause) => Err(cause.text),
        }
    }

    fn request(&self) -> Result<Request, IamError> {
        let request = Request::post(OPERATION, &self.url).safe().attempt_timeout(FETCH_TIMEOUT);
        Ok(match &self.auth {
            Auth::ApiKey(key) => request.form(&[
                ("grant_type", "urn:ibm:params:oauth:grant-type:apikey"),
                ("apikey", key.expose()),
                ("response_type", "cloud_iam"),
            ]),
            Auth::TrustedProfile { id, name, cr_token_file } => {
                let cr_token = cr_token::read(cr_token_file.as_deref())?;
                let mut form =
                    vec![("grant_type", "urn:ibm:params:oauth:grant-type:cr-token"), ("cr_token", cr_token.expose())];
                form.extend(id.as_deref().map(|id| ("profile_id", id)));
                form.extend(name.as_deref().map(|name| ("profile_name", name)));
                request.form(&form)
            }
        })
    }

    fn explain(&self, error: HttpError) -> IamError {
        let host = self.host.clone();
        match refusal(&error) {
            Some(error) if is_unknown_key(&error) => IamError::KeyRejected { host, error },
            Some(error) => IamError::Refused { host, error },
            None => IamError::Http { host, source: Box::new(error) },
        }
    }
}

/// The answer of IAM as a token. `wall` is needed when IAM names the time of expiry only.
fn granted(response: &Response, wall: SystemTime) -> Result<Granted, HttpError> {
    let body: TokenBody = object::body(response)?;
    let until_expiration = || body.expiration?.checked_sub_unsigned(wall.duration_since(UNIX_EPOCH).ok()?.as_secs());
    let life = body
        .expires_in
        .or_else(until_expiration)
        .and_then(|seconds| u64::try_from(seconds).ok())
        .filter(|seconds| *seconds > 0);
    let life = life.ok_or_else(|| response.bad("a token without a time of expiry in the future"))?;
    let token = body.access_token.expose();
    if token.is_empty() || token.len() > MAX_TOKEN || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(response.bad("a token that cannot stand in a header"));
    }
    Ok(Granted { token: body.access_token, life: Duration::from_secs(life).min(MAX_LIFE) })
}

fn is_unknown_key(error: &ServiceError) -> bool {
    error.code.as_deref() == Some(UNKNOWN_KEY_CODE) || error.message.contains(UNKNOWN_KEY_TEXT)
}
