//! What stands between a process and the servers: each request comes in over a socket, meets its fault, and goes on over
//! another socket.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use credjob::http::{BoxFuture, Method, Request, ReqwestTransport, Response, Transport, WireRequest};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use super::super::call::{Call, Party};
use super::super::gate::{Effect, Gate, Passed};
use super::super::system::View;
use super::super::transport::{Web, answer_to, call_of};

/// Tells the edge how long the attempt may take.
pub(super) const TIMEOUT_HEADER: &str = "x-explore-timeout-ms";
/// Nothing is as slow as this between two sockets of one machine.
const FORWARD_TIMEOUT: Duration = Duration::from_secs(30);

/// The servers behind the edges of one history.
pub(super) struct Behind {
    pub(super) emulator: String,
    /// The stand-in's URL, for a system behind HTTP.
    pub(super) system: Option<String>,
    pub(super) web: Option<Arc<Web>>,
    pub(super) client: ReqwestTransport,
}

/// A listening socket for one process. Dropped, it closes every connection.
pub(super) struct Edge {
    pub(super) address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Edge {
    pub(super) fn open(gate: Gate, behind: Arc<Behind>) -> io::Result<Self> {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(serve(TcpListener::from_std(listener)?, gate, behind));
        Ok(Self { address, serving })
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, gate: Gate, behind: Arc<Behind>) {
    let mut connections = JoinSet::new();
    loop {
        // An error of `accept` concerns one connection.
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(converse(stream, gate.clone(), Arc::clone(&behind)));
            while connections.try_join_next().is_some() {}
        }
    }
}

async fn converse(stream: TcpStream, gate: Gate, behind: Arc<Behind>) {
    let service = service_fn(|request| handle(request, &gate, &behind));
    // An error is a connection that ended early, often on purpose: `closed`.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn handle(
    request: hyper::Request<Incoming>,
    gate: &Gate,
    behind: &Arc<Behind>,
) -> io::Result<hyper::Response<Full<Bytes>>> {
    let (request, timeout) = read(request).await?;
    let call = call_of(&request, behind.web.as_ref());
    let began = Instant::now();
    let passed = gate.pass(call, timeout, &Onward { behind, call, request: &request }).await;
    if matches!(passed, Passed::Lost) && began.elapsed() >= timeout {
        // The process ends the attempt by itself: that is what is tried.
        match pending::<Infallible>().await {}
    }
    let answer = answer_to(call, passed).map_err(|_| closed())?;
    let mut builder = hyper::Response::builder().status(answer.status);
    for name in ["content-type", "retry-after"] {
        if let Some(value) = answer.header(name) {
            builder = builder.header(name, value);
        }
    }
    builder.body(Full::from(answer.bytes().to_vec())).map_err(|_| closed())
}

/// The request as the process meant it, and how long it waits for the answer.
async fn read(request: hyper::Request<Incoming>) -> io::Result<(WireRequest, Duration)> {
    let (head, body) = request.into_parts();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("https://{}{path}", header("host").ok_or_else(closed)?);
    let timeout = header(TIMEOUT_HEADER).and_then(|millis| millis.parse().ok()).ok_or_else(closed)?;
    let mut meant = Request::new(head.method.clone(), "explored", url);
    for name in ["authorization", "content-type"] {
        if let Some(value) = header(name) {
            meant = meant.header(name, value);
        }
    }
    let content_type = header("content-type").unwrap_or_default().to_owned();
    let body = body.collect().await.map_err(|_| closed())?.to_bytes();
    if !body.is_empty() {
        meant = meant.body(&content_type, body.to_vec());
    }
    Ok((meant.into_wire(), Duration::from_millis(timeout)))
}

/// The same request to another server, which knows the first one's name as its own.
pub(super) fn redirected(request: &WireRequest, to: &str, more: &[(&str, &str)]) -> WireRequest {
    let url = request.url();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let method: Method = request.method().clone();
    let mut other = Request::new(method, request.operation(), format!("{to}{}{query}", url.path()));
    if !request.body().is_empty() {
        other = other.body("", request.body());
    }
    for name in request.headers().keys() {
        if let Some(value) = request.header(name.as_str()) {
            other = other.header(name.as_str(), value);
        }
    }
    for (name, value) in more {
        other = other.header(name, value);
    }
    other.into_wire()
}

/// A request on its way to its server.
struct Onward<'a> {
    behind: &'a Arc<Behind>,
    call: Call,
    request: &'a WireRequest,
}

impl Effect for Onward<'_> {
    type Answer = Response;

    /// The servers have no replicas that lag.
    async fn apply(&self, _view: View) -> Response {
        forward(self.behind, self.call, self.request).await
    }

    fn later(&self) -> BoxFuture<'static, ()> {
        let (behind, call, request) = (Arc::clone(self.behind), self.call, self.request.clone());
        Box::pin(async move { drop(forward(&behind, call, &request).await) })
    }

    fn status(answer: &Response) -> Option<u16> {
        Some(answer.status)
    }
}

async fn forward(behind: &Behind, call: Call, request: &WireRequest) -> Response {
    let server = match call.party() {
        Party::System => behind.system.as_ref(),
        Party::Iam | Party::Service => Some(&behind.emulator),
    };
    // A server that is not there has the status of a gateway that looks for it in vain.
    let Some(server) = server else { return Response::new(502, "") };
    let answer = behind.client.send(&redirected(request, server, &[]), FORWARD_TIMEOUT).await;
    answer.unwrap_or_else(|error| Response::new(502, error.to_string()))
}

/// The connection ends without an answer, which is what hyper makes of an error.
fn closed() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}
