//! Histories over real sockets and in real time: IAM and the service are an emulator, a system behind HTTP is a stand-in
//! server, and between them and the job stands an edge that does to connections what a schedule says.
//!
//! They show that virtual time tells the truth: the same schedule comes to the same end in both worlds. TLS plays no part.

mod edge;
mod emulated;
mod sample;
mod section;

use std::cell::RefCell;
use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use credjob::contract::ConfigProblem;
use credjob::http::{BoxFuture, ReqwestTransport, Response, Roots, Transport, TransportError, WireRequest};
use credjob_emulator::EmulatorError;

use self::edge::{Behind, Edge, TIMEOUT_HEADER, redirected};
use self::emulated::Emulated;
pub use self::sample::{Compared, Ending, Sample};
use super::fault::Fault;
use super::gate::{Effect, Gate};
use super::history::{History, lived, play};
use super::keeper::Keeper;
use super::replay::tell;
use super::roads::{Roads, Scenery};
use super::scene::Scene;
use super::schedule::Schedule;
use super::system::View;
use super::transport::{Web, answer_to, call_of};
use crate::server::{Answer, Asked, StandInServer};

/// Nobody listens here: it is TCP's own "port service multiplexer", which no system has run for decades.
const NOBODY: &str = "http://127.0.0.1:1";

/// Why a schedule could not be tried over sockets.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SocketsError {
    /// The operating system gives no socket or no runtime.
    #[error("the operating system gives no socket")]
    Io(#[from] std::io::Error),
    /// The emulator could not be started or set up.
    #[error("the emulator could not be set up")]
    Emulator(#[from] EmulatorError),
    /// The provider declares no outputs that Secrets Manager takes.
    #[error("the provider's outputs break a rule: {0:?}")]
    Outputs(Vec<ConfigProblem>),
    /// The emulator refused a step of the preparation.
    #[error("the emulator answered {status} to {path}")]
    Refused {
        /// The path that was asked for.
        path: String,
        /// The status; 0 for a task that stays queued.
        status: u16,
    },
}

/// As [`replay`](super::replay), over sockets and as [`Sample`] tries it.
///
/// # Errors
/// When sockets or an emulator cannot be had.
pub fn replay(scene: &Scene, schedule: &Schedule) -> Result<(String, bool), SocketsError> {
    let scene = sample::brisk(scene);
    Ok(tell(&scene, schedule, &live(&scene, schedule)?))
}

/// Lives through one schedule over sockets.
pub(crate) fn live(scene: &Scene, schedule: &Schedule) -> Result<History, SocketsError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let scenery = Scenery::of(scene);
    let roads = runtime.block_on(Streets::open(&scenery))?;
    Ok(lived(&runtime, play(scenery, Box::new(roads), schedule)))
}

/// Roads over sockets.
struct Streets {
    emulated: Arc<Emulated>,
    behind: Arc<Behind>,
    /// Kept until the end of the history: a request of a killed process may still be under way.
    edges: RefCell<Vec<Edge>>,
    /// Served as long as this lives.
    _system: Option<StandInServer>,
}

impl Streets {
    async fn open(scenery: &Scenery<'_>) -> Result<Self, SocketsError> {
        let emulated = Emulated::start(scenery).await?;
        let web = scenery.stage.web.clone();
        let system = match web.clone() {
            Some(web) => Some(StandInServer::start(move |asked: &Asked| stand_in(&web, asked)).await?),
            None => None,
        };
        let behind = Behind {
            emulator: emulated.emulator.url().to_owned(),
            system: system.as_ref().map(StandInServer::url),
            web,
            client: ReqwestTransport::new(Roots::default()),
        };
        Ok(Self { emulated: Arc::new(emulated), behind: Arc::new(behind), edges: RefCell::default(), _system: system })
    }
}

impl Roads for Streets {
    fn keeper(&self) -> Arc<dyn Keeper> {
        let keeper: Arc<Emulated> = Arc::clone(&self.emulated);
        keeper
    }

    fn network(&self, gate: &Gate) -> Arc<dyn Transport> {
        #[expect(clippy::expect_used, reason = "a machine without a free port on its loopback interface tries nothing")]
        let edge = Edge::open(gate.clone(), Arc::clone(&self.behind)).expect("a free port on the loopback interface");
        let url = format!("http://{}", edge.address);
        self.edges.borrow_mut().push(edge);
        let client = ReqwestTransport::new(Roots::default());
        Arc::new(Door { edge: url, gate: gate.clone(), web: self.behind.web.clone(), client })
    }

    fn variables(&self) -> Vec<(OsString, OsString)> {
        self.emulated.variables.iter().map(|(name, value)| (name.into(), value.into())).collect()
    }
}

/// The system's model behind a socket.
fn stand_in(web: &Web, asked: &Asked) -> Answer {
    let url = format!("https://system.test{}?{}", asked.path, asked.query);
    let method = asked.method.parse().unwrap_or_default();
    let mut request = credjob::http::Request::new(method, "explored", url).body("", asked.body.clone());
    for (name, value) in &asked.headers {
        request = request.header(name, value);
    }
    let answer = (web.answer)(&request.into_wire(), View::Current);
    let content_type = answer.header("content-type").unwrap_or("application/json");
    Answer::empty(answer.status).with_body(content_type, answer.bytes())
}

/// A process's way out: its own HTTP client, over a socket to the edge. Whatever host it asks is there.
struct Door {
    edge: String,
    gate: Gate,
    web: Option<Arc<Web>>,
    client: ReqwestTransport,
}

impl Transport for Door {
    fn send<'a>(
        &'a self,
        request: &'a WireRequest,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move {
            let call = call_of(request, self.web.as_ref());
            if self.gate.ground.meets_next(self.gate.process, call, Fault::NotSent) {
                // No edge can refuse a connection before it knows what it is for. So the connection is tried where nobody
                // listens, and the rest is bookkeeping.
                let passed = self.gate.pass(call, timeout, &Nothing).await;
                return match answer_to(call, passed) {
                    Err(TransportError::NotSent(_)) => {
                        self.client.send(&redirected(request, NOBODY, &[]), timeout).await
                    }
                    other => other,
                };
            }
            let millis = timeout.as_millis().to_string();
            let more = [("host", request.url().host_str().unwrap_or_default()), (TIMEOUT_HEADER, millis.as_str())];
            self.client.send(&redirected(request, &self.edge, &more), timeout).await
        })
    }
}

/// A request that gets nowhere.
struct Nothing;

impl Effect for Nothing {
    type Answer = Response;

    async fn apply(&self, _view: View) -> Response {
        Response::new(502, "")
    }

    fn later(&self) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }

    fn status(answer: &Response) -> Option<u16> {
        Some(answer.status)
    }
}
