//! What reached the servers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::request::Request;

/// Requests and connections since the last [`Log::take`].
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    connections: usize,
    requests: Vec<Value>,
}

impl Log {
    /// Notes a connection.
    pub(crate) fn connected(&self) {
        self.seen().connections += 1;
    }

    /// Notes a request to `address` and the status of its answer.
    pub(crate) fn asked(&self, address: &str, request: &Request, status: u16) {
        let line = json!({
            "address": address, "method": request.method, "path": request.path, "headers": request.headers,
            "body": String::from_utf8_lossy(&request.body), "status": status,
        });
        self.seen().requests.push(line);
    }

    /// What was noted; counts anew from now on.
    pub(crate) fn take(&self) -> Value {
        let Seen { connections, requests } = std::mem::take(&mut *self.seen());
        json!({"connections": connections, "requests": requests})
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
