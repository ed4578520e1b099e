//! HTTP for jobs: deadlines, retries that respect idempotency, a host allow-list, redaction.
//!
//! A [`Request`] states what it is for and whether it may be repeated ([`Idempotency`]). [`HttpClient::send`] repeats it
//! until the [`Budget`] ends, [`HttpClient::attempt`] sends it exactly once. How an attempt ended is an [`Attempt`]:
//! applied, not sent, refused or unknown (DESIGN section 6). A request that mints something is never repeated after an
//! unknown outcome: it ends as [`HttpError::OutcomeUnknown`], and the [`Ledger`] remembers it for the runtime.
//!
//! Transport, clock and randomness are injected, so tests run in tokio's paused time and touch no socket: see [`script`].
//!
//! ```
//! # async fn example(http: &credjob_http::HttpClient) -> Result<(), credjob_http::HttpError> {
//! use credjob_http::Request;
//!
//! let answer = http
//!     .send(Request::get("read the user", "https://jfrog.example.com/access/api/v1/users/ann").host_from_parameter("JFROG_BASE_URL"))
//!     .await?;
//! let user = answer.json()?;
//! # Ok(()) }
//! ```

mod admission;
mod attempt;
mod backoff;
mod budget;
mod classify;
mod client;
mod clock;
mod error;
mod failure;
mod host_guard;
mod json;
mod ledger;
mod random;
mod request;
mod reqwest_transport;
mod response;
mod retry_after;
pub mod script;
mod tls;
mod transport;

pub use attempt::{Attempt, Cause, Detail, Outcome};
pub use backoff::{BACKOFF_FACTOR, BACKOFF_MAX, BACKOFF_MIN, Backoff};
pub use budget::Budget;
pub use classify::classify;
pub use client::{DEFAULT_ATTEMPT_TIMEOUT, HttpClient, LAST_ATTEMPT, MIN_ATTEMPT};
pub use clock::Clock;
pub use error::{FailedCall, HttpError};
pub use host_guard::{ALLOWED_HOSTS_VARIABLE, HostGuard, HostListError, HostRefused};
pub use json::{JsonError, MAX_JSON_VALUES, json};
pub use ledger::{Counts, Creating, InFlight, Ledger};
pub use random::{OsRandom, Random, SeededRandom};
pub use request::{Idempotency, Request, WireRequest};
pub use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
pub use reqwest_transport::{CONNECT_TIMEOUT, IDLE_CONNECTION, MAX_BODY, ReqwestTransport};
pub use response::Response;
pub use tls::{Roots, TlsError};
pub use transport::{BoxFuture, Transport, TransportError, TransportFault};
