//! The handle on one Secrets Manager instance.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use credjob_contract::{InstanceUrl, Secret};
use credjob_http::{HttpClient, HttpError, Request, Response};

use crate::answer::ask;
use crate::{ClientError, Subject, Tokens};

/// The Secrets Manager instance of a job. Cheap to clone: clones share the connections and the token.
#[derive(Clone)]
pub struct SecretsManager {
    http: HttpClient,
    instance: InstanceUrl,
    tokens: Arc<Tokens>,
}

/// One call: what it is about, and the least role that may do it (PROTOCOL 3.4).
pub(crate) struct Call {
    pub(crate) subject: Subject,
    pub(crate) role: &'static str,
    /// Without a token. It may be repeated.
    pub(crate) request: Request,
}

/// One try of reading a task or the versions may take this long: the slice in which a run looks at its task is 10 s
/// (DESIGN 6), and a look that hangs must leave time for another.
pub(crate) const LOOK_TIMEOUT: Duration = Duration::from_secs(4);

impl SecretsManager {
    /// A handle on `instance`, which is called with tokens of `tokens`.
    pub fn new(http: HttpClient, instance: InstanceUrl, tokens: Arc<Tokens>) -> Self {
        Self { http, instance, tokens }
    }

    /// The same instance through another HTTP client, for instance one with another budget.
    /// Token fetches keep the budget of [`Tokens`].
    pub fn with_http(&self, http: HttpClient) -> Self {
        Self { http, ..self.clone() }
    }

    /// The HTTP client of this handle.
    pub fn http(&self) -> &HttpClient {
        &self.http
    }

    /// The tokens of this handle.
    pub fn tokens(&self) -> &Arc<Tokens> {
        &self.tokens
    }

    /// The address of the instance.
    pub fn instance(&self) -> &InstanceUrl {
        &self.instance
    }

    /// Makes a call until its answer can be read. The first 401 means that the token is too old: once more with a fresh one.
    pub(crate) async fn call<T>(
        &self,
        call: Call,
        read: impl Fn(&Response) -> Result<T, HttpError>,
    ) -> Result<T, ClientError> {
        let token = self.tokens.token().await?;
        let mut answer = ask(&self.http, &call.with(&token), &read).await;
        if matches!(&answer, Err(error) if error.is_refused() && error.status() == Some(401)) {
            self.tokens.invalidate(&token);
            let token = self.tokens.token().await?;
            answer = ask(&self.http, &call.with(&token), &read).await;
        }
        answer.map_err(|error| ClientError::new(call.subject, call.role, error))
    }
}

impl Call {
    fn with(&self, token: &Secret<String>) -> Request {
        self.request.clone().bearer(token)
    }
}

impl fmt::Debug for SecretsManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretsManager").field("instance", &self.instance).finish_non_exhaustive()
    }
}
