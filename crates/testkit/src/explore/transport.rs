//! The gate as the transport of a job: IAM, Secrets Manager, and an external system behind HTTP.

use std::sync::Arc;
use std::time::Duration;

use credjob::http::{BoxFuture, Response, Transport, TransportError, WireRequest};

use super::call::{Call, Party};
use super::gate::{Effect, Gate, Passed};
use super::service::{IAM, INSTANCE, Service, iam_refusal, refusal};
use super::system::View;

/// What a proxy shows.
const PAGE: &str = "<!doctype html><title>Log in</title>";
/// The end of this answer is missing.
const GARBLED: &str = r#"{"id":"#;

/// What an external system answers.
type Answers = dyn Fn(&WireRequest, View) -> Response + Send + Sync;

/// The external system behind HTTP, without its type.
pub(crate) struct Web {
    pub(crate) call_of: fn(&WireRequest) -> Call,
    pub(crate) answer: Box<Answers>,
}

/// Carries the requests of one process.
pub(crate) struct GateTransport {
    pub(crate) gate: Gate,
    pub(crate) service: Arc<Service>,
    pub(crate) web: Option<Arc<Web>>,
}

impl Transport for GateTransport {
    fn send<'a>(
        &'a self,
        request: &'a WireRequest,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move {
            let call = call_of(request, self.web.as_ref());
            let effect = Arrival { service: &self.service, web: self.web.as_ref(), call, request };
            answer_to(call, self.gate.pass(call, timeout, &effect).await)
        })
    }
}

/// What a request is for.
pub(crate) fn call_of(request: &WireRequest, web: Option<&Arc<Web>>) -> Call {
    let path = request.url().path();
    match request.url().host_str() {
        Some(IAM) => Call::Token,
        Some(INSTANCE) if request.method().as_str() == "PUT" => Call::Update,
        Some(INSTANCE) if path.ends_with("/versions") => Call::Versions,
        Some(INSTANCE) if path.contains("/tasks/") => Call::ReadTask,
        Some(INSTANCE) => Call::ReadSecret,
        _ => web.map_or(Call::Verify, |web| (web.call_of)(request)),
    }
}

/// What whoever made the call gets.
pub(crate) fn answer_to(call: Call, passed: Passed<Response>) -> Result<Response, TransportError> {
    match passed {
        Passed::Answer(response) => Ok(response),
        Passed::NotSent => Err(TransportError::not_sent("no connection")),
        Passed::Lost => Err(TransportError::unknown("no answer")),
        Passed::Status(status, retry_after) => {
            let response = if call == Call::Token { iam_refusal(status) } else { refusal(status) };
            Ok(match retry_after {
                Some(seconds) => response.with_header("retry-after", &seconds.to_string()),
                None => response,
            })
        }
        Passed::Garbled => Ok(Response::new(200, GARBLED)),
        Passed::Page => Ok(Response::new(200, PAGE).with_header("content-type", "text/html")),
    }
}

/// A request that arrives where it belongs.
struct Arrival<'a> {
    service: &'a Arc<Service>,
    web: Option<&'a Arc<Web>>,
    call: Call,
    request: &'a WireRequest,
}

impl Effect for Arrival<'_> {
    type Answer = Response;

    async fn apply(&self, view: View) -> Response {
        answer(self.service, self.web, self.call, self.request, view)
    }

    fn later(&self) -> BoxFuture<'static, ()> {
        let (service, web) = (Arc::clone(self.service), self.web.map(Arc::clone));
        let (call, request) = (self.call, self.request.clone());
        Box::pin(async move { drop(answer(&service, web.as_ref(), call, &request, View::Current)) })
    }

    fn status(answer: &Response) -> Option<u16> {
        Some(answer.status)
    }
}

fn answer(service: &Service, web: Option<&Arc<Web>>, call: Call, request: &WireRequest, view: View) -> Response {
    match (call.party(), web) {
        (Party::System, Some(web)) => (web.answer)(request, view),
        // A provider without an external system asks nobody else.
        (Party::System, None) => refusal(404),
        _ => service.answer(call, request, view == View::Lagging),
    }
}
