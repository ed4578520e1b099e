//! Stand-ins for external systems: an HTTP server on a port of this machine, in front of a few lines of state.
//!
//! What the system does is a [`StandIn`]: a function from a request to an answer. A system with state keeps it itself; a
//! fixed list of calls is a [`Script`], for which a call that does not come is a failure too. What goes wrong on the way is
//! scripted on the [`StandInServer`], with the emulator's faults.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
//! use credjob_emulator::Fault;
//! use credjob_testkit::server::{Answer, Asked, StandInServer};
//! use serde_json::json;
//!
//! let server = StandInServer::start(|asked: &Asked| match (asked.method.as_str(), asked.path.as_str()) {
//!     ("POST", "/tokens") => Answer::json(200, &json!({ "id": "t1" })),
//!     _ => Answer::empty(404),
//! })
//! .await?;
//! server.script("POST", "/tokens", [Fault::ResponseLost]);
//! // A job that is given `server.url()` now gets no answer to its first POST, although the token exists.
//! # Ok(()) }
//! ```

mod message;
mod script;
mod wire;

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use credjob_emulator::Fault;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

pub use message::{Answer, Asked};
pub use script::Script;

/// An external system, reduced to what a test needs of it.
pub trait StandIn: Send + Sync + 'static {
    /// Answers one request. A request is *applied* by calling this.
    fn answer(&self, asked: &Asked) -> Answer;
}

impl<F: Fn(&Asked) -> Answer + Send + Sync + 'static> StandIn for F {
    fn answer(&self, asked: &Asked) -> Answer {
        self(asked)
    }
}

/// Shared with the test, which looks at its state.
impl<S: StandIn + ?Sized> StandIn for Arc<S> {
    fn answer(&self, asked: &Asked) -> Answer {
        (**self).answer(asked)
    }
}

/// A stand-in behind a socket. Dropped, it closes the port and every connection.
#[derive(Debug)]
pub struct StandInServer {
    address: SocketAddr,
    plan: Arc<Plan>,
    serving: JoinHandle<()>,
}

/// What the server was asked, without headers and bodies: they hold secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The fault that hit the request.
    pub fault: Option<Fault>,
}

/// Faults that wait, and requests that came.
#[derive(Debug, Default)]
struct Plan {
    scripts: Mutex<Vec<(Call, VecDeque<Fault>)>>,
    records: watch::Sender<Vec<Record>>,
    disconnect: Notify,
}

/// The requests that a script is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    method: String,
    path: String,
}

impl StandInServer {
    /// Serves `stand_in` on a free port of 127.0.0.1, on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// What the system says when it gives no port.
    pub async fn start(stand_in: impl StandIn) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let plan = Arc::<Plan>::default();
        let serving = tokio::spawn(wire::serve(listener, Arc::new(stand_in), Arc::clone(&plan)));
        Ok(Self { address, plan, serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Appends faults for the requests of one method whose path is `path`, or begins with it if it ends in `*`. The next
    /// such request takes the first. Without a fault left, requests are answered by the stand-in.
    pub fn script(&self, method: &str, path: &str, faults: impl IntoIterator<Item = Fault>) {
        let call = Call::new(method, path);
        let mut scripts = self.plan.scripts();
        match scripts.iter_mut().find(|(known, _)| *known == call) {
            Some((_, waiting)) => waiting.extend(faults),
            None => scripts.push((call, faults.into_iter().collect())),
        }
    }

    /// Forgets every fault that no request has taken yet.
    pub fn clear_faults(&self) {
        self.plan.scripts().clear();
    }

    /// How many faults no request has taken yet. A test that scripts a fault should see this end at zero.
    pub fn faults_left(&self) -> usize {
        self.plan.scripts().iter().map(|(_, waiting)| waiting.len()).sum()
    }

    /// Closes every connection, as a system does that restarts: requests under way get no answer, whether they were applied
    /// or not. New connections are served.
    pub fn disconnect(&self) {
        self.plan.disconnect.notify_one();
    }

    /// Every request so far, oldest first.
    pub fn requests(&self) -> Vec<Record> {
        self.plan.records.borrow().clone()
    }

    /// Waits until a request of this method has come whose path is `path`, or begins with it if it ends in `*`. It may
    /// not be answered yet.
    pub async fn asked(&self, method: &str, path: &str) {
        let call = Call::new(method, path);
        let came = |records: &Vec<Record>| records.iter().any(|record| call.includes(&record.method, &record.path));
        // The sender lives in `self`: waiting cannot fail.
        let _ = self.plan.records.subscribe().wait_for(came).await;
    }
}

impl Drop for StandInServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Plan {
    /// Notes a request and takes the fault that is meant for it.
    fn meet(&self, method: &str, path: &str) -> Option<Fault> {
        let fault = {
            let mut scripts = self.scripts();
            let waiting = scripts.iter_mut().find(|(call, waiting)| !waiting.is_empty() && call.includes(method, path));
            waiting.and_then(|(_, waiting)| waiting.pop_front())
        };
        let record = Record { method: method.to_owned(), path: path.to_owned(), fault };
        self.records.send_modify(|records| records.push(record));
        fault
    }

    fn scripts(&self) -> MutexGuard<'_, Vec<(Call, VecDeque<Fault>)>> {
        self.scripts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// The requests of this method whose path is `path`, or begins with it if it ends in `*`.
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned() }
    }

    pub(crate) fn includes(&self, method: &str, path: &str) -> bool {
        self.method == method
            && match self.path.strip_suffix('*') {
                Some(start) => path.starts_with(start),
                None => path == self.path,
            }
    }
}

#[cfg(test)]
mod tests;
