//! The IAM access token of a run: fetched once, kept, refreshed early.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use credjob_contract::{Auth, Secret};
use credjob_http::{HttpClient, MIN_ATTEMPT};
use tokio::time::{Instant, sleep};

use crate::IamError;
use crate::iam::{Granted, Iam};

/// A token counts as expired this long before it is (PROTOCOL 3.3).
const EXPIRY_MARGIN: Duration = Duration::from_secs(10);

/// The share of its life after which a token is refreshed (PROTOCOL 3.3).
const REFRESH_AFTER_PERCENT: u32 = 80;

/// After an attempt to refresh, the next one is at least this far away (PROTOCOL 3.3).
const REFRESH_PAUSE: Duration = Duration::from_secs(60);

/// How long an early refresh may keep its caller, who has a valid token: shorter than the shortest slice of a reserve
/// that needs a token (DESIGN 6: 4 s).
const REFRESH_TIMEOUT: Duration = Duration::from_secs(3);

/// How long an unknown API key is tried again: it is renewed for each run and may not be valid at once (DESIGN 6).
const KEY_PATIENCE: Duration = Duration::from_secs(10);

/// The wait between two such tries; a fresh key needs about two seconds (PROTOCOL 3.1).
const KEY_PAUSE: Duration = Duration::from_secs(1);

/// Fetches and keeps the IAM token of a job (PROTOCOL 3). Share it in an `Arc`.
///
/// - One fetch at a time: whoever needs a token meanwhile waits for the same fetch and gets its outcome.
/// - A token counts as expired 10 s before it is.
/// - A caller who finds a token past 80 % of its life refreshes it: one try, at most every 60 s. If it fails, the old
///   token stays in use while it is valid.
/// - An API key that IAM does not know (`BXNIM0415E`) is tried again for 10 s.
///
/// A fetch ends with the budget of the HTTP client. The compute resource token is read from its file for each fetch.
pub struct Tokens {
    http: HttpClient,
    iam: Iam,
    state: Mutex<State>,
    /// Held by whoever fetches.
    fetching: tokio::sync::Mutex<()>,
    key_patience: Duration,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    refresh_tried: Option<Instant>,
    /// How many needed fetches have failed, and the last failure: the answer for those who waited for it.
    failures: u64,
    last_failure: Option<IamError>,
}

struct Held {
    token: Secret<String>,
    refresh_at: Instant,
    expires_at: Instant,
}

/// What is at hand.
enum Found {
    Fresh(Secret<String>),
    /// Valid, and due for a refresh.
    Ageing(Secret<String>),
    /// With the number of failed fetches so far.
    Nothing(u64),
}

impl Tokens {
    /// Tokens of `auth` from the IAM at `iam_url` (a trailing `/identity/token` is removed). Fetches nothing yet.
    #[expect(clippy::needless_pass_by_value, reason = "the address belongs to the tokens from here on")]
    pub fn new(http: HttpClient, iam_url: String, auth: Auth) -> Self {
        Self {
            http,
            iam: Iam::new(&iam_url, auth),
            state: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
            key_patience: KEY_PATIENCE,
        }
    }

    /// The same, but an API key that IAM does not know is refused at once.
    pub fn without_key_patience(self) -> Self {
        Self { key_patience: Duration::ZERO, ..self }
    }

    /// A token that is valid for at least 10 s, unless IAM gives shorter ones.
    ///
    /// # Errors
    /// [`IamError`] when no token can be had before the budget of the HTTP client ends, or IAM refuses for good.
    pub async fn token(&self) -> Result<Secret<String>, IamError> {
        match self.find() {
            Found::Fresh(token) => Ok(token),
            Found::Ageing(token) => Ok(self.refresh(token).await),
            Found::Nothing(failures) => self.wait_or_fetch(failures).await,
        }
    }

    /// Drops exactly this token, which the service has answered with 401. A newer one stays.
    pub fn invalidate(&self, rejected: &Secret<String>) {
        let mut state = self.state();
        if state.held.as_ref().is_some_and(|held| held.token.expose() == rejected.expose()) {
            state.held = None;
        }
    }

    fn find(&self) -> Found {
        let now = Instant::now();
        let state = self.state();
        match &state.held {
            Some(held) if now < held.refresh_at => Found::Fresh(held.token.clone()),
            Some(held) if now < held.expires_at => {
                let recently = state.refresh_tried.is_some_and(|tried| now < tried + REFRESH_PAUSE);
                if recently { Found::Fresh(held.token.clone()) } else { Found::Ageing(held.token.clone()) }
            }
            _ => Found::Nothing(state.failures),
        }
    }

    /// Tries once to replace a token that is still valid. Nobody waits for this but its caller.
    async fn refresh(&self, old: Secret<String>) -> Secret<String> {
        let timeout = REFRESH_TIMEOUT.min(self.http.budget().remaining());
        let Ok(_turn) = self.fetching.try_lock() else { return old };
        if timeout < MIN_ATTEMPT {
            return old;
        }
        self.state().refresh_tried = Some(Instant::now());
        match self.iam.fetch_once(&self.http, timeout).await {
            Ok(granted) => self.keep(granted),
            Err(reason) => {
                tracing::warn!(event = "token_refresh_failed", reason, "keeping the old IAM token");
                old
            }
        }
    }

    /// `failures`: as counted when the caller found nothing. If it has grown since, the fetch that the caller waited for failed.
    async fn wait_or_fetch(&self, failures: u64) -> Result<Secret<String>, IamError> {
        let _turn = self.fetching.lock().await;
        match self.find() {
            Found::Fresh(token) | Found::Ageing(token) => return Ok(token),
            Found::Nothing(now) if now == failures => {}
            Found::Nothing(_) => {
                if let Some(error) = &self.state().last_failure {
                    return Err(error.clone());
                }
            }
        }
        match self.fetch_with_patience().await {
            Ok(granted) => Ok(self.keep(granted)),
            Err(error) => {
                let mut state = self.state();
                state.failures += 1;
                state.last_failure = Some(error.clone());
                Err(error)
            }
        }
    }

    async fn fetch_with_patience(&self) -> Result<Granted, IamError> {
        let mut give_up = None;
        loop {
            let error = match self.iam.fetch(&self.http).await {
                Err(error @ IamError::KeyRejected { .. }) => error,
                other => return other,
            };
            let give_up = *give_up.get_or_insert_with(|| Instant::now() + self.key_patience);
            let next = Instant::now() + KEY_PAUSE;
            if next > give_up || next + MIN_ATTEMPT > self.http.budget().deadline() {
                return Err(error);
            }
            tracing::info!(event = "api_key_unknown", "IAM does not know the API key yet; trying again");
            sleep(KEY_PAUSE).await;
        }
    }

    fn keep(&self, Granted { token, life }: Granted) -> Secret<String> {
        let now = Instant::now();
        let expires_at = now + life.saturating_sub(EXPIRY_MARGIN);
        // A token that lives for less than 50 s is never past 80 % before it counts as expired.
        let refresh_at = expires_at.min(now + life * REFRESH_AFTER_PERCENT / 100);
        self.state().held = Some(Held { token: token.clone(), refresh_at, expires_at });
        token
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is one assignment, so a panic elsewhere leaves the state whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
