//! A scripted server for tests, of this workspace and of provider authors. No socket, and time is tokio's virtual time.
//!
//! Each expected call has an answer or a [`Fault`]. An unexpected call panics with a readable text; a call that never came
//! fails [`ScriptedTransport::assert_done`]. A [backend](ScriptedTransport::with_backend) adds a fake with state, to which
//! calls outside the script go, and which decides what an applied request did.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//! use credjob_http::{Budget, Clock, HostGuard, HttpClient, Ledger, Request, SeededRandom};
//! use credjob_http::script::{Answer, Call, Fault, ScriptedTransport};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
//! let script = ScriptedTransport::new();
//! script.expect(Call::get("/users/ann"), Fault::ConnectionRefused);
//! script.expect(Call::get("/users/ann"), Answer::json(200, &json!({ "name": "ann" })));
//!
//! let budget = Budget::lasting(Duration::from_secs(60));
//! let http = HttpClient::new(Arc::new(script.clone()), Clock::system(), Arc::new(SeededRandom::new(1)), HostGuard::closed(), Ledger::new(), budget);
//! let answer = http.send(Request::get("read the user", "https://x.example/users/ann")).await.unwrap();
//! assert_eq!(answer.json().unwrap()["name"], "ann");
//! script.assert_done();
//! # }
//! ```

mod answer;
mod call;

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

pub use answer::{Answer, Fault};
pub use call::Call;

use crate::{BoxFuture, Response, Transport, TransportError, WireRequest};
use answer::Kind;

/// A transport that follows a script. Clones share it: give one to the client and keep one.
#[derive(Clone)]
pub struct ScriptedTransport(Arc<Mutex<Script>>);

type Backend = Box<dyn FnMut(&WireRequest) -> Response + Send>;

#[derive(Default)]
struct Script {
    any_order: bool,
    open: VecDeque<(Call, Answer)>,
    backend: Option<Backend>,
    requests: Vec<WireRequest>,
    unexpected: Vec<String>,
    /// Requests that reach the backend later, with their time.
    late: Vec<(Instant, WireRequest)>,
}

impl ScriptedTransport {
    /// A script whose calls must come in its order.
    pub fn new() -> Self {
        Self(Arc::default())
    }

    /// A script in which a call takes the first open expectation that fits it.
    pub fn any_order() -> Self {
        let script = Self::new();
        script.script().any_order = true;
        script
    }

    /// Adds a fake server. Calls that the script does not expect go to it, and it applies what a fault lets through
    /// ([`Fault::ResponseLost`] and the like).
    pub fn with_backend(self, backend: impl FnMut(&WireRequest) -> Response + Send + 'static) -> Self {
        self.script().backend = Some(Box::new(backend));
        self
    }

    /// Expects one more call.
    pub fn expect(&self, call: Call, answer: impl Into<Answer>) -> &Self {
        self.script().open.push_back((call, answer.into()));
        self
    }

    /// Every request that came, in order, also those that a fault kept from the server.
    pub fn requests(&self) -> Vec<WireRequest> {
        self.script().requests.clone()
    }

    /// Lets all late requests ([`Fault::AppliedLate`]) reach the backend now.
    pub fn settle(&self) {
        self.script().apply_late(None);
    }

    /// Ends the test of the script.
    ///
    /// # Panics
    /// If an expected call is missing, or if an unexpected one came (also when its panic was caught on the way).
    pub fn assert_done(&self) {
        let script = self.script();
        let missing: Vec<_> = script.open.iter().map(|(call, _)| call.to_string()).collect();
        let unexpected = script.unexpected.clone();
        drop(script);
        assert!(
            missing.is_empty() && unexpected.is_empty(),
            "the script is not done\n  missing calls: {missing:?}\n  unexpected calls: {unexpected:?}"
        );
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        // A panic in a backend is the test's own failure; the script itself is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: &WireRequest, timeout: Duration) -> Result<Response, TransportError> {
        let answer = self.script().next(request);
        let answer = answer.unwrap_or_else(|text| panic!("{text}"));
        let hang = async || {
            sleep(timeout).await;
            Err(TransportError::unknown("no answer in time"))
        };
        if answer.delay >= timeout && !answer.delay.is_zero() {
            self.apply(request, &answer.kind);
            return hang().await;
        }
        sleep(answer.delay).await;
        let applied = self.apply(request, &answer.kind);
        match answer.kind {
            Kind::Apply => Ok(applied.unwrap_or_else(|| Response::new(200, "{}"))),
            Kind::Response(response) => Ok(response),
            Kind::Fault(fault) => match fault {
                Fault::ConnectionRefused => Err(TransportError::not_sent("connection refused")),
                Fault::RequestLost | Fault::ResponseLost => Err(TransportError::unknown("the connection broke")),
                Fault::Hang | Fault::HangAfterApply | Fault::AppliedLate(_) => hang().await,
                Fault::Status(status) | Fault::AppliedBut(status) => Ok(Response::new(status, "")),
                Fault::Garbage | Fault::AppliedGarbage => Ok(Response::new(200, "\u{7f}garbage{[")),
            },
        }
    }

    /// Lets the backend see the request if this answer means that the server got it.
    fn apply(&self, request: &WireRequest, kind: &Kind) -> Option<Response> {
        let mut script = self.script();
        script.apply_late(Some(Instant::now()));
        match kind {
            Kind::Apply => script.apply(request),
            Kind::Fault(Fault::ResponseLost | Fault::HangAfterApply | Fault::AppliedBut(_) | Fault::AppliedGarbage) => {
                script.apply(request)
            }
            Kind::Fault(Fault::AppliedLate(delay)) => {
                script.late.push((Instant::now() + *delay, request.clone()));
                None
            }
            Kind::Response(_) | Kind::Fault(_) => None,
        }
    }
}

impl Script {
    /// The answer for a request, or the text of the panic.
    fn next(&mut self, request: &WireRequest) -> Result<Answer, String> {
        self.requests.push(request.clone());
        let found = if self.any_order {
            self.open.iter().position(|(call, _)| call.fits(request))
        } else {
            self.open.front().filter(|(call, _)| call.fits(request)).map(|_| 0)
        };
        if let Some((_, answer)) = found.and_then(|index| self.open.remove(index)) {
            return Ok(answer);
        }
        if self.backend.is_some() {
            return Ok(Answer::apply());
        }
        let seen = format!("{} {} (operation `{}`)", request.method(), request.url().path(), request.operation());
        let expected = match self.open.front() {
            Some((call, _)) if !self.any_order => format!("expected {call}"),
            Some(_) => {
                let open: Vec<_> = self.open.iter().map(|(call, _)| call.to_string()).collect();
                format!("expected one of: {}", open.join(", "))
            }
            None => "expected no further call".to_owned(),
        };
        self.unexpected.push(seen.clone());
        Err(format!("call {} is unexpected: {seen}; {expected}", self.requests.len()))
    }

    fn apply(&mut self, request: &WireRequest) -> Option<Response> {
        self.backend.as_mut().map(|backend| backend(request))
    }

    /// Applies what is due, in the order in which it was sent; everything if `now` is `None`.
    fn apply_late(&mut self, now: Option<Instant>) {
        let (due, later) =
            std::mem::take(&mut self.late).into_iter().partition(|(time, _)| now.is_none_or(|now| *time <= now));
        self.late = later;
        let due: Vec<(Instant, WireRequest)> = due;
        for (_, request) in due {
            self.apply(&request);
        }
    }
}

impl Default for ScriptedTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for ScriptedTransport {
    fn send<'a>(
        &'a self,
        request: &'a WireRequest,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(self.answer(request, timeout))
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.script();
        f.debug_struct("ScriptedTransport")
            .field("open", &script.open.len())
            .field("requests", &script.requests)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
