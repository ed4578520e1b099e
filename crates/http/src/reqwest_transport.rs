//! The transport that touches sockets.

use std::{error::Error, fmt, io, sync::OnceLock, time::Duration};

use reqwest::{Client, redirect};
use rustls::ClientConfig;
use tokio::time::timeout;

use crate::{BoxFuture, Response, Roots, TlsError, Transport, TransportError, WireRequest};
use credjob_contract::is_loopback_host;

/// Bounds name lookup, connection and TLS handshake together. A connection attempt that ends here is certainly not sent,
/// so it is shorter than the shortest slice that publishes (8 s, DESIGN section 6); Linux repeats a lost SYN after 1 and 3 s.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// An answer with a longer body counts as lost. The largest answer a job needs is a secret (a payload of 1 MB, PROTOCOL 1.5,
/// escaped) or a list of tokens.
pub const MAX_BODY: usize = 4 * 1024 * 1024;

/// A connection that was idle for longer is not used again. Servers and balancers close after 60 s and more; a request
/// written into a closing connection ends unknown.
pub const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// Sends over reqwest and rustls: HTTP/1.1, TLS always verified, no redirects, one idle connection per host, proxies from
/// the environment (`HTTPS_PROXY`, `NO_PROXY`) except to this machine.
///
/// Certificates are read and the client is built at the first request, once.
///
/// What counts as not sent: name lookup, connection, proxy tunnel and TLS handshake. Everything after is unknown. hyper
/// sends a request again by itself only when a reused connection was closed before a single byte of it was written;
/// reqwest's own repetition is off.
pub struct ReqwestTransport {
    roots: Roots,
    tls: OnceLock<Result<ClientConfig, TlsError>>,
    remote: OnceLock<Result<Client, TransportError>>,
    local: OnceLock<Result<Client, TransportError>>,
}

impl ReqwestTransport {
    /// A transport that trusts these roots.
    pub fn new(roots: Roots) -> Self {
        Self { roots, tls: OnceLock::new(), remote: OnceLock::new(), local: OnceLock::new() }
    }

    /// Reads the certificates now instead of at the first request. They are read once.
    ///
    /// # Errors
    /// [`TlsError`] if a file is missing or holds no certificate: no request could be sent.
    pub fn prepare(&self) -> Result<(), TlsError> {
        self.tls().map(drop)
    }

    fn tls(&self) -> Result<ClientConfig, TlsError> {
        self.tls.get_or_init(|| self.roots.client_config()).clone()
    }

    /// The client for this host. This machine is never asked through a proxy: plain http is allowed only there, and a
    /// proxy would carry it elsewhere.
    fn client(&self, request: &WireRequest) -> Result<&Client, TransportError> {
        let loopback = request.url.host_str().is_some_and(is_loopback_host);
        let built = if loopback {
            self.local.get_or_init(|| self.build(Client::builder().no_proxy()))
        } else {
            self.remote.get_or_init(|| self.build(Client::builder()))
        };
        built.as_ref().map_err(Clone::clone)
    }

    fn build(&self, builder: reqwest::ClientBuilder) -> Result<Client, TransportError> {
        let tls = self.tls().map_err(|error| TransportError::not_sent(error.to_string()).lasting())?;
        builder
            .tls_backend_preconfigured(tls)
            .user_agent(concat!("credjob/", env!("CARGO_PKG_VERSION")))
            .http1_only()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE_CONNECTION)
            .tcp_nodelay(true)
            .build()
            .map_err(|error| {
                TransportError::not_sent("the HTTP client cannot be built").with_detail(&chain(&error)).lasting()
            })
    }

    async fn exchange(&self, request: &WireRequest) -> Result<Response, TransportError> {
        let mut builder =
            self.client(request)?.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let mut answer = builder.send().await.map_err(send_error)?;
        let declared = answer.content_length().unwrap_or_default();
        if declared > MAX_BODY as u64 {
            return Err(too_large());
        }
        // The cap was checked, so the declared length fits.
        let mut body = Vec::with_capacity(usize::try_from(declared).unwrap_or_default());
        while let Some(chunk) = answer.chunk().await.map_err(body_error)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let headers = std::mem::take(answer.headers_mut());
        Ok(Response::new(answer.status().as_u16(), body).with_headers(headers))
    }
}

impl Transport for ReqwestTransport {
    fn send<'a>(&'a self, request: &'a WireRequest, time: Duration) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move {
            timeout(time, self.exchange(request))
                .await
                .unwrap_or_else(|_| Err(TransportError::unknown(format!("no whole answer within {}", seconds(time)))))
        })
    }
}

/// No whole answer: decides between "not sent" and "unknown".
fn send_error(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let detail = chain(&error);
    if error.is_builder() {
        return TransportError::not_sent("the request cannot be built").with_detail(&detail).lasting();
    }
    if !error.is_connect() {
        return TransportError::unknown("the connection broke before the answer").with_detail(&detail);
    }
    match tls_error(&error) {
        Some(rustls::Error::InvalidCertificate(_)) => TransportError::not_sent(
            "its certificate is not trusted (CREDJOB_CA_FILE names a PEM file of further authorities)",
        )
        .with_detail(&detail)
        .lasting(),
        Some(_) => TransportError::not_sent("no TLS session could be agreed").with_detail(&detail),
        None if error.is_timeout() => {
            TransportError::not_sent(format!("no connection within {}", seconds(CONNECT_TIMEOUT))).with_detail(&detail)
        }
        None if error.is_dns() => TransportError::not_sent("its name is not known").with_detail(&detail),
        None => TransportError::not_sent("no connection").with_detail(&detail),
    }
}

fn body_error(error: reqwest::Error) -> TransportError {
    TransportError::unknown("the answer was cut off").with_detail(&chain(&error.without_url()))
}

fn too_large() -> TransportError {
    TransportError::unknown(format!("the answer is larger than {} MiB", MAX_BODY / (1024 * 1024))).lasting()
}

/// The TLS library's error inside, wherever it stands.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // An I/O error hides what it wraps from `source`.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// The whole chain as one text, for the log.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let part = error.to_string();
        // hyper's layers repeat each other.
        if !text.ends_with(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        next = error.source();
    }
    text
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").field("roots", &self.roots).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
