//! One request from arrival to outcome: who sent it, which fault hits it, what is recorded.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::AUTHORIZATION;
use axum::http::{Request, Response};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use crate::answer::{Answer, response};
use crate::ask::{Caller, parse_form};
use crate::call::Call;
use crate::errors::ServiceError;
use crate::fault::Fault;
use crate::principal::Principal;
use crate::random;
use crate::requests::{RequestCaller, RequestRecord};
use crate::router::{API_PATH, router};
use crate::shared::Shared;

/// Where a request comes from.
pub(crate) enum Origin {
    /// A call in process, as this identity or as nobody.
    InProcess(Option<Principal>),
    /// The TCP connection with this number.
    Connection(u64),
}

/// What the transport has to do with a request.
pub(crate) enum Outcome {
    Answer(Response<Body>),
    /// Close the connection without an answer.
    Close,
    /// Keep the connection open without an answer.
    Hang,
}

/// The API in front of the state. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    shared: Arc<Shared>,
    router: TowerToHyperService<Router>,
}

impl Service {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let router = TowerToHyperService::new(router(Arc::clone(&shared)));
        Self { shared, router }
    }

    /// Handles one request whose body has been read.
    pub(crate) async fn handle(&self, origin: Origin, request: Request<Bytes>) -> Outcome {
        let call = Call::of(request.method().as_str(), request.uri().path());
        let (connection, caller) = match origin {
            Origin::InProcess(caller) => (None, caller),
            Origin::Connection(number) => (Some(number), self.sender(call, &request)),
        };
        let now = self.shared.clock.now();
        let limited = connection.is_some() && request.uri().path().starts_with(API_PATH);
        let refused = limited && !self.shared.rate_limit.takes_one(now);
        let faulty = !refused && connection.is_some() && caller.as_ref().is_some_and(Principal::is_job);
        let fault = call.filter(|_| faulty).and_then(|call| self.shared.faults.take(call));
        let mut record = RequestRecord {
            at: now,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            call,
            caller: caller.as_ref().map_or(RequestCaller::Unknown, Principal::caller),
            connection,
            status: None,
            fault,
        };
        let outcome = if refused {
            Outcome::Answer(Answer::refusal(&ServiceError::too_many_requests()).into_response())
        } else {
            self.outcome(call, fault, caller, request).await
        };
        if let Outcome::Answer(response) = &outcome {
            record.status = Some(response.status().as_u16());
        }
        self.shared.requests.push(record);
        outcome
    }

    /// The identity behind a request from the network: of its token, or of the login form.
    fn sender(&self, call: Option<Call>, request: &Request<Bytes>) -> Option<Principal> {
        self.shared.look(|state, now| {
            if call == Some(Call::IamToken) {
                let form = parse_form(&String::from_utf8_lossy(request.body()));
                return state.iam.claimed_by(&form).cloned();
            }
            let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
            state.iam.bearer(header, now).cloned()
        })
    }

    async fn outcome(
        &self,
        call: Option<Call>,
        fault: Option<Fault>,
        caller: Option<Principal>,
        request: Request<Bytes>,
    ) -> Outcome {
        match fault {
            None | Some(Fault::Pass) => Outcome::Answer(self.route(caller, request).await),
            Some(Fault::RequestLost) => Outcome::Close,
            Some(Fault::HangBefore) => Outcome::Hang,
            Some(Fault::Status(status)) => Outcome::Answer(scripted(call, status)),
            Some(Fault::Garbage) => Outcome::Answer(garbage()),
            Some(Fault::Html) => Outcome::Answer(html()),
            Some(applied) => {
                self.route(caller, request).await;
                match applied {
                    Fault::HangAfter => Outcome::Hang,
                    Fault::StatusAfter(status) => Outcome::Answer(scripted(call, status)),
                    Fault::GarbageAfter => Outcome::Answer(garbage()),
                    _ => Outcome::Close,
                }
            }
        }
    }

    async fn route(&self, caller: Option<Principal>, request: Request<Bytes>) -> Response<Body> {
        let mut request = request.map(Body::from);
        request.extensions_mut().insert(Caller(caller));
        let Ok(response): Result<_, Infallible> = self.router.call(request).await;
        response
    }
}

/// The error body that the called system would send with a status.
fn scripted(call: Option<Call>, status: u16) -> Response<Body> {
    if call == Some(Call::IamToken) {
        let body = serde_json::json!({
            "errorCode": "BXNIM0000E", "errorMessage": "scripted fault",
            "context": { "requestId": random::uuid(), "requestType": "incoming.Identity_Token" },
        });
        return Answer { status, body: Some(body) }.into_response();
    }
    Answer::refusal(&ServiceError::scripted(status)).into_response()
}

fn garbage() -> Response<Body> {
    response(200, &random::uuid(), "application/json", "{\"id\":\"sm-task-".to_owned())
}

fn html() -> Response<Body> {
    let page = "<!DOCTYPE html><html><head><title>Gateway</title></head><body>Please wait.</body></html>";
    response(200, &random::uuid(), "text/html", page.to_owned())
}
