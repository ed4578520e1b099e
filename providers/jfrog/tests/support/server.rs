//! The stand-in behind a real socket.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri, header};
use tokio::net::TcpListener;

use super::stand_in::{Asked, StandIn};

/// Serves `platform` on a port of this machine that the system chooses, for as long as the runtime lives.
pub(crate) async fn serve(platform: StandIn) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let routes = Router::new().fallback(answer).with_state(platform);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(address)
}

async fn answer(
    State(platform): State<StandIn>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let (status, body) = platform.answer(Asked {
        method: method.as_str(),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        authorization: headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()),
        body: &body,
    });
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let response = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json").body(body);
    response.expect("a status and a header that are constants of the stand-in")
}
