//! The accept loop. It is our own because a scripted fault has to close one connection without an answer.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;

use crate::answer::Answer;
use crate::errors::ServiceError;
use crate::service::{Origin, Outcome, Service};

/// Largest request body: a payload of 1 MB (PROTOCOL 1.5), escaped, with room.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// Pause after a failed accept, e.g. when file descriptors ran out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Accepts connections until it is told to close, or nobody can tell it any more. All of them are closed when it ends.
pub(crate) async fn serve(listener: TcpListener, service: Service, mut close: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    number += 1;
                    connections.spawn(serve_connection(stream, number, service.clone()));
                }
                Err(error) => {
                    tracing::debug!(%error, "accept failed");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = &mut close => break,
        }
    }
    connections.shutdown().await;
}

async fn serve_connection(stream: TcpStream, number: u64, service: Service) {
    // Without a delay for small packets, and an error here means that the client has gone.
    let _ = stream.set_nodelay(true);
    let close = Arc::new(Notify::new());
    let handler = service_fn(|request| answer(request, number, service.clone(), Arc::clone(&close)));
    let connection = http1::Builder::new().header_read_timeout(None).serve_connection(TokioIo::new(stream), handler);
    tokio::select! {
        // Clients may go away at any time; that is no error of the emulator.
        _ = connection => {}
        // Dropping the connection closes its socket, whatever the state of the answer.
        () = close.notified() => {}
    }
}

async fn answer(
    request: Request<Incoming>,
    number: u64,
    service: Service,
    close: Arc<Notify>,
) -> Result<Response<Body>, Infallible> {
    let (parts, body) = request.into_parts();
    // The body is read before a fault strikes, so that a lost answer is a clean end and no reset of unread bytes.
    let Ok(body) = axum::body::to_bytes(Body::new(body), BODY_LIMIT).await else {
        let error = ServiceError::bad_request("the body is too long or was cut off");
        return Ok(Answer::refusal(&error).into_response());
    };
    match service.handle(Origin::Connection(number), Request::from_parts(parts, body)).await {
        Outcome::Answer(response) => Ok(response),
        Outcome::Close => {
            close.notify_one();
            pending().await
        }
        Outcome::Hang => pending().await,
    }
}
