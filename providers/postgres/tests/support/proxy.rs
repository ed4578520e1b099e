//! A TCP proxy before the server that drops, delays and cuts at chosen points.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Which way a chunk of bytes goes. A chunk is what one read gives: under TLS a flight of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    ToServer,
    ToClient,
}

/// What happens to a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection is closed both ways, and the chunk is lost.
    Cut,
    /// The chunk arrives, then the connection is closed both ways.
    CutAfter,
    /// The chunk and all that follows are held back until the client leaves.
    Hang,
    /// The chunk waits a while.
    Delay(Duration),
}

/// A point in the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// A chunk of the first connection, counted from 0. How bytes fall into chunks varies a little.
    Chunk(Way, usize),
    /// The n-th large request of the first connection, counted from 1: the question, then the transaction.
    Request(usize),
    /// The first chunk to the client after that request.
    Answer(usize),
}

/// A request of this many bytes is large; no part of the handshake and the login is.
const LARGE: usize = 700;

pub(crate) struct Proxy {
    pub(crate) port: u16,
    shared: Arc<Shared>,
    reached: Mutex<Receiver<()>>,
}

struct Shared {
    to: u16,
    fault: Option<(Point, Fault)>,
    closed: AtomicBool,
    connections: AtomicUsize,
    /// The highest number of chunks of the first connection, each way.
    chunks: [AtomicUsize; 2],
    /// How many large requests the first connection had.
    large: AtomicUsize,
    /// A fault happens once.
    happened: AtomicBool,
    reached: Mutex<Sender<()>>,
}

impl Proxy {
    /// A proxy before the server on `to`, with one fault at most.
    pub(crate) fn start(to: u16, fault: Option<(Point, Fault)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (sender, receiver) = channel();
        let shared = Arc::new(Shared {
            to,
            fault,
            closed: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            chunks: Default::default(),
            large: AtomicUsize::new(0),
            happened: AtomicBool::new(false),
            reached: Mutex::new(sender),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let number = accepting.connections.fetch_add(1, Ordering::SeqCst);
                if accepting.closed.load(Ordering::SeqCst) {
                    continue;
                }
                // A server that is down closes the client's connection.
                if let Ok(server) = TcpStream::connect(("127.0.0.1", accepting.to)) {
                    accepting.join(number, &client, &server);
                }
            }
        });
        Self { port, shared, reached: Mutex::new(receiver) }
    }

    /// How many connections came.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many chunks the first connection had.
    pub(crate) fn chunks(&self, way: Way) -> usize {
        self.shared.chunks[way as usize].load(Ordering::SeqCst)
    }

    /// Whether every later connection is closed at once.
    pub(crate) fn set_closed(&self, closed: bool) {
        self.shared.closed.store(closed, Ordering::SeqCst);
    }

    /// Waits until the point of the fault is reached.
    pub(crate) fn wait(&self) {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        reached.recv_timeout(Duration::from_secs(20)).expect("the point is reached");
    }
}

impl Shared {
    fn join(self: &Arc<Self>, number: usize, client: &TcpStream, server: &TcpStream) {
        for (way, from, to) in [(Way::ToServer, client, server), (Way::ToClient, server, client)] {
            let _ = from.set_nodelay(true);
            let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) else { return };
            let shared = Arc::clone(self);
            std::thread::spawn(move || {
                let _ = shared.carry(number, way, &from, &to);
                let _ = from.shutdown(Shutdown::Both);
                let _ = to.shutdown(Shutdown::Both);
            });
        }
    }

    fn carry(&self, number: usize, way: Way, mut from: &TcpStream, mut to: &TcpStream) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        for chunk in 0.. {
            let length = from.read(&mut buffer)?;
            if length == 0 {
                return Ok(());
            }
            let fault = if number == 0 { self.fault_at(way, chunk, length) } else { None };
            match fault {
                Some(Fault::Cut) => return Ok(()),
                Some(Fault::Hang) => {
                    // Reads on, so that it notices when this side leaves.
                    while from.read(&mut buffer)? > 0 {}
                    return Ok(());
                }
                Some(Fault::Delay(time)) => std::thread::sleep(time),
                Some(Fault::CutAfter) | None => {}
            }
            to.write_all(&buffer[..length])?;
            if fault == Some(Fault::CutAfter) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The fault of this chunk of the first connection, if its point is reached.
    fn fault_at(&self, way: Way, chunk: usize, length: usize) -> Option<Fault> {
        self.chunks[way as usize].fetch_max(chunk + 1, Ordering::SeqCst);
        let is_request = way == Way::ToServer && length >= LARGE;
        let large = self.large.fetch_add(usize::from(is_request), Ordering::SeqCst) + usize::from(is_request);
        let (point, fault) = self.fault?;
        let here = match point {
            Point::Chunk(its_way, number) => (its_way, number) == (way, chunk),
            Point::Request(number) => is_request && large == number,
            Point::Answer(number) => way == Way::ToClient && large == number,
        };
        if !here || self.happened.swap(true, Ordering::SeqCst) {
            return None;
        }
        let _ = self.reached.lock().unwrap_or_else(PoisonError::into_inner).send(());
        Some(fault)
    }
}
