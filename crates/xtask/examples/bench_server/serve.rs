//! Connections of one server, each until its other side ends it.

use std::io::{BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use crate::answer::answer;
use crate::log::Log;
use crate::request;

/// Connections at a time. The threads never end: the kernel forgets the CPU time of a thread that has ended.
const WORKERS: usize = 4;

/// What every server of a run shares.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) login: Arc<Value>,
    /// How long each request waits for its answer.
    pub(crate) delay: Duration,
    /// TLS; plain HTTP without it.
    pub(crate) tls: Option<Arc<ServerConfig>>,
    pub(crate) log: Arc<Log>,
}

/// Listens on a free port of 127.0.0.1 and returns the address.
pub(crate) fn listen(service: &Service) -> Result<String, String> {
    let cannot = |error: std::io::Error| format!("cannot listen: {error}");
    let listener = Arc::new(TcpListener::bind("127.0.0.1:0").map_err(cannot)?);
    let scheme = if service.tls.is_some() { "https" } else { "http" };
    let address = format!("{scheme}://{}", listener.local_addr().map_err(cannot)?);
    for _ in 0..WORKERS {
        let (listener, service, address) = (Arc::clone(&listener), service.clone(), address.clone());
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                service.log.connected();
                // An answer that waits for the other side's delayed ACK would cost 40 ms (SERVERS 4).
                let _ = stream.set_nodelay(true);
                service.connection(stream, &address);
            }
        });
    }
    Ok(address)
}

impl Service {
    fn connection(&self, stream: TcpStream, address: &str) {
        let Some(tls) = &self.tls else { return self.requests(stream, address) };
        // A handshake that fails is the client's to report.
        if let Ok(connection) = ServerConnection::new(Arc::clone(tls)) {
            self.requests(StreamOwned::new(connection, stream), address);
        }
    }

    fn requests(&self, stream: impl Read + Write, address: &str) {
        let mut stream = BufReader::new(stream);
        while let Some(request) = request::read(&mut stream) {
            let (status, body) = answer(&request, &self.login);
            self.log.asked(address, &request, status);
            thread::sleep(self.delay);
            let body = body.to_string();
            let length = body.len();
            let reply = format!(
                "HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
            );
            let writer = stream.get_mut();
            if writer.write_all(reply.as_bytes()).and_then(|()| writer.flush()).is_err() {
                return;
            }
        }
    }
}
