//! The port that an emulator listens on: open, or closed for a while.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::emulator_error::EmulatorError;
use crate::server::serve;
use crate::service::Service;

/// Connections that may wait for a reopened port to accept them; what tokio gives a listener.
const BACKLOG: u32 = 1024;

/// How long a closed listener may still be open in a child process that is about to become another program, and how long to
/// wait before the next look: such a child drops it within milliseconds, a busy machine included.
const CHILDREN_NEED: Duration = Duration::from_secs(2);
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// A port of 127.0.0.1 that serves one service. Dropped, it closes itself and every connection.
#[derive(Debug)]
pub(crate) struct Port {
    address: SocketAddr,
    service: Service,
    door: Mutex<Door>,
}

#[derive(Debug)]
enum Door {
    /// Serving until the sender says so, or is gone.
    Open(oneshot::Sender<()>, JoinHandle<()>),
    /// Bound, so that nobody else gets the port, but not listening: connections are refused.
    Closed(TcpSocket),
    /// On its way from one to the other, or given up.
    Gone,
}

impl Port {
    /// Takes a port, or any free one for 0. Nothing is served yet, but connections wait.
    pub(crate) async fn listen(port: u16) -> Result<(TcpListener, SocketAddr), EmulatorError> {
        let cannot_listen = |source| EmulatorError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        Ok((listener, address))
    }

    /// Serves on the current tokio runtime.
    pub(crate) fn open(listener: TcpListener, address: SocketAddr, service: Service) -> Self {
        let door = Mutex::new(Door::open(listener, &service));
        Self { address, service, door }
    }

    /// Closes the port and every connection, and keeps the port for [`Port::reopen`]. Nothing happens unless it is open.
    pub(crate) async fn close(&self) -> Result<(), EmulatorError> {
        if self.shut().await {
            let socket = self.reserve().await.map_err(|source| self.cannot_listen(source))?;
            *self.door() = Door::Closed(socket);
        }
        Ok(())
    }

    /// Listens again. Nothing happens unless it was closed.
    pub(crate) fn reopen(&self) -> Result<(), EmulatorError> {
        let mut door = self.door();
        *door = match std::mem::replace(&mut *door, Door::Gone) {
            Door::Closed(socket) => {
                let listener = socket.listen(BACKLOG).map_err(|source| self.cannot_listen(source))?;
                Door::open(listener, &self.service)
            }
            other => other,
        };
        Ok(())
    }

    /// Closes the port and every connection for good.
    pub(crate) async fn give_up(&self) {
        self.shut().await;
        *self.door() = Door::Gone;
    }

    /// Whether it was open. Afterwards the listener and all connections are gone.
    async fn shut(&self) -> bool {
        let serving = {
            let mut door = self.door();
            match std::mem::replace(&mut *door, Door::Gone) {
                Door::Open(close, serving) => {
                    // An error would mean that it has closed by itself.
                    let _ = close.send(());
                    serving
                }
                other => {
                    *door = other;
                    return false;
                }
            }
        };
        // An error would mean that the runtime is going down.
        let _ = serving.await;
        true
    }

    /// Takes the port right after the listener has left it.
    async fn reserve(&self) -> io::Result<TcpSocket> {
        let started = Instant::now();
        loop {
            let socket = TcpSocket::new_v4()?;
            // Clients that were cut off may still hold their ends.
            socket.set_reuseaddr(true)?;
            match socket.bind(self.address) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && started.elapsed() < CHILDREN_NEED => {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                bound => return bound.map(|()| socket),
            }
        }
    }

    fn cannot_listen(&self, source: io::Error) -> EmulatorError {
        EmulatorError::Listen { port: self.address.port(), source }
    }

    fn door(&self) -> MutexGuard<'_, Door> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Door {
    fn open(listener: TcpListener, service: &Service) -> Self {
        let (close, closed) = oneshot::channel();
        Self::Open(close, tokio::spawn(serve(listener, service.clone(), closed)))
    }
}
