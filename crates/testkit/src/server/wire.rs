//! The socket side of a stand-in. HTTP is hyper's; the faults are ours.

use std::convert::Infallible;
use std::fmt;
use std::future::pending;
use std::sync::Arc;

use credjob_emulator::Fault;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{Answer, Asked, Plan, StandIn};

/// What a proxy or a login page sends in place of the system.
const HTML: &str = "<!DOCTYPE html><html><body>Bad gateway</body></html>";

/// Accepts connections until the task is aborted, which closes them all.
pub(super) async fn serve(listener: TcpListener, stand_in: Arc<dyn StandIn>, plan: Arc<Plan>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // An error of `accept` concerns one connection.
                if let Ok((stream, _)) = accepted {
                    connections.spawn(converse(stream, Arc::clone(&stand_in), Arc::clone(&plan)));
                }
                while connections.try_join_next().is_some() {}
            }
            () = plan.disconnect.notified() => connections.shutdown().await,
        }
    }
}

async fn converse(stream: TcpStream, stand_in: Arc<dyn StandIn>, plan: Arc<Plan>) {
    let service = service_fn(|request| handle(request, &*stand_in, &plan));
    // An error is a connection that ended early, often on purpose: `Closed`.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn handle(
    request: Request<Incoming>,
    stand_in: &dyn StandIn,
    plan: &Plan,
) -> Result<Response<Full<Bytes>>, Closed> {
    let asked = read(request).await?;
    let Some(fault) = plan.meet(&asked.method, &asked.path) else {
        return response(stand_in.answer(&asked));
    };
    let apply = || stand_in.answer(&asked);
    match fault {
        Fault::Pass => response(apply()),
        Fault::ResponseLost => {
            apply();
            Err(Closed)
        }
        Fault::HangBefore => never().await,
        Fault::HangAfter => {
            apply();
            never().await
        }
        Fault::Status(status) => response(refusal(status)),
        Fault::StatusAfter(status) => {
            apply();
            response(refusal(status))
        }
        Fault::Garbage => response(half(&json!({ "cut": "off" }).to_string())),
        Fault::GarbageAfter => {
            let answer = apply();
            response(half(&String::from_utf8_lossy(&answer.body)))
        }
        Fault::Html => response(Answer::empty(200).with_body("text/html", HTML)),
        // A lost request, and every fault that is younger than this server: no answer is the worst that can happen.
        _ => Err(Closed),
    }
}

async fn never() -> Result<Response<Full<Bytes>>, Closed> {
    match pending::<Infallible>().await {}
}

async fn read(request: Request<Incoming>) -> Result<Asked, Closed> {
    let (head, body) = request.into_parts();
    let headers =
        head.headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    Ok(Asked {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: body.collect().await.map_err(|_| Closed)?.to_bytes().to_vec(),
    })
}

fn response(answer: Answer) -> Result<Response<Full<Bytes>>, Closed> {
    let mut builder = Response::builder().status(StatusCode::from_u16(answer.status).map_err(|_| Closed)?);
    for (name, value) in answer.headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::from(answer.body)).map_err(|_| Closed)
}

/// A status with an error body in nobody's form.
fn refusal(status: u16) -> Answer {
    Answer::json(status, &json!({ "errors": [{ "code": "SCRIPTED", "message": "scripted fault" }] }))
}

/// Status 200 with the first half of a JSON text, which is no JSON.
fn half(text: &str) -> Answer {
    let characters = (text.chars().count() / 2).max(1);
    Answer::empty(200).with_body("application/json", text.chars().take(characters).collect::<String>())
}

/// The connection ends without an answer.
#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed on purpose")
    }
}

impl std::error::Error for Closed {}
