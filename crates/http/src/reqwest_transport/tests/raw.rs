//! Servers below HTTP: they read requests and write scripted bytes.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use rustls::{ServerConfig, ServerConnection, pki_types::PrivateKeyDer};
use tempfile::TempDir;

/// Reads one request per scripted answer, then closes the connection.
pub(super) struct RawServer {
    url: String,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
}

impl RawServer {
    /// One list of answers for each connection. The thread ends with the last connection.
    pub(super) fn start<const N: usize>(script: [Vec<String>; N]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let counts = Arc::new(Counts::default());
        let seen = Arc::clone(&counts);
        thread::spawn(move || {
            for answers in script {
                let (mut stream, _) = listener.accept().unwrap();
                seen.connections.fetch_add(1, Ordering::SeqCst);
                for answer in answers {
                    if !read_request(&mut stream) {
                        break;
                    }
                    seen.requests.fetch_add(1, Ordering::SeqCst);
                    stream.write_all(answer.as_bytes()).unwrap();
                }
            }
        });
        Self { url, counts }
    }

    /// The URL of a port on which nobody listens.
    pub(super) fn closed_port() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    pub(super) fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }
}

/// Reads one request, writes a head, and then the same piece again and again.
pub(super) struct Endless {
    url: String,
    thread: thread::JoinHandle<usize>,
}

impl Endless {
    /// Pauses after each piece. Stops after `most` bytes of them, and then only waits; or when the client closes the connection.
    pub(super) fn start(head: &str, piece: &str, most: usize, pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (head, piece) = (head.to_owned(), piece.to_owned());
        let thread = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            if !read_request(&mut stream) || stream.write_all(head.as_bytes()).is_err() {
                return 0;
            }
            let mut written = 0;
            while written < most && stream.write_all(piece.as_bytes()).is_ok() {
                written += piece.len();
                thread::sleep(pause);
            }
            // Ends when the client does.
            let _ = stream.read(&mut [0]);
            written
        });
        Self { url, thread }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// How many bytes of pieces the system took, once the client has closed the connection.
    pub(super) fn written(self) -> usize {
        self.thread.join().unwrap()
    }
}

/// A server with a certificate of its own, for 127.0.0.1.
pub(super) struct TlsServer {
    url: String,
    certificate: PathBuf,
    _folder: TempDir,
}

impl TlsServer {
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn certificate(&self) -> &Path {
        &self.certificate
    }
}

/// Answers two connections; handshakes that fail count.
pub(super) fn tls_server() -> TlsServer {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("ca.pem");
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(crate::tls::provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for _ in 0..2 {
            let (mut socket, _) = listener.accept().unwrap();
            let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::Stream::new(&mut session, &mut socket);
            if read_request(&mut stream) {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nover tls").unwrap();
            }
        }
    });
    TlsServer { url, certificate, _folder: folder }
}

/// Reads a request without a body; false if the client closed or broke the session.
fn read_request(stream: &mut impl Read) -> bool {
    let mut seen = Vec::new();
    let mut byte = [0];
    while !seen.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => seen.push(byte[0]),
            _ => return false,
        }
    }
    true
}
