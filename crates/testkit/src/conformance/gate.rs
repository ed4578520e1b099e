//! The one way from a run to the world. Requests to IAM and Secrets Manager are answered by the task, all others go to the
//! target over real sockets; what is planned to go wrong goes wrong here.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use credjob::Stopper;
use credjob::http::{BoxFuture, ReqwestTransport, Response, Transport, TransportError, WireRequest};
use serde_json::json;
use tokio::sync::Notify;

use super::mishap::{Mishap, Plan, Step};
use super::order::Order;
use super::task::Task;
use crate::server::Call;

/// The world as one run reaches it.
pub(super) struct Gate {
    task: Task,
    system: Arc<ReqwestTransport>,
    plan: Option<Plan>,
    stopper: Stopper,
    /// Every request to the system hangs.
    silent: bool,
    /// What is answered in place of the system.
    forged: Vec<(Call, Response)>,
    calls: AtomicUsize,
    system_calls: AtomicUsize,
    awaits: AtomicUsize,
    /// Requests whose answer has not come yet.
    under_way: AtomicUsize,
    met: AtomicBool,
    dead: AtomicBool,
    pub(super) died: Notify,
}

impl Gate {
    pub(super) fn new(task: Task, system: Arc<ReqwestTransport>, order: &Order, stopper: Stopper) -> Self {
        Self {
            task,
            system,
            plan: order.plan,
            stopper,
            silent: order.silent,
            forged: order.forged.clone(),
            calls: AtomicUsize::new(0),
            system_calls: AtomicUsize::new(0),
            awaits: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            met: AtomicBool::new(false),
            dead: AtomicBool::new(false),
            died: Notify::new(),
        }
    }

    /// Whether the run has come to the planned step.
    pub(super) fn met(&self) -> bool {
        self.met.load(Ordering::Relaxed)
    }

    /// The provider's code waits. Whether the process is gone.
    pub(super) fn waits(&self) -> bool {
        if self.under_way.load(Ordering::Relaxed) == 0 {
            let number = self.awaits.fetch_add(1, Ordering::Relaxed);
            match self.planned(Step::Await(number)) {
                Some(Mishap::Kill | Mishap::KillAfter) => self.die(),
                Some(Mishap::Stop | Mishap::StopAfter) => self.stopper.stop(),
                _ => {}
            }
        }
        self.is_dead()
    }

    fn planned(&self, step: Step) -> Option<Mishap> {
        let plan = self.plan.filter(|plan| plan.step == step)?;
        self.met.store(true, Ordering::Relaxed);
        Some(plan.mishap)
    }

    fn die(&self) {
        self.dead.store(true, Ordering::Relaxed);
        self.died.notify_one();
    }

    fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    async fn pass(&self, request: &WireRequest, timeout: Duration) -> Result<Response, TransportError> {
        if self.is_dead() {
            return pending().await;
        }
        let to_system = !Task::serves(request);
        let mut mishap = self.planned(Step::Call(self.calls.fetch_add(1, Ordering::Relaxed)));
        if to_system {
            mishap = mishap.or(self.planned(Step::SystemCall(self.system_calls.fetch_add(1, Ordering::Relaxed))));
            mishap = mishap.or(self.silent.then_some(Mishap::Hang));
        }
        match mishap {
            None => self.apply(request, timeout).await,
            Some(Mishap::Kill) => {
                self.die();
                pending().await
            }
            Some(Mishap::KillAfter) => {
                drop(self.apply(request, timeout).await);
                self.die();
                pending().await
            }
            Some(Mishap::Stop) => {
                self.stopper.stop();
                silence(timeout).await
            }
            Some(Mishap::StopAfter) => {
                drop(self.apply(request, timeout).await);
                self.stopper.stop();
                silence(timeout).await
            }
            Some(Mishap::RequestLost) => Err(lost()),
            Some(Mishap::AnswerLost) => {
                drop(self.apply(request, timeout).await);
                Err(lost())
            }
            Some(Mishap::Hang) => silence(timeout).await,
            Some(Mishap::Garbage) => {
                drop(self.apply(request, timeout).await);
                Ok(Response::new(200, "{\"unexpected\":").with_header("content-type", "application/json"))
            }
            Some(Mishap::Status(status)) => Ok(refusal(status)),
            Some(Mishap::StatusAfter(status)) => {
                drop(self.apply(request, timeout).await);
                Ok(refusal(status))
            }
        }
    }

    async fn apply(&self, request: &WireRequest, timeout: Duration) -> Result<Response, TransportError> {
        if let Some(answer) = self.task.answer(request) {
            return Ok(answer);
        }
        let (method, path) = (request.method().as_str(), request.url().path());
        if let Some((_, answer)) = self.forged.iter().find(|(call, _)| call.includes(method, path)) {
            return Ok(answer.clone());
        }
        let _still = Still::hold();
        self.system.send(request, timeout).await
    }
}

impl Transport for Gate {
    fn send<'a>(&'a self, request: &'a WireRequest, time: Duration) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move {
            let _under_way = UnderWay::new(&self.under_way);
            Box::pin(self.pass(request, time)).await
        })
    }
}

async fn silence(timeout: Duration) -> Result<Response, TransportError> {
    tokio::time::sleep(timeout).await;
    Err(TransportError::unknown("no answer in time"))
}

fn lost() -> TransportError {
    TransportError::unknown("the connection broke before the answer")
}

fn refusal(status: u16) -> Response {
    Response::from_json(status, &json!({ "errors": [{ "code": "refused", "message": "refused by the test" }] }))
}

struct UnderWay<'a>(&'a AtomicUsize);

impl<'a> UnderWay<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// While it lives, virtual time stands still: tokio does not advance a paused clock while a blocking task runs, and a
/// request over a socket must not look as if it took for ever.
pub(super) struct Still(#[expect(dead_code, reason = "dropping it ends the blocking task")] mpsc::Sender<()>);

impl Still {
    pub(super) fn hold() -> Self {
        let (sender, receiver) = mpsc::channel();
        drop(tokio::task::spawn_blocking(move || {
            // Ends with an error, when the sender is gone.
            let _ = receiver.recv();
        }));
        Self(sender)
    }
}
